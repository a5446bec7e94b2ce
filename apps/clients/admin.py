"""Clients, their administrations, and who works for whom."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.clients.forms import IdentifierForm
from apps.clients.models import Administration, AdministrationIdentifier, Assignment, Client
from apps.core.admin import ChoiceFilter, RememberedAdmin, TabularInline, VisibleFilter
from apps.people.admin import StaffAdmin


class AssignmentInline(TabularInline):
    """Who works for a client, or for which clients somebody works."""

    model = Assignment
    verbose_name = _("assignment")
    verbose_name_plural = _("works for")


class IdentifierInline(TabularInline):
    """The numbers by which the outside world addresses an administration."""

    model = AdministrationIdentifier
    form = IdentifierForm


StaffAdmin.inlines = (AssignmentInline,)


@admin.register(Client)
class ClientAdmin(RememberedAdmin):
    """The firm's customers."""

    list_display = ("name", "count", "created_at")
    search_fields = ("name", "slug")
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012
    readonly_fields = ("created_at",)
    inlines = (AssignmentInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        """Return the clients with the number of their administrations."""
        rows: QuerySet[Client] = super().get_queryset(request)
        return rows.annotate(count=Count("administrations"))

    @admin.display(description=_("administrations"), ordering="count")
    def count(self, client: Any) -> int:
        """How many administrations the client has."""
        return int(client.count)


@admin.register(Administration)
class AdministrationAdmin(RememberedAdmin):
    """Sets of books."""

    list_display = ("name", "client", "package", "mode", "purchase_journal", "division")
    list_filter = (("client", VisibleFilter), ("mode", ChoiceFilter), ("package", ChoiceFilter))
    list_select_related = ("client", "division")
    search_fields = ("name", "slug", "client__name")
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012
    readonly_fields = ("created_at",)
    inlines = (IdentifierInline,)

    @admin.display(description=_("division"))
    def division(self, administration: Any) -> str:
        """The division in Exact that these books are."""
        return str(getattr(administration, "division", None) or "-")
