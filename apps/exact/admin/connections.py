"""Our registrations at Exact, and the token chains of the people who signed in."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.admin import ReadOnlyAdmin, RememberedAdmin
from apps.exact.models import Connection, ExactApp


@admin.register(ExactApp)
class ExactAppAdmin(RememberedAdmin):
    """Our registrations at Exact. Secrets are never shown."""

    list_display = ("name", "country", "base_url", "is_default")
    fields = ("name", "country", "base_url", "client_id", "redirect_uri", "is_default")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Registrations come from the environment."""
        return False


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin, RememberedAdmin):
    """Token chains; *Connect to Exact Online* makes and mends them."""

    list_display = ("user_name", "app", "working", "owner", "connected_at", "expires_at")
    list_select_related = ("app", "owner")
    list_before_template = "admin/exact/connect.html"
    fields = ("user_name", "app", "status", "trouble", "owner", "connected_at", "issued_at", "expires_at")

    @admin.display(description=_("working"), boolean=True)
    def working(self, connection: Connection) -> bool:
        """Whether the chain can still be used without trouble."""
        return connection.status == "alive" and not connection.trouble
