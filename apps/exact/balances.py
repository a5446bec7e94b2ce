"""Which periods' balances are behind: those whose ledger lines changed. Exact gives balances no mark of change.

`SyncState.pending` of the balances holds each such period as "year-period": "waiting", or "reading" while a pass over
just these is under way. A period that changes meanwhile waits again, so nothing is lost to a pass that misses it.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from apps.exact.models import Division, LedgerLine, SyncState
from apps.exact.values import guid_of, small_of

WAITING, READING = "waiting", "reading"
MOST = 6  # changed periods that are read one by one; more are cheaper by the year
NAME = "balances"
Period = tuple[int, int]


def first_year(today: date) -> int:
    """Return the first year whose balances are read."""
    return today.year - 1


def note(division: Division, periods: Iterable[Period]) -> None:
    """Keep that the balances of these periods may be behind. Inside the transaction that changes their lines."""
    names = {f"{year}-{period}" for year, period in periods}
    if not names:
        return
    state, _made = SyncState.objects.select_for_update().get_or_create(division=division, resource=NAME)
    state.pending |= dict.fromkeys(names, WAITING)
    state.save(update_fields=["pending"])


def touched(division: Division, page: Iterable[dict[str, Any]]) -> set[Period]:
    """Return the periods that the ledger lines on a page stand in, and those in which they stood before."""
    rows = list(page)
    keys = [key for key in (guid_of(row.get("ID")) for row in rows) if key]
    now = {(small_of(row.get("FinancialYear")), small_of(row.get("FinancialPeriod"))) for row in rows}
    return now | periods_of(LedgerLine.objects.filter(division=division, exact_id__in=keys))


def periods_of(lines: QuerySet[LedgerLine]) -> set[Period]:
    """Return the periods that these ledger lines stand in."""
    return set(lines.order_by().values_list("year", "period").distinct())


def begin(state: SyncState, today: date) -> str:
    """Return the `$filter` of the pass that begins or goes on: all since last year, or what changed; "" for nothing.

    Sets `state.pending` to what is being read; the caller stores it.
    """
    first = first_year(today)
    if state.full:
        state.pending = {}
        return f"ReportingYear ge {first}"
    wanted = sorted(_split(name) for name in state.pending if _split(name)[0] >= first)
    state.pending = {f"{year}-{period}": READING for year, period in wanted}
    return " or ".join(
        f"(ReportingYear eq {year} and ReportingPeriod eq {period})" for year, period in wanted
    )


def too_many(state: SyncState) -> bool:
    """Tell whether so many periods changed that a full pass is cheaper."""
    return len(state.pending) > MOST


def end(state: SyncState, today: date) -> Q | None:
    """Return the balances that the pass has read anew, None for none, and forget that they were behind."""
    if state.full:
        return Q(year__gte=first_year(today))
    read = [_split(name) for name, stand in state.pending.items() if stand == READING]
    state.pending = {name: stand for name, stand in state.pending.items() if stand != READING}
    scope = Q()
    for year, period in read:
        scope |= Q(year=year, period=period)
    return scope if read else None


def _split(name: str) -> Period:
    year, _dash, period = name.partition("-")
    return int(year), int(period)
