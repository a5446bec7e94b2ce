"""What percentage a VAT code of Exact has on a day: from its dated history, else its own field."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

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
