"""Whether what was made of rules and VAT tables still holds: their histories tell, in one query for all of them.

How many rows a history has says more than its newest one: of two changes made at once, the one with the lower number
may be committed last. Each change is written to its history; whoever updates rows past it must know this module.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from django.db.models import Count, DateTimeField, Max, QuerySet, Value
from django.db.models.functions import Cast

from apps.rules.models import BookingRule, RuleSplit, VATTable

T = TypeVar("T")
Changes = Mapping[str, tuple[Any, ...]]
_NEVER = Cast(Value(None), DateTimeField())
HISTORIES = {
    "rules": BookingRule.history,
    "splits": RuleSplit.history,
    "vat_tables": VATTable.history,
}


def look(**also: QuerySet[Any]) -> Changes:
    """Return for each history how long it is and when it last grew, and for each of `also` how many rows it has.

    `also` are rows of which it matters whether there are any. What has none is left out.
    """
    counts = [
        one.order_by().values(what=Value(name)).annotate(how_many=Count("pk"), grown_at=Max("history_date"))
        for name, one in HISTORIES.items()
    ]
    counts += [
        one.order_by().values(what=Value(name)).annotate(how_many=Count("pk"), grown_at=_NEVER)
        for name, one in also.items()
    ]
    first, *rest = (one.values_list("what", "how_many", "grown_at") for one in counts)
    found = first.union(*rest, all=True)
    return {what: (how_many, grown_at) for what, how_many, grown_at in found if how_many}


class Kept(Generic[T]):
    """One thing made by `build` from the rows whose histories are called `names`, made anew when one has grown."""

    def __init__(self, build: Callable[[], T], *names: str) -> None:
        self._build = build
        self._names = names
        self._lock = threading.Lock()
        self._made: tuple[list[tuple[Any, ...] | None], T] | None = None

    def get(self, changes: Changes | None = None) -> T:
        """Return the thing; `changes` spares the query for them."""
        found = look() if changes is None else changes
        stamp = [found.get(name) for name in self._names]
        with self._lock:
            if self._made is None or self._made[0] != stamp:
                self._made = (stamp, self._build())
            return self._made[1]
