"""Switches of the simulated Exact Online: faults, settings, periods, logins and the call log."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.sandbox import switches, time
from apps.sandbox.admin.permission import SandboxAdmin
from apps.sandbox.models import (
    Call,
    Division,
    ExactUser,
    Fault,
    Grant,
    JournalPeriod,
    Package,
    RegisteredApp,
    Row,
    Switches,
)


@admin.register(Fault)
class FaultAdmin(SandboxAdmin):
    """Faults to arm."""

    list_display = ("kind", "method", "path", "division", "times", "status", "reason", "seconds")
    list_filter = ("kind",)


@admin.register(Switches)
class SwitchesAdmin(SandboxAdmin):
    """Clock, limits and habits."""

    addable = False
    deletable = False
    list_display = ("__str__", "offset_seconds", "minute_limit", "day_limit", "error_limit", "latency_ms")

    def save_model(self, request: HttpRequest, obj: Switches, form: Any, change: bool) -> None:
        """Keep the row and let the clock be read anew."""
        super().save_model(request, obj, form, change)
        time.forget()


@admin.register(RegisteredApp)
class RegisteredAppAdmin(SandboxAdmin):
    """Registered apps, with the scopes they lack."""

    addable = False
    deletable = False
    list_display = ("client_id", "redirect_uri", "missing_scopes")


@admin.register(ExactUser)
class ExactUserAdmin(SandboxAdmin):
    """Logins at Exact: language, block, reach and rights; and what ends their connections."""

    addable = False
    deletable = False
    list_display = ("__str__", "language", "blocked", "divisions", "missing_scopes")
    fields = ("language", "blocked", "divisions", "missing_scopes")
    actions = ("change_passwords", "withdraw_consents")

    @admin.action(description=_("Change the password: connections end"))
    def change_passwords(self, request: HttpRequest, users: QuerySet[ExactUser]) -> None:
        """End the tokens of whom is selected, as a new password does."""
        for user in users:
            switches.change_password(user)

    @admin.action(description=_("Withdraw the consent: connections end"))
    def withdraw_consents(self, request: HttpRequest, users: QuerySet[ExactUser]) -> None:
        """End the tokens of whom is selected, as withdrawing the app does."""
        for user in users:
            switches.withdraw_consent(user)


@admin.register(Package)
class PackageAdmin(SandboxAdmin):
    """Packages of divisions, with the calls that they allow."""

    list_display = ("division", "kind", "variant", "minute_limit", "day_limit", "unlimited_days")


@admin.register(Division)
class DivisionAdmin(SandboxAdmin):
    """Administrations, to be moved to another database of Exact."""

    addable = False
    changeable = False
    deletable = False
    list_display = ("key", "description", "moved")
    actions = ("move_divisions",)
    ordering = ("key",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Return the rows of system/Divisions."""
        return super().get_queryset(request).filter(resource="system/Divisions")

    @admin.display(description=_("name"))
    def description(self, row: Row) -> str:
        """Name of the administration."""
        return str(row.data["Description"])

    @admin.display(description=_("moved"))
    def moved(self, row: Row) -> str:
        """When all its row versions were made anew."""
        return str(row.data.get("DivisionMoveDate") or "-")

    @admin.action(description=_("Move to another database: all row versions are new"))
    def move_divisions(self, request: HttpRequest, rows: QuerySet[Row]) -> None:
        """Give every row of what is selected a new version."""
        for row in rows:
            switches.move_division(int(row.key))


@admin.register(Row)
class RowAdmin(SandboxAdmin):
    """Rows of administrations, to be deleted as somebody in Exact would."""

    addable = False
    changeable = False
    list_display = ("resource", "division", "mark", "key")
    list_filter = ("resource", "division")
    search_fields = ("key", "mark")
    actions = ("delete_rows",)
    ordering = ("resource", "division", "key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Return all rows but those of the firm as a whole."""
        return super().get_queryset(request).filter(division__gt=0)

    def delete_model(self, request: HttpRequest, obj: Row) -> None:
        """Delete with a trace in sync/Deleted."""
        switches.delete(obj.resource, obj.division, obj.key)

    @admin.action(description=_("Delete as somebody in Exact would"))
    def delete_rows(self, request: HttpRequest, rows: QuerySet[Row]) -> None:
        """Delete what is selected, with a trace in sync/Deleted."""
        for row in rows:
            switches.delete(row.resource, row.division, row.key)


@admin.register(Grant)
class GrantAdmin(SandboxAdmin):
    """Which divisions a user lets an app reach."""

    addable = False
    list_display = ("user", "app", "divisions")
    fields = ("divisions",)


@admin.register(JournalPeriod)
class JournalPeriodAdmin(SandboxAdmin):
    """Journal periods to close and open."""

    addable = False
    changeable = False
    deletable = False
    list_display = ("division", "journal", "year", "period", "is_closed")
    list_filter = ("division",)
    actions = ("close_periods", "open_periods")
    ordering = ("division", "key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Return the rows that say what is closed."""
        return super().get_queryset(request).filter(resource=switches.STATUS_LIST)

    @admin.display(description=_("journal"))
    def journal(self, row: Row) -> str:
        """Code of the journal."""
        return str(row.data["Journal"])

    @admin.display(description=_("year"))
    def year(self, row: Row) -> str:
        """Financial year."""
        return str(row.data["Year"])

    @admin.display(description=_("period"))
    def period(self, row: Row) -> int:
        """Number of the period in its year."""
        return int(row.data["Period"])

    @admin.display(description=_("closed"), boolean=True)
    def is_closed(self, row: Row) -> bool:
        """Whether nothing may be booked in it."""
        return bool(row.data["Status"])

    @admin.action(description=_("Close these periods"))
    def close_periods(self, request: HttpRequest, rows: QuerySet[Row]) -> None:
        """Close what is selected."""
        switches.turn_periods(rows, closed=True)

    @admin.action(description=_("Open these periods"))
    def open_periods(self, request: HttpRequest, rows: QuerySet[Row]) -> None:
        """Open what is selected."""
        switches.turn_periods(rows, closed=False)


@admin.register(Call)
class CallAdmin(SandboxAdmin):
    """The log of calls."""

    addable = False
    changeable = False
    list_display = ("at", "method", "path", "division", "status")
    list_filter = ("status", "method")
    search_fields = ("path",)
    ordering = ("-pk",)
