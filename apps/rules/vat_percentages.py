"""What percentage a VAT code of Exact has on a day: from its dated history, else its own field."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Subquery

from apps.exact.models import Division, VATCode, VATPercentage


def codes_on(
    division: Division, day: date, codes: Collection[str] | None = None
) -> list[tuple[VATCode, Decimal | None]]:
    """Return the VAT codes of `division` (`codes`: these alone), each with its percentage on `day`; one query.

    A fraction (0.21); None where it cannot be told: the history of the code has a gap on that day. Of periods that
    overlap the one that began last holds.
    """
    history = VATPercentage.objects.filter(division=division, vat_code=OuterRef("exact_id"))
    valid = history.filter(
        Q(start_date=None) | Q(start_date__lte=day), Q(end_date=None) | Q(end_date__gte=day)
    ).order_by(F("start_date").desc(nulls_last=True))
    rows = VATCode.objects.filter(division=division).order_by("code")
    rows = rows if codes is None else rows.filter(code__in=codes)
    found = rows.annotate(on_day=Subquery(valid.values("percentage")[:1]), is_dated=Exists(history))
    return [(row, row.on_day if row.is_dated else row.percentage) for row in found]


def codes_over(division: Division, days: Iterable[date]) -> dict[date, list[tuple[VATCode, Decimal | None]]]:
    """Return for each of `days` what `codes_on` gives for all codes of `division`; two queries for all days."""
    codes = list(VATCode.objects.filter(division=division).order_by("code").defer("raw"))
    history: dict[UUID, list[VATPercentage]] = defaultdict(list)
    for row in VATPercentage.objects.filter(division=division).defer("raw"):
        history[row.vat_code].append(row)
    return {day: [(code, _on(day, code, history[code.exact_id])) for code in codes] for day in set(days)}


def _on(day: date, code: VATCode, history: list[VATPercentage]) -> Decimal | None:
    if not history:
        return code.percentage
    valid = [
        row
        for row in history
        if (row.start_date is None or row.start_date <= day) and (row.end_date is None or row.end_date >= day)
    ]
    last = max(valid, key=lambda row: (row.start_date is not None, row.start_date or date.min), default=None)
    return last.percentage if last else None
