"""How the list of orders is narrowed: stage of the day, and what the search box finds."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.orders.models import PurchaseOrder, PurchaseOrderLine
from apps.orders.stages import STAGES, stage_of

LONGEST = 60  # characters of an item code


class StageFilter(SimpleListFilter):
    """The tabs above the list; nothing chosen means the work to do."""

    title = _("stage")
    parameter_name = "stage"
    template = "admin/nothing.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the stages."""
        return [(stage.key, stage.title) for stage in STAGES]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Offer nothing among the filters: the tabs do."""
        return iter(())

    def queryset(self, request: HttpRequest, queryset: QuerySet[PurchaseOrder]) -> QuerySet[PurchaseOrder]:
        """Return the orders of the chosen stage."""
        return queryset.filter(stage_of(self.value()).condition)


def with_item(text: str) -> Q | None:
    """Return the condition that finds orders with an item code that begins with `text`; None for no code.

    The lines are looked up by themselves, each code by its index, and not once for each order.
    """
    code = text.strip()
    if not code or len(code) > LONGEST:
        return None
    named = (
        Q(item_code__istartswith=code)
        | Q(seller_item__istartswith=code)
        | Q(buyer_item__istartswith=code)
        | Q(gtin=code)
    )
    return Q(pk__in=PurchaseOrderLine.objects.filter(named).values("order"))
