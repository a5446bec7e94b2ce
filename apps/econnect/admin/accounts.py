"""Our accounts at eConnect, with the hook, and what the hook told."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core import clock, queue
from apps.core.admin import ReadOnlyAdmin, RememberedAdmin
from apps.econnect import hooks
from apps.econnect.forms import AccountForm
from apps.econnect.models import Account, HookCall
from apps.econnect.registration import NotConfigured, default_account

ACTS = {  # what a button rings, and what the page says then
    "check": ("apps.econnect.tasks.check_account", _("It is being looked at; look again in a minute.")),
    "register": (
        "apps.econnect.tasks.register_hook",
        _("The hook is being registered; look again in a minute."),
    ),
    "secret": (
        "apps.econnect.tasks.change_secret",
        _("The hook is getting a new secret; look again in a minute."),
    ),
    "refresh": (
        "apps.econnect.tasks.refresh_parties",
        _("The parties are being read; look again in a minute."),
    ),
}


@admin.register(Account)
class AccountAdmin(RememberedAdmin):
    """The firm's account, which mirrors the environment, and those of clients that have a user of their own."""

    form = AccountForm
    list_display = ("name", "client", "state", "hook_state", "checked_at")
    list_select_related = ("client",)
    change_form_before_template = "admin/econnect/account.html"
    change_form_outer_after_template = "admin/econnect/account_acts.html"
    fields = ("client", "username", "new_password")

    def has_change_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        """The firm's account is changed in the environment."""
        return not (obj and obj.client_id is None) and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Account | None = None) -> Any:
        """Leave the password out where nothing can be changed."""
        if self.has_change_permission(request, obj):
            return self.fields
        return ("name", "base_url", "identity_url", "app_id", "username")

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> Any:
        """A user at eConnect stays with its client."""
        return ("client",) if obj and obj.client_id and self.has_change_permission(request, obj) else ()

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the buttons."""
        view = self.admin_site.admin_view(self.act_view)
        own = [path(f"<int:key>/{act}/", view, {"act": act}, name=f"econnect_account_{act}") for act in ACTS]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the accounts; the firm's is made here when the environment describes it."""
        if request.method == "GET" and self.has_change_permission(request):
            try:
                default_account()
            except NotConfigured as refused:
                messages.warning(request, str(refused))
        page: HttpResponse = super().changelist_view(request, extra_context)
        return page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one account: how its token and its hook stand."""
        account = self.get_object(request, object_id)
        context = {**(_standing(account) if account else {}), **(extra_context or {})}
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def act_view(self, request: HttpRequest, key: int, act: str) -> HttpResponse:
        """Ask a worker to do what the button says."""
        if request.method != "POST" or not request.user.has_perm("econnect.change_account"):
            raise PermissionDenied
        account = get_object_or_404(self.get_queryset(request), pk=key)
        task, words = ACTS[act]
        queue.ring(task, account.pk)
        messages.success(request, words)
        return redirect("admin:econnect_account_change", account.pk)

    @admin.display(description=_("access"))
    def state(self, account: Account) -> str:
        """Whether eConnect lets the account in, as a word with its colour."""
        if account.trouble:
            return format_html('<span class="pk-chip pk-poor">{}</span>', _("in trouble"))
        if account.checked_at:
            return format_html('<span class="pk-chip pk-good">{}</span>', _("works"))
        return format_html('<span class="pk-chip pk-plain">{}</span>', _("not tried yet"))

    @admin.display(description=_("hook"))
    def hook_state(self, account: Account) -> str:
        """How the hook stands; a client's account has none of its own."""
        if account.client_id:
            return "-"
        if account.hook_trouble:
            return format_html('<span class="pk-chip pk-poor">{}</span>', _("in trouble"))
        if account.hook_id:
            return format_html('<span class="pk-chip pk-good">{}</span>', _("active"))
        return format_html('<span class="pk-chip pk-plain">{}</span>', _("not registered"))


def _standing(account: Account) -> dict[str, Any]:
    last = account.hook_calls.order_by("-received_at").first()
    return {
        "account": account,
        "has_token": bool(account.token_until and account.token_until > clock.now()),
        "hook_address": hooks.address(account) if hooks.is_possible() else "",
        "is_changing": bool(account.hook_former_secret),
        "last_call": last,
        "party_count": account.parties.filter(is_gone=False).count(),
    }


@admin.register(HookCall)
class HookCallAdmin(ReadOnlyAdmin):
    """Calls of the hook as they came in, newest first."""

    list_display = ("topic", "party_id", "document_id", "sent_on", "received_at", "outcome")
    list_filter = ("topic",)
    search_fields = ("document_id", "party_id")
    ordering = ("-pk",)
    fields = ("topic", "party_id", "document_id", "sent_on", "received_at", "handled_at", "outcome", "body")
