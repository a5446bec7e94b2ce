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
from apps.intake.models import Part, PartOutcome
from apps.invoices.models import WITH_CAUSE, Invoice, Invoices, State
from apps.reports.figures import by_moment, day_of, level, midnight, percentage

TRIED = "tried"  # booked in a test division
AGES = ((2, "0-2"), (7, "3-7"), (30, "8-30"), (None, "30+"))  # days a document has waited


@dataclass(frozen=True)
class Month:
    """One calendar month: documents received, booked, and booked without a touch."""

    first: date
    received: int
    booked: int
    untouched: int


@dataclass(frozen=True)
class Report:
    """One client over the last twelve months."""

    client: Client
    outcomes: dict[str, int]
    ages: dict[str, dict[str, int]]
    months: list[Month]
    last_arrival: datetime | None

    @property
    def booked(self) -> int:
        """Documents booked."""
        return sum(month.booked for month in self.months)

    @property
    def level(self) -> str:
        """How good `touchless` is."""
        return level(self.touchless)

    @property
    def touchless(self) -> int | None:
        """Percentage of the booked that no person touched."""
        return percentage(sum(month.untouched for month in self.months), self.booked)


def report(client: Client) -> Report:
    """Return the report of one client; six queries."""
    first = months_back(clock.today(), 11)
    invoices = Invoice.objects.filter(administration__client=client).order_by()
    since = invoices.filter(received_at__gte=midnight(first))
    parts = Part.objects.filter(
        administration__client=client, receipt__received_at__gte=midnight(first)
    ).order_by()
    return Report(
        client=client,
        outcomes=_outcomes(since, parts),
        ages=dict(_ages(invoices)),
        months=_months(invoices, first),
        last_arrival=invoices.aggregate(last=Max("received_at"))["last"],
    )


def months_back(day: date, months: int) -> date:
    """Return the first day of the month `months` before that of `day`."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _outcomes(invoices: QuerySet[Invoice], parts: QuerySet[Part]) -> dict[str, int]:
    """Every part that came in ends in exactly one of these."""
    found = invoices.values_list("state", "posting__division__is_test").annotate(n=Count("pk"))
    states: Counter[str] = Counter()
    for state, is_test, count in found:
        states[TRIED if is_test and state == State.DONE else state] += count
    without = parts.filter(
        invoice__isnull=True
    )  # other post, and what was rejected before it became a document
    kinds = Counter(dict(without.values_list("outcome").annotate(n=Count("pk"))))
    return {
        "booked": states[State.DONE],
        "tried": states[TRIED],
        "waiting": sum(states[state] for state in WITH_CAUSE),
        "proposed": states[State.PROPOSED],
        "under_way": states[State.RECEIVED] + states[State.READY] + states[State.POSTING],
        "ignored": states[State.IGNORED] + kinds[PartOutcome.IGNORED],
        "duplicate": kinds[PartOutcome.DUPLICATE],
        "rejected": kinds[PartOutcome.REJECTED],
    }


def _ages(invoices: QuerySet[Invoice]) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield each cause with how many have waited for how many days (keys of AGES)."""
    now, counts, youngest = clock.now(), {}, None
    for days, label in AGES:
        condition = Q() if days is None else Q(received_at__gt=now - timedelta(days=days + 1))
        if youngest is not None:
            condition &= Q(received_at__lte=youngest)
        counts[label] = Count("pk", filter=condition) if condition else Count("pk")
        youngest = now - timedelta(days=days + 1) if days is not None else youngest
    names = {label: f"age_{number}" for number, (_days, label) in enumerate(AGES)}
    found: Any = invoices.filter(state__in=WITH_CAUSE).values("cause")
    for row in found.annotate(**{names[label]: count for label, count in counts.items()}).order_by("cause"):
        yield row["cause"], {label: row[name] for label, name in names.items()}


def _months(invoices: Invoices, first: date) -> list[Month]:
    received = by_moment(
        invoices.filter(received_at__gte=midnight(first)), TruncMonth("received_at", tzinfo=clock.DUTCH)
    )
    done = (
        invoices.outside_tests()
        .filter(done_at__gte=midnight(first))
        .annotate(month=TruncMonth("done_at", tzinfo=clock.DUTCH))
    )
    counted = done.values("month").annotate(n=Count("pk"), untouched=Count("pk", filter=Q(touched=False)))
    booked = {day_of(row["month"]): (row["n"], row["untouched"]) for row in counted}
    span = [months_back(first, -n) for n in range(12)]
    return [Month(month, received[month], *booked.get(month, (0, 0))) for month in span]
