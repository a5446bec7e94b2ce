"""Which package an administration has, and how many of its booking lines of this month are used (facts 1.7, 2.1)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from apps.core import clock
from apps.exact.models import CallWindow, Division, LedgerLine, Variant
from apps.exact.resources import Feed
from apps.exact.values import text_of


def take_features(division: Division, page: Iterable[dict[str, Any]], *, first: bool) -> int:
    """Keep the features of the package that one page tells; return how many. `first`: it begins the list anew.

    Without a variant, an administration that has no calls a day is Premium; which of the others it is nobody tells.
    """
    told = [text_of(row.get("Description")) for row in page]
    kept = [] if first else list(Division.objects.values_list("features", flat=True).get(pk=division.pk))
    features = [*kept, *(name for name in told if name)]
    Division.objects.filter(pk=division.pk).exclude(features=features).update(features=features)
    if CallWindow.objects.filter(division=division, day_limit=None).exists():
        Division.objects.filter(pk=division.pk, package_variant="").update(package_variant=Variant.PREMIUM)
    return len(told)


def has(division: Division, feed: Feed) -> bool:
    """Tell whether the package of `division`, as Exact told its features last, has what `feed` reads.

    Where Exact tells nothing of the package, it is tried.
    """
    if not feed.module:
        return True
    rows = Division.objects.filter(pk=division.pk).values_list("features", "package_type")
    return _may_have(*rows.get(), feed.module)


def has_logistics(division: Division) -> bool:
    """Tell whether the package of `division`, as it was read, has items on purchase orders and invoices; as `has`."""
    return _may_have(division.features, division.package_type, "EXACT_LOGISTIC_WORDS")


def _may_have(features: list[str], package: str, words: str) -> bool:
    told = " ".join([*features, package]).lower()
    return not features or any(word.lower() in told for word in getattr(settings, words))


def lines_this_month(division: Division) -> int:
    """Return how many booking lines were entered in this Dutch month, against `division.lines_a_month`."""
    first = clock.today().replace(day=1)
    lines = LedgerLine.objects.filter(division=division, booked_on__gte=first, line_number__gt=0)
    return lines.count()
