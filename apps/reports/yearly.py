"""The figures of one client over the last twelve months: queries only, counted by the database."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncMonth

from apps.clients.models import Client
from apps.core import clock
from apps.core.states import WITH_CAUSE, State
from apps.intake.models import Part, PartKind, PartOutcome
from apps.reports.figures import by_moment, day_of, level, midnight, percentage
from apps.reports.piles import Pile, piles_for

TRIED = "tried"  # booked in a test division
AGES = ((2, "0-2"), (7, "3-7"), (30, "8-30"), (None, "30+"))  # days a document has waited


@dataclass(frozen=True)
class Month:
    """One calendar month: invoices received, booked, and booked without a touch; orders received, and done."""

    first: date
    received: int
    booked: int
    untouched: int
    orders_received: int
    ordered: int


@dataclass(frozen=True)
class Report:
    """One client over the last twelve months.

    `outcomes`: what became of invoices and other files, and `orders` of orders: every part that came in is in exactly
    one. `ages`: cause -> how many have waited for how many days (keys of AGES); `ages_of_orders` alike.
    """

    client: Client
    outcomes: dict[str, int]
    orders: dict[str, int]
    ages: dict[str, dict[str, int]]
    ages_of_orders: dict[str, dict[str, int]]
    months: list[Month]
    last_arrival: datetime | None

    @property
    def booked(self) -> int:
        """Invoices booked."""
        return sum(month.booked for month in self.months)

    @property
    def ordered(self) -> int:
        """Orders done."""
        return sum(month.ordered for month in self.months)

    @property
    def level(self) -> str:
        """How good `touchless` is."""
        return level(self.touchless)

    @property
    def touchless(self) -> int | None:
        """Percentage of the booked that no person touched."""
        return percentage(sum(month.untouched for month in self.months), self.booked)


def report(client: Client) -> Report:
    """Return the report of one client; eleven queries."""
    first = months_back(clock.today(), 11)
    invoices, orders = piles_for(client)
    parts = Part.objects.filter(administration__client=client, receipt__received_at__gte=midnight(first))
    nothing = _became_nothing(parts.order_by())
    last = [pile.rows.aggregate(last=Max("received_at"))["last"] for pile in (invoices, orders)]
    return Report(
        client=client,
        outcomes=_outcomes(invoices, first, nothing[False]),
        orders=_outcomes(orders, first, nothing[True]),
        ages=dict(_ages(invoices.rows)),
        ages_of_orders=dict(_ages(orders.rows)),
        months=_months(invoices, orders, first),
        last_arrival=max(filter(None, last), default=None),
    )


def months_back(day: date, months: int) -> date:
    """Return the first day of the month `months` before that of `day`."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _became_nothing(parts: QuerySet[Part]) -> dict[bool, Counter[str]]:
    """Return, of orders (True) and of all else, how parts ended that became no document: other post, rejected ones."""
    without = parts.filter(invoice__isnull=True, purchase_order__isnull=True)
    found: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for kind, outcome, count in without.values_list("kind", "outcome").annotate(n=Count("pk")):
        found[kind == PartKind.ORDER][outcome] += count
    return found


def _outcomes(pile: Pile, first: date, nothing: Counter[str]) -> dict[str, int]:
    """Return what became of the documents of `pile` that came in since `first`, with those that became `nothing`."""
    since = pile.rows.filter(received_at__gte=midnight(first))
    states: Counter[str] = Counter()
    for state, is_test, count in since.values_list("state", "posting__division__is_test").annotate(
        n=Count("pk")
    ):
        states[TRIED if is_test and state == State.DONE else state] += count
    return {
        "booked": states[State.DONE],
        "tried": states[TRIED],
        "waiting": sum(states[state] for state in WITH_CAUSE),
        "proposed": states[State.PROPOSED],
        "under_way": states[State.RECEIVED] + states[State.READY] + states[State.POSTING],
        "ignored": states[State.IGNORED] + nothing[PartOutcome.IGNORED],
        "duplicate": nothing[PartOutcome.DUPLICATE],
        "rejected": nothing[PartOutcome.REJECTED],
    }


def _ages(documents: QuerySet[Any]) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield each cause with how many have waited for how many days (keys of AGES)."""
    now, counts, youngest = clock.now(), {}, None
    for days, label in AGES:
        condition = Q() if days is None else Q(received_at__gt=now - timedelta(days=days + 1))
        if youngest is not None:
            condition &= Q(received_at__lte=youngest)
        counts[label] = Count("pk", filter=condition) if condition else Count("pk")
        youngest = now - timedelta(days=days + 1) if days is not None else youngest
    names = {label: f"age_{number}" for number, (_days, label) in enumerate(AGES)}
    found: Any = documents.filter(state__in=WITH_CAUSE).values("cause")
    for row in found.annotate(**{names[label]: count for label, count in counts.items()}).order_by("cause"):
        yield row["cause"], {label: row[name] for label, name in names.items()}


def _months(invoices: Pile, orders: Pile, first: date) -> list[Month]:
    received, ordered = _received(invoices, first), _received(orders, first)
    booked, done = _done(invoices, first), _done(orders, first)
    span = [months_back(first, -n) for n in range(12)]
    return [
        Month(month, received[month], *booked.get(month, (0, 0)), ordered[month], done.get(month, (0, 0))[0])
        for month in span
    ]


def _received(pile: Pile, first: date) -> Counter[date]:
    rows = pile.rows.filter(received_at__gte=midnight(first))
    return by_moment(rows, TruncMonth("received_at", tzinfo=clock.DUTCH))


def _done(pile: Pile, first: date) -> dict[date, tuple[int, int]]:
    """Return for each month how many were done, and how many of them without a touch."""
    done = pile.done().filter(done_at__gte=midnight(first))
    months = done.annotate(month=TruncMonth("done_at", tzinfo=clock.DUTCH)).values("month")
    counted = months.annotate(n=Count("pk"), untouched=Count("pk", filter=Q(touched=False)))
    return {day_of(row["month"]): (row["n"], row["untouched"]) for row in counted}
