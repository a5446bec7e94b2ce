"""Files that became no document: other post, and what was rejected."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import key_in
from apps.core.admin import ChoiceFilter, ReadOnlyAdmin, VisibleFilter, display
from apps.intake.models import Part, PartKind, PartOutcome

OTHER_POST = (PartKind.REMINDER, PartKind.STATEMENT, PartKind.SALES_INVOICE, PartKind.ORDER, PartKind.ANSWER)
PART_STAGES = {"other": _("Other post"), "rejected": _("Rejected")}


class PartStageFilter(SimpleListFilter):
    """The tabs above the list; nothing chosen means other post."""

    title = _("stage")
    parameter_name = "stage"
    template = "admin/nothing.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the stages."""
        return list(PART_STAGES.items())

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Offer nothing among the filters: the tabs do."""
        return iter(())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Part]) -> QuerySet[Part]:
        """Return what is rejected, or the post that is no purchase invoice."""
        if self.value() == "rejected":
            return queryset.filter(outcome=PartOutcome.REJECTED)
        return queryset.filter(kind__in=OTHER_POST).exclude(outcome=PartOutcome.DOCUMENT)


@admin.register(Part)
class PartAdmin(ReadOnlyAdmin):
    """Two lists of files that became no document: other post, and what was rejected."""

    list_display = ("file", "kind", "administration", "channel", "why", "received", "open_original")
    list_filter = (
        PartStageFilter,
        ("kind", ChoiceFilter),
        ("administration", VisibleFilter),
        ("receipt__channel", ChoiceFilter),
    )
    list_select_related = ("administration", "receipt")
    list_display_links = None
    search_fields = ("filename", "receipt__sender", "receipt__subject")
    ordering = ("-pk",)
    list_before_template = "admin/intake/part/tabs.html"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show one of the two lists."""
        asked = request.GET.get("stage", "")
        stage = asked if asked in PART_STAGES else "other"
        tabs = [{"key": key, "title": title, "active": key == stage} for key, title in PART_STAGES.items()]
        page: HttpResponse = super().changelist_view(
            request, {"title": PART_STAGES[stage], "tabs": tabs, **(extra_context or {})}
        )
        return page

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the arrival that it is a part of: a part has no page of its own."""
        part = get_object_or_404(self.get_queryset(request), pk=key_in(object_id))
        return redirect("admin:intake_receipt_change", part.receipt_id)

    @display(description=_("file"), header=True)
    def file(self, part: Part) -> list[str]:
        """Its name, and who sent it."""
        return [part.filename, part.receipt.sender or str(part.receipt)]

    @admin.display(description=_("channel"))
    def channel(self, part: Part) -> str:
        """The way it came in."""
        return part.receipt.get_channel_display()

    @admin.display(description=_("reason"))
    def why(self, part: Part) -> str:
        """Why it is no document."""
        return part.reason

    @admin.display(description=_("received"), ordering="pk")
    def received(self, part: Part) -> Any:
        """When it came in."""
        return part.receipt.received_at

    @admin.display(description="")
    def open_original(self, part: Part) -> str:
        """The file itself, and the arrival that it was a part of."""
        return format_html(
            '<a class="pk-button" href="{}" target="_blank" rel="noopener">{}</a> '
            '<a class="pk-button" href="{}">{}</a>',
            reverse("admin:intake_part_original", args=(part.pk,)),
            _("Original"),
            reverse("admin:intake_receipt_change", args=(part.receipt_id,)),
            _("Receipt"),
        )
