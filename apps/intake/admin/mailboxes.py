"""Mailboxes: how each is reached, what is wrong with it, and the address of each administration in it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Administration
from apps.core import queue
from apps.core.admin import RememberedAdmin, VisibleFilter
from apps.intake import addressed, door_views
from apps.intake.mailbox_form import MailboxForm
from apps.intake.models import Mailbox

SHOWN = 500  # addresses on one page


@admin.register(Mailbox)
class MailboxAdmin(RememberedAdmin):
    """Mailboxes that are read over IMAP."""

    form = MailboxForm
    list_display = ("address", "for_whom", "named", "standing", "checked_at")
    list_filter = ("is_open", ("administration", VisibleFilter))
    list_select_related = ("administration",)
    search_fields = ("address", "host", "username")
    ordering = ("address",)
    fieldsets = (
        (None, {"fields": (("address", "administration"), "is_open")}),
        (_("Mail server"), {"fields": (("host", "port", "security"), ("username", "new_password"))}),
        (_("Folders"), {"fields": (("inbox", "done_folder", "failed_folder"),)}),
    )
    change_form_before_template = "admin/intake/mailbox/standing.html"
    change_form_outer_after_template = "admin/intake/mailbox/test.html"

    def get_fieldsets(self, request: HttpRequest, obj: Mailbox | None = None) -> Any:
        """Leave the password out where nothing can be changed."""
        if self._may_write(request, obj):
            return self.fieldsets
        server = {"fields": ("host", "port", "security", "username")}
        return (self.fieldsets[0], (_("Mail server"), server), self.fieldsets[2])

    def _may_write(self, request: HttpRequest, obj: Mailbox | None) -> bool:
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return bool(may)

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the button that looks now."""
        view = self.admin_site.admin_view(door_views.look_now)
        return [
            path("<int:key>/look/", view, {"model_admin": self}, name="intake_mailbox_look"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Mailbox, form: Any, change: bool) -> None:
        """Keep it, and look at once whether it works."""
        super().save_model(request, obj, form, change)
        if obj.is_open:
            queue.ring("apps.intake.tasks.read_mailbox", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one mailbox: what is wrong with it, and the addresses that it has."""
        mailbox = self.get_object(request, object_id)
        context = {**_standing(mailbox, request), **(extra_context or {})} if mailbox else extra_context
        if mailbox:
            context["may_look"] = self.has_change_permission(request, mailbox)
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    @admin.display(description=_("administration"), ordering="administration__name")
    def for_whom(self, mailbox: Mailbox) -> str:
        """For which administration it is."""
        return str(mailbox.administration or _("of the whole firm"))

    @admin.display(description=_("address of an administration"))
    def named(self, mailbox: Mailbox) -> str:
        """The address to give to suppliers."""
        if mailbox.administration:
            return mailbox.address
        local, _at, domain = mailbox.address.partition("@")
        return f"{local}+{_('short-name')}@{domain}"

    @admin.display(description=_("state"))
    def standing(self, mailbox: Mailbox) -> str:
        """Whether it works, as a word with its colour."""
        return format_html('<span class="pk-chip pk-{}">{}</span>', *_level(mailbox))


def _level(mailbox: Mailbox) -> tuple[str, str]:
    if not mailbox.is_open:
        return "plain", gettext("closed")
    if mailbox.trouble:
        return "poor", mailbox.trouble
    return ("good", gettext("works")) if mailbox.checked_at else ("fair", gettext("not looked at yet"))


def _standing(mailbox: Mailbox, request: HttpRequest) -> dict[str, Any]:
    rows = Administration.objects.visible_to(request.user).order_by("name")
    if mailbox.administration_id:
        rows = rows.filter(pk=mailbox.administration_id)
    addresses = [(row, addressed.address_of(mailbox, row)) for row in rows[:SHOWN]]
    return {"mailbox": mailbox, "addresses": addresses}
