"""The clothes of the admin and its one door: every admin class of the product stands on these.

The theme is chosen by the imports below; leaving it means editing this file.
"""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.admin import ShowFacets, site
from django.core.paginator import Page, Paginator
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin as ThemeAdmin
from unfold.admin import TabularInline as ThemeTabular
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.contrib.filters.admin import DropdownFilter as ThemeDropdown
from unfold.decorators import action, display
from unfold.views import ChangeList as ThemeList

from apps.core import clock
from apps.core.addresses import key_in
from apps.core.queue import Schedule, Task

__all__ = [
    "AgeFilter",
    "ChoiceFilter",
    "DropdownFilter",
    "ModelAdmin",
    "Paginated",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "RememberedAdmin",
    "TabularInline",
    "VisibleFilter",
    "action",
    "display",
]

ChoiceFilter = ChoicesDropdownFilter


def visible(queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return the rows of `queryset` that `user` may see; all of them where rows belong to nobody's client."""
    narrow = getattr(queryset, "visible_to", None)
    return narrow(user) if narrow else queryset


class Paginated(Paginator[Any]):
    """Pages of a list that costs the same at a thousand rows and at a million: counts no further than CEILING."""

    CEILING = 1_000
    template_name = "admin/pages.html"

    @cached_property
    def count(self) -> int:
        """The number of rows, or CEILING + 1 for more."""
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by()[: self.CEILING + 1].count()

    @property
    def is_more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.count > self.CEILING

    def validate_number(self, number: Any) -> int:
        """Return the page number; beyond what was counted every page may exist."""
        key = key_in(number)
        if self.is_more and key:
            return key
        return super().validate_number(number)

    def page(self, number: Any) -> Page[Any]:
        """Return page `number`, from 1."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        return Page(self.object_list[start : start + self.per_page], number, self)


class List(ThemeList):
    """A list page that says how many rows it found, and never counts the whole table."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the rows of the page."""
        super().get_results(request)
        self.full_result_count = self.result_count


class Restricted:
    """Only rows that `visible_to` shows: in lists and pages, choices of forms, autocomplete."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return what this person may see."""
        return visible(super().get_queryset(request), request.user)  # type: ignore[misc]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """Return the choices of a relation that this person may see."""
        chosen = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        rows = db_field.remote_field.model._default_manager.using(db) if chosen is None else chosen
        return visible(rows, request.user)


class ModelAdmin(Restricted, ThemeAdmin):
    """What every admin of ours starts from. No deleting unless a subclass wants it."""

    list_per_page = 50
    list_max_show_all = 0
    list_fullwidth = True
    list_filter_submit = True
    list_disable_select_all = True
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    paginator = Paginated
    deletable: ClassVar[bool] = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[List]:
        """Return our list page."""
        return List

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Tell whether rows may be removed here."""
        return self.deletable and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return the bulk acts; removing many rows at once is not among them."""
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class RememberedAdmin(SimpleHistoryAdmin, ModelAdmin):
    """For rows with a history: who changed what and when. It is as private as the row itself."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show the changes of one row."""
        self._demand_visible(request, object_id)
        page: HttpResponse = super().history_view(request, object_id, extra_context)
        return page

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show one row as it once was."""
        self._demand_visible(request, object_id)
        page: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return page

    def _demand_visible(self, request: HttpRequest, object_id: str) -> None:
        if self.get_object(request, object_id) is None:
            raise Http404


class ReadOnly:
    """Nothing can be added, changed or removed by hand."""

    def has_add_permission(self, *args: Any, **kwargs: Any) -> bool:
        """Nobody adds rows here."""
        return False

    def has_change_permission(self, *args: Any, **kwargs: Any) -> bool:
        """Nobody changes rows here."""
        return False

    def has_delete_permission(self, *args: Any, **kwargs: Any) -> bool:
        """Nobody removes rows here."""
        return False


class ReadOnlyAdmin(ReadOnly, ModelAdmin):
    """Rows that only the product itself writes."""


class TabularInline(Restricted, ThemeTabular):
    """Rows below a row."""

    extra = 0


class ReadOnlyInline(ReadOnly, TabularInline):
    """Rows below a row that only the product itself writes."""


class DropdownFilter(ThemeDropdown):
    """A filter with choices of its own."""


class AgeFilter(DropdownFilter):
    """How long ago a document came in."""

    title = _("age")
    parameter_name = "older"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the ages in days."""
        return [("2", _("older than 2 days")), ("7", _("older than a week")), ("30", _("older than a month"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the documents that came in longer ago than that."""
        days = self.value()
        if not days or not days.isdigit():
            return queryset
        return queryset.filter(received_at__lt=clock.now() - timedelta(days=min(int(days), 3650)))


class VisibleFilter(RelatedDropdownFilter):
    """A filter over a relation that names only what this person may see."""

    def field_choices(self, field: ForeignKey[Any, Any], request: HttpRequest, model_admin: Any) -> Any:
        """Return the choices as (key, text)."""
        rows = visible(field.remote_field.model._default_manager.all(), request.user)
        return [(row.pk, str(row)) for row in rows.order_by(*self._order(rows.model))]

    def has_output(self) -> bool:
        """Tell whether the filter counts: with one choice too, when the address asks for it."""
        return bool(self.value() or self.lookup_val_isnull) or len(self.lookup_choices) > 1

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the choice, or those without any when the address asks for these."""
        if self.lookup_val_isnull:
            return queryset.filter(**{self.lookup_kwarg_isnull: True})
        found: QuerySet[Any] = super().queryset(request, queryset)
        return found

    @staticmethod
    def _order(model: type[Model]) -> list[str]:
        names = {field.name for field in model._meta.get_fields()}
        return ["name"] if "name" in names else ["pk"]


class QueueAdmin(ReadOnlyAdmin):
    """The bell and the clock, to look at only: the task library's own pages let anybody run anything."""

    fields: ClassVar[tuple[str, ...]] = ()

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Superusers only: task names and errors are about the whole firm."""
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Tell whether the app shows at all."""
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows without their pickled columns, which must not be unpacked for a page."""
        return super().get_queryset(request).only("pk", *self.fields)


class ScheduleAdmin(QueueAdmin):
    """What runs by itself, and when next."""

    fields = ("name", "func", "cron", "next_run")
    list_display = ("called", "runs", "line", "when")
    ordering = ("next_run",)

    @display(description=_("name"))
    def called(self, row: Any) -> str:
        """What it is called."""
        return str(row.name)

    @display(description=_("task"))
    def runs(self, row: Any) -> str:
        """Which task it starts."""
        return str(row.func)

    @display(description=_("at these times"))
    def line(self, row: Any) -> str:
        """When it runs, as a cron line."""
        return str(row.cron)

    @display(description=_("next time"))
    def when(self, row: Any) -> Any:
        """When it runs next."""
        return row.next_run


class TaskAdmin(QueueAdmin):
    """Tasks that ended."""

    fields = ("func", "started", "stopped", "success", "attempt_count")
    list_display = ("ran", "began", "ended", "went_well")

    @display(description=_("task"))
    def ran(self, row: Any) -> str:
        """Which task it was."""
        return str(row.func)

    @display(description=_("began"))
    def began(self, row: Any) -> Any:
        """When it began."""
        return row.started

    @display(description=_("ended"))
    def ended(self, row: Any) -> Any:
        """When it ended."""
        return row.stopped

    @display(description=_("went well"), boolean=True)
    def went_well(self, row: Any) -> bool:
        """Whether it ended without an error."""
        return bool(row.success)

    ordering = ("-stopped",)


def _adopt_queue() -> None:
    for model in list(site._registry):
        if model._meta.app_label == Schedule._meta.app_label:
            site.unregister(model)
    Schedule._meta.verbose_name_plural, Task._meta.verbose_name_plural = _("schedules"), _("tasks")
    site.register(Schedule, ScheduleAdmin)
    site.register(Task, TaskAdmin)


_adopt_queue()
