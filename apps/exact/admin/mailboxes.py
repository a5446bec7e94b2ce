"""Digital mailboxes: how each stands, what to do about it, and the buttons that do it."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Administration, Package
from apps.core import queue
from apps.core.admin import ChoiceFilter, RememberedAdmin, VisibleFilter
from apps.exact import mailbox_checklist, mailbox_making, mailbox_naming, mailbox_words
from apps.exact.mailbox_words import Act, NoAddress
from apps.exact.models import DigitalMailbox, MailboxState
from apps.people.models import User


@admin.register(DigitalMailbox)
class DigitalMailboxAdmin(RememberedAdmin):
    """Digital mailboxes. By hand only how documents are put into one; the rest is Exact's, or done by buttons."""

    list_display = ("address", "administration", "stands", "bound_to", "checked_at")
    list_filter = (("administration", VisibleFilter), ("state", ChoiceFilter), "sent_by")
    list_select_related = ("administration",)
    search_fields = ("address", "administration__name")
    ordering = ("administration__name",)
    fields = (("administration", "address"), ("checked_at", "check_at"), "sent_by")
    readonly_fields = ("administration", "address", "checked_at", "check_at")
    change_form_before_template = "admin/exact/mailbox.html"
    change_form_outer_after_template = "admin/exact/mailbox_acts.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A mailbox is set up from the page of its administration."""
        return False

    def save_model(self, request: HttpRequest, obj: DigitalMailbox, form: Any, change: bool) -> None:
        """Save how documents are put into it; what waited for its mailbox may go on now."""
        super().save_model(request, obj, form, change)
        queue.ring("mailbox_changed", obj.administration_id)

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the buttons."""
        site = self.admin_site
        own = [
            path(
                "set-up/<int:administration_id>/",
                site.admin_view(self.set_up_view),
                name="exact_digitalmailbox_set_up",
            ),
            path("<int:key>/act/", site.admin_view(self.act_view), name="exact_digitalmailbox_act"),
            path(
                "<int:key>/confirm/", site.admin_view(self.confirm_view), name="exact_digitalmailbox_confirm"
            ),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one mailbox: how it stands, what to do, and its checklist."""
        mailbox = self.get_object(request, object_id)
        context = {**(_standing(mailbox) if mailbox else {}), **(extra_context or {})}
        context["may_change"] = bool(mailbox) and self.has_change_permission(request, mailbox)
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def set_up_view(self, request: HttpRequest, administration_id: int) -> HttpResponse:
        """Go to the mailbox of an administration, which is written down when it is not yet; nothing is sent."""
        visible = Administration.objects.visible_to(request.user)
        administration = get_object_or_404(visible, pk=administration_id)
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        try:
            mailbox = mailbox_naming.set_up(administration)
        except NoAddress as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:clients_administration_change", administration.pk)
        return redirect("admin:exact_digitalmailbox_change", mailbox.pk)

    def act_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Do what a button says: a worker asks Exact."""
        mailbox, act = self._to_change(request, key), request.POST.get("act", "")
        if act not in Act:
            raise Http404
        by = cast(User, request.user)
        try:
            _act(mailbox, act, by)
        except NoAddress as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:exact_digitalmailbox_change", key)
        queue.ring(mailbox_making.LOOK, mailbox.pk)
        messages.success(
            request, _("Exact Online is being asked; this page says what came of it in a minute.")
        )
        return redirect("admin:exact_digitalmailbox_change", key)

    def confirm_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Keep that somebody saw in Exact that a point of the checklist is in order."""
        mailbox = self._to_change(request, key)
        try:
            mailbox_checklist.confirm(mailbox, request.POST.get("field", ""), by=cast(User, request.user))
        except KeyError as error:
            raise Http404 from error
        queue.ring("mailbox_changed", mailbox.administration_id)
        messages.success(request, _("Kept, with your name and today's date."))
        return redirect("admin:exact_digitalmailbox_change", key)

    def _to_change(self, request: HttpRequest, key: int) -> DigitalMailbox:
        mailbox: DigitalMailbox = get_object_or_404(self.get_queryset(request), pk=key)
        if request.method != "POST" or not self.has_change_permission(request, mailbox):
            raise PermissionDenied
        return mailbox

    @admin.display(description=_("status"), ordering="state")
    def stands(self, mailbox: DigitalMailbox) -> str:
        """How it stands, as a word with its colour."""
        level = mailbox_words.ADVICE[mailbox.state].level
        return format_html('<span class="pk-chip pk-{}">{}</span>', level, MailboxState(mailbox.state).label)

    @admin.display(description=_("bound to division"), ordering="for_division")
    def bound_to(self, mailbox: DigitalMailbox) -> str:
        """The number of the division that Exact bound it to."""
        return str(mailbox.for_division or "-")


def _act(mailbox: DigitalMailbox, act: str, by: User) -> None:
    if act == Act.DONE:
        mailbox.say_made(by=by)
    elif act == Act.USE:
        mailbox_naming.use(mailbox, by=by)
    elif act in (Act.CREATE, Act.RETRY, Act.OWN):
        mailbox_naming.ask(mailbox, by=by, declines=act == Act.OWN)


def _standing(mailbox: DigitalMailbox) -> dict[str, Any]:
    """What the page tells besides the row itself."""
    ours = mailbox_naming.division_of(mailbox.administration)
    advice = mailbox_checklist.advice(mailbox)
    is_elsewhere = mailbox.state == MailboxState.ELSEWHERE
    theirs = mailbox_making.other_division(mailbox)
    return {
        "mailbox": mailbox,
        "advice": advice,
        "linked": ours,
        "bound": mailbox_words.bound_words(str(ours), theirs) if is_elsewhere and ours else "",
        "steps": mailbox_words.STEPS if advice.by_hand else (),
        "points": mailbox_checklist.points(mailbox),
        "is_globe": mailbox.administration.package == Package.EXACT_GLOBE,
    }
