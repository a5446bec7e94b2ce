"""Our registrations at Exact, and the token chains of the people who signed in."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ReadOnlyAdmin, RememberedAdmin
from apps.exact import budget, lookout
from apps.exact.forms import ExactAppForm
from apps.exact.losses import REMEDIES, Loss
from apps.exact.models import Connection, ConnectionStatus, ExactApp

_LEVELS = {ConnectionStatus.ALIVE: "good", ConnectionStatus.UNSURE: "fair"}


@admin.register(ExactApp)
class ExactAppAdmin(RememberedAdmin):
    """Our registrations at Exact: one for each country. That of the environment is changed there."""

    form = ExactAppForm
    list_display = ("name", "country", "base_url", "is_default")
    fields = ("name", "country", "client_id", "new_client_secret", "new_webhook_secret", "redirect_uri")

    def has_change_permission(self, request: HttpRequest, obj: ExactApp | None = None) -> bool:
        """The default registration mirrors the environment."""
        return not (obj and obj.is_default) and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: ExactApp | None = None) -> Any:
        """Leave the secrets out where nothing can be changed."""
        if self.has_change_permission(request, obj):
            return self.fields
        return ("name", "country", "base_url", "client_id", "redirect_uri", "is_default")


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin, RememberedAdmin):
    """Token chains; *Connect to Exact Online* makes and mends them."""

    list_display = ("user_name", "app", "state", "owner", "connected_at", "expires_at")
    list_select_related = ("app", "owner")
    list_before_template = "admin/exact/connect.html"
    change_form_before_template = "admin/exact/connection.html"
    change_form_outer_after_template = "admin/exact/try.html"
    fields = ("user_name", "app", "status", "owner", "connected_at", "issued_at", "expires_at")

    @admin.display(description=_("status"), ordering="status")
    def state(self, connection: Connection) -> str:
        """The status as a word with its colour."""
        level = _LEVELS.get(ConnectionStatus(connection.status), "poor")
        label = connection.remedy.sentence if connection.remedy else connection.get_status_display()
        return format_html('<span class="pk-chip pk-{}">{}</span>', level, label)

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the button that tries once more."""
        view = self.admin_site.admin_view(self.try_view)
        return [path("<int:key>/try/", view, name="exact_connection_try"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the chains, and a way to sign in at each registration."""
        context = {"registrations": ExactApp.objects.visible_to(request.user), **(extra_context or {})}
        page: HttpResponse = super().changelist_view(request, context)
        return page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one chain: what is wrong with it, what to do, and what can be called in its divisions."""
        row = self.get_object(request, object_id)
        context = {**_standing(row), **(extra_context or {})} if row else extra_context
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def try_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask a worker to try this chain now, and not at its own time."""
        if request.method != "POST" or not request.user.has_perm("exact.change_connection"):
            raise PermissionDenied
        connection = get_object_or_404(self.get_queryset(request), pk=key)
        if lookout.try_again(connection):
            messages.success(request, _("It is tried now; look again in a minute."))
        else:
            messages.info(request, _("A new try cannot help now. Sign in again, or wait for the next try."))
        return redirect("admin:exact_connection_change", key)


def _standing(row: Connection) -> dict[str, Any]:
    divisions = row.divisions.select_related("administration", "window").order_by("name")
    return {
        "chain": row,
        "remedy": row.remedy,
        "can_try": row.status in (ConnectionStatus.UNSURE, ConnectionStatus.BLOCKED)
        or row.loss == Loss.SECRET,
        "reached": [
            (division, budget.weather_of(getattr(division, "window", None)), REMEDIES.get(division.refused))
            for division in divisions
        ],
    }
