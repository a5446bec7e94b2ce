"""The figures of dashboard and reports: queries only, each bounded by an index and counted by the database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from apps.core import clock
from apps.exact.budget import Weather, weather_of
from apps.exact.models import Division
from apps.exact.models.connection import ConnectionStatus
from apps.intake.models import Part
from apps.reports.piles import OPEN, ORDERS, Pile, piles_of

GOOD, FAIR = 75, 25  # percent booked without a touch
LATE = timedelta(days=2)
STAGES = ("todo", "proposed", "refused", "ready")
COLUMNS = (*STAGES, "done")  # done today


def midnight(day: date) -> datetime:
    """Return the moment at which a Dutch day begins."""
    return datetime.combine(day, time.min, tzinfo=clock.DUTCH)


def percentage(part: int, whole: int) -> int | None:
    """Return `part` of `whole` in whole percents, rounded down; None of nothing."""
    return part * 100 // whole if whole else None


def level(share: int | None) -> str:
    """Return how good a percentage without a touch is: good above 75, fair from 25, else poor."""
    if share is None:
        return "plain"
    return "good" if share > GOOD else "fair" if share >= FAIR else "poor"


@dataclass
class Row:
    """One client in the matrix: how many documents are in each stage, and done today; `orders` alike of orders."""

    client: int | None
    name: str
    counts: Counter[str] = field(default_factory=Counter)
    orders: Counter[str] = field(default_factory=Counter)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What the matrix shows of the client: a line of invoices and one of orders, each unless it is empty."""
        both = ((False, self.counts), (True, self.orders))
        return [{"is_orders": is_orders, "counts": counts} for is_orders, counts in both if counts]


def matrix(user: Any) -> list[Row]:
    """Return clients x stages (keys of COLUMNS) for `user`; four queries.

    Documents that belong to no administration yet are a row with client None.
    """
    rows: dict[int | None, Row] = {}
    for pile in piles_of(user):
        for found in _counted(pile):
            row = _row(rows, found)
            counts = row.orders if pile.key == ORDERS else row.counts
            counts.update({key: found[key] for key in COLUMNS if found.get(key)})
    return sorted(rows.values(), key=lambda row: (row.client is None, row.name.casefold()))


def _counted(pile: Pile) -> Iterator[dict[str, Any]]:
    """Yield, for each client, how many of `pile` are in each stage, and how many were done today."""
    client = ("administration__client", "administration__client__name")
    stages = {key: Count("pk", filter=pile.conditions[key]) for key in STAGES}
    yield from pile.rows.filter(state__in=OPEN).values(*client).annotate(**stages)
    done_today = pile.done().filter(done_at__gte=midnight(clock.today()))
    yield from done_today.values(*client).annotate(done=Count("pk"))


def _row(rows: dict[int | None, Row], found: dict[str, Any]) -> Row:
    key = found["administration__client"]
    return rows.setdefault(key, Row(key, found["administration__client__name"] or ""))


def touchless(user: Any, *, days: int = 30) -> int | None:
    """Return the percentage of invoices booked in the last `days` that no person touched; None of nothing booked."""
    invoices, _orders = piles_of(user)
    done = invoices.done().filter(done_at__gte=clock.now() - timedelta(days=days))
    found = done.aggregate(booked=Count("pk"), untouched=Count("pk", filter=Q(touched=False)))
    return percentage(found["untouched"], found["booked"])


@dataclass(frozen=True)
class Waiting:
    """What of one kind waits for a person: how many longer than two days, and how many for each cause."""

    late: int
    causes: Counter[str]


def waiting(pile: Pile) -> Waiting:
    """Return what of `pile` waits for a person; one query."""
    late = Count("pk", filter=Q(received_at__lt=clock.now() - LATE))
    found = list(pile.waiting().values("cause").annotate(n=Count("pk"), late=late))
    causes = {row["cause"]: row["n"] for row in found if row["cause"]}  # a proposal has none
    return Waiting(sum(row["late"] for row in found), Counter(causes))


def unconnected(user: Any) -> int:
    """Return how many linked administrations have no working connection to Exact; one in doubt works still."""
    linked = Division.objects.visible_to(user).exclude(administration=None)
    over = Q(connection__status__in=(ConnectionStatus.LOST, ConnectionStatus.BLOCKED))
    return linked.filter(Q(connection=None) | over).count()


def fewest_calls(user: Any) -> tuple[Division, Weather] | None:
    """Return the linked division with the smallest part of its calls left today, and its weather; one query.

    None when none has a ceiling.
    """
    linked = Division.objects.visible_to(user).exclude(administration=None).exclude(window=None)
    weathers = [(division, weather_of(division.window)) for division in linked.select_related("window")]
    bounded = [(division, weather) for division, weather in weathers if weather.limit]
    return min(bounded, key=lambda pair: (pair[1].left or 0) / (pair[1].limit or 1), default=None)


class Day(NamedTuple):
    """One day: files that came in, invoices booked, and orders done."""

    day: date
    came: int
    booked: int
    ordered: int


def per_day(user: Any, *, days: int = 14) -> list[Day]:
    """Return the last `days`, oldest first; three queries."""
    first = clock.today() - timedelta(days=days - 1)
    parts = Part.objects.visible_to(user).filter(receipt__received_at__gte=midnight(first))
    came = by_moment(parts, TruncDate("receipt__received_at", tzinfo=clock.DUTCH))
    booked, ordered = (
        by_moment(pile.done().filter(done_at__gte=midnight(first)), TruncDate("done_at", tzinfo=clock.DUTCH))
        for pile in piles_of(user)
    )
    span = [first + timedelta(days=n) for n in range(days)]
    return [Day(day, came[day], booked[day], ordered[day]) for day in span]


def by_moment(rows: QuerySet[Any], moment: Any) -> Counter[date]:
    """Return how many of `rows` lie at each value of `moment`, a truncated date or time."""
    found = rows.order_by().annotate(moment=moment).values_list("moment").annotate(n=Count("pk"))
    return Counter({day_of(key): n for key, n in found})


def day_of(value: Any) -> date:
    """Return the day of a truncated date or time."""
    return value.date() if isinstance(value, datetime) else value
