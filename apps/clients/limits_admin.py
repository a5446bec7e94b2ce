"""The list of ceilings, of the firm and of clients."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.clients.models import Client, Limits
from apps.core.admin import RememberedAdmin
from apps.people.models import User


@admin.register(Limits)
class LimitsAdmin(RememberedAdmin):
    """Ceilings: the firm's own are set by administrators, those of a client by its reviewers."""

    list_display = ("whose", "automatic_up_to", "four_eyes_above", "untouched")
    list_select_related = ("client",)
    fieldsets = (
        (
            None,
            {
                "fields": ("client", "automatic_up_to", "four_eyes_above", "untouched"),
                "description": _(
                    "Amounts are with VAT, in the currency of the administration. The firm's limits and those of a "
                    "client hold together: of two amounts the lower, of two numbers of bookings the higher. An empty "
                    "field sets no limit."
                ),
            },
        ),
    )
    ordering = (F("client__name").asc(nulls_first=True),)

    def has_change_permission(self, request: HttpRequest, obj: Limits | None = None) -> bool:
        """Tell whether somebody may change these limits."""
        is_firms = obj is not None and obj.client_id is None
        may = super().has_change_permission(request, obj)
        return bool(may and (not is_firms or _sees_everything(request)))

    def get_readonly_fields(self, request: HttpRequest, obj: Limits | None = None) -> tuple[str, ...]:
        """Keep whose limits they are: others are another row."""
        return ("client",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the whole firm to administrators only."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.remote_field.model is Client:
            field.required = not _sees_everything(request)
            field.empty_label = str(_("the whole firm")) if not field.required else None
        return field

    @admin.display(description=_("whose"), ordering="client__name")
    def whose(self, limits: Limits) -> str:
        """The client, or the whole firm."""
        return str(limits)


def _sees_everything(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.sees_everything
