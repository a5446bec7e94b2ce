"""Clients, their administrations, and who works for whom."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from apps.clients import globe
from apps.clients import limits_admin as limits_admin  # registers the ceilings
from apps.clients.forms import AdministrationForm, IdentifierForm
from apps.clients.models import (
    Administration,
    AdministrationIdentifier,
    Assignment,
    Client,
    ClientGroup,
    Package,
)
from apps.core import queue
from apps.core.admin import ChoiceFilter, ModelAdmin, RememberedAdmin, TabularInline, VisibleFilter
from apps.people.admin import StaffAdmin
from apps.people.models import User


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


@admin.register(ClientGroup)
class ClientGroupAdmin(ModelAdmin):
    """Groups of clients that are booked alike. One that rules are for cannot be removed."""

    deletable = True
    list_display = ("name", "count")
    search_fields = ("name",)
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClientGroup]:
        """Return the groups with the number of their clients."""
        rows: QuerySet[ClientGroup] = super().get_queryset(request)
        return rows.annotate(count=Count("clients"))

    @admin.display(description=_("clients"), ordering="count")
    def count(self, group: Any) -> int:
        """How many clients are in the group."""
        return int(group.count)


@admin.register(Client)
class ClientAdmin(RememberedAdmin):
    """The firm's customers."""

    list_display = ("name", "group", "count", "created_at")
    list_filter = (("group", VisibleFilter),)
    list_select_related = ("group",)
    search_fields = ("name", "slug")
    ordering = ("name",)
    fieldsets = (
        (None, {"fields": (("name", "slug"), "group", "created_at")}),
        (_("Questions"), {"fields": ("question_email",)}),
    )
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

    form = AdministrationForm
    list_display = ("name", "client", "package", "mode", "purchase_journal", "division")
    list_filter = (("client", VisibleFilter), ("mode", ChoiceFilter), ("package", ChoiceFilter))
    list_select_related = ("client", "division")
    search_fields = ("name", "slug", "client__name")
    ordering = ("name",)
    fieldsets = (
        (None, {"fields": (("name", "slug"), "client", ("package", "mode"), "globe_version", "created_at")}),
        (_("Vendors"), {"fields": ("match_order",)}),
        (_("Booking"), {"fields": ("purchase_journal", "entry_lines", "closed_period", "suspense_account")}),
    )
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012
    readonly_fields = ("created_at",)
    inlines = (IdentifierInline,)
    change_form_before_template = "admin/clients/administration.html"
    change_form_outer_after_template = "admin/clients/acts.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields in groups; who may change them sends along how they were."""
        groups = super().get_fieldsets(request, obj)
        if obj and obj.package != Package.EXACT_GLOBE:
            groups = _without(groups, "globe_version")
        may_change = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return (*groups, (None, {"fields": ("seen",)})) if may_change else groups

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep it, and warn of a version of Exact Globe that cannot receive."""
        super().save_model(request, obj, form, change)
        if obj.package == Package.EXACT_GLOBE and globe.is_recent_enough(obj.globe_version) is False:
            text = _(
                "Exact Globe %(version)s takes nothing out of a digital mailbox. Have it brought to version "
                "%(oldest)s or later; until then, what is delivered stays in the mailbox."
            )
            messages.warning(request, text % {"version": obj.globe_version, "oldest": globe.OLDEST})

    @admin.display(description=_("division"))
    def division(self, administration: Any) -> str:
        """The division in Exact that these books are."""
        division = getattr(administration, "division", None)
        if division is None:
            return "-"
        return f"{division} · {_('test division')}" if division.is_test else str(division)

    def get_urls(self) -> list[URLPattern]:
        """Return the pages: also the buttons that pause and resume."""
        views = {"pause": self.pause_view, "resume": self.resume_view}
        own = [
            path(
                f"<int:key>/{name}/", self.admin_site.admin_view(view), name=f"clients_administration_{name}"
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show an administration, with how it is delivered."""
        administration = self.get_object(request, object_id)
        may_change = bool(administration) and self.has_change_permission(request, administration)
        context = {"administration": administration, "may_change": may_change, **(extra_context or {})}
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def pause_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Send nothing more until somebody resumes."""
        administration = self._to_change(request, key)
        if administration.pause(by=cast(User, request.user)):
            messages.success(request, _("Paused. What is under way ends its step; nothing more is sent."))
        return self._told(administration)

    def resume_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Go on at once."""
        administration = self._to_change(request, key)
        if administration.resume(by=cast(User, request.user)):
            messages.success(request, _("Resumed. What waited goes to Exact now."))
        return self._told(administration)

    def _to_change(self, request: HttpRequest, key: int) -> Administration:
        administration: Administration = get_object_or_404(self.get_queryset(request), pk=key)
        if request.method != "POST" or not self.has_change_permission(request, administration):
            raise PermissionDenied
        return administration

    def _told(self, administration: Administration) -> HttpResponse:
        division = getattr(administration, "division", None)
        if division is not None:
            queue.ring("division_due", division.pk)
        return redirect("admin:clients_administration_change", administration.pk)


def _without(groups: Any, name: str) -> tuple[Any, ...]:
    """Return the groups of fields without one field that stands on a line of its own."""
    return tuple(
        (title, {**options, "fields": tuple(field for field in options["fields"] if field != name)})
        for title, options in groups
    )
