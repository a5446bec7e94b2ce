"""How the queue is narrowed: stage of the day, age, and amounts in the search box."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.invoices.models import Invoice
from apps.invoices.stages import STAGES, stage_of

AMOUNT = re.compile(r"-?\d{1,3}(?:[. ]?\d{3})*(?:[.,]\d{1,2})?")


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

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> QuerySet[Invoice]:
        """Return the documents of the chosen stage."""
        return queryset.filter(stage_of(self.value()).condition)


def amount_in(text: str) -> Decimal | None:
    """Return the amount that somebody typed ("1.234,56", "1234.56", "-12"), None when it is no amount."""
    text = text.strip().removeprefix("€").strip()
    if not AMOUNT.fullmatch(text):
        return None
    cents = re.search(r"[.,](\d{1,2})$", text)
    whole = text[: cents.start()] if cents else text
    digits = re.sub(r"[. ]", "", whole)
    return Decimal(f"{digits}.{cents.group(1)}" if cents else digits)


def amounts(text: str) -> Q | None:
    """Return the condition that finds documents of the amount in `text`, whatever its sign; None for no amount."""
    amount = amount_in(text)
    if amount is None:
        return None
    return Q(payable__in=(amount, -amount)) | Q(gross__in=(amount, -amount)) | Q(net__in=(amount, -amount))
