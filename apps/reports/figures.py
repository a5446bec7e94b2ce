"""The figures of dashboard and reports: queries only, each bounded by an index and counted by the database."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncDate

from apps.clients.models import Client
from apps.core import clock
from apps.exact.budget import Weather, weather_of
from apps.exact.models import Division
from apps.exact.models.connection import ConnectionStatus
from apps.intake.models import Part
from apps.invoices.models import WITH_CAUSE, Invoice, Invoices, State
from apps.invoices.stages import BY_KEY

GOOD, FAIR = 75, 25  # percent booked without a touch
LATE = timedelta(days=2)
OPEN = (*WITH_CAUSE, State.RECEIVED, State.PROPOSED, State.READY, State.POSTING)
COLUMNS = ("todo", "proposed", "refused", "ready")


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
    """One client in the matrix: how many documents are in each stage, and booked today."""

    client: int | None
    name: str
    counts: Counter[str] = field(default_factory=Counter)


def matrix(user: Any) -> list[Row]:
    """Return clients x stages (keys of COLUMNS, and `done` for today) for `user`; two queries.

    Documents that belong to no administration yet are a row with client None.
    """
    mine = Invoice.objects.visible_to(user).order_by()
    client = ("administration__client", "administration__client__name")
    stages = {key: Count("pk", filter=BY_KEY[key].condition) for key in COLUMNS}
    rows: dict[int | None, Row] = {}
    for found in mine.filter(state__in=OPEN).values(*client).annotate(**stages):
        row = _row(rows, found)
        row.counts.update({key: found[key] for key in COLUMNS})
    done_today = mine.outside_tests().filter(done_at__gte=midnight(clock.today()))
    today = done_today.values(*client).annotate(done=Count("pk"))
    for found in today:
        _row(rows, found).counts["done"] += found["done"]
    return sorted(rows.values(), key=lambda row: (row.client is None, row.name.casefold()))


def _row(rows: dict[int | None, Row], found: dict[str, Any]) -> Row:
    key = found["administration__client"]
    return rows.setdefault(key, Row(key, found["administration__client__name"] or ""))


def _booked(user: Any) -> Invoices:
    """The documents that `user` may see, without trials: what is in a test division is not booked."""
    rows: Invoices = Invoice.objects.visible_to(user).outside_tests()
    return rows


def touchless(user: Any, *, days: int = 30) -> int | None:
    """Return the percentage booked in the last `days` that no person touched; None when nothing was booked."""
    done = _booked(user).filter(done_at__gte=clock.now() - timedelta(days=days))
    found = done.aggregate(booked=Count("pk"), untouched=Count("pk", filter=Q(touched=False)))
    return percentage(found["untouched"], found["booked"])


def waiting_long(user: Any) -> int:
    """Return how many documents have waited for a person for more than two days."""
    waiting = Invoice.objects.visible_to(user).filter(state__in=(*WITH_CAUSE, State.PROPOSED))
    return waiting.filter(received_at__lt=clock.now() - LATE).count()


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


def causes(waiting: QuerySet[Invoice]) -> Counter[str]:
    """Return how many of `waiting` wait for each cause."""
    found = waiting.filter(state__in=WITH_CAUSE).order_by().values_list("cause").annotate(n=Count("pk"))
    return Counter(dict(found))


def per_day(user: Any, *, days: int = 14) -> list[tuple[date, int, int]]:
    """Return (day, files that came in, documents booked) for the last `days`, oldest first; two queries."""
    first = clock.today() - timedelta(days=days - 1)
    parts = Part.objects.visible_to(user).filter(receipt__received_at__gte=midnight(first))
    came = by_moment(parts, TruncDate("receipt__received_at", tzinfo=clock.DUTCH))
    done = _booked(user).filter(done_at__gte=midnight(first))
    booked = by_moment(done, TruncDate("done_at", tzinfo=clock.DUTCH))
    span = [first + timedelta(days=n) for n in range(days)]
    return [(day, came[day], booked[day]) for day in span]


def by_moment(rows: QuerySet[Any], moment: Any) -> Counter[date]:
    """Return how many of `rows` lie at each value of `moment`, a truncated date or time."""
    found = rows.order_by().annotate(moment=moment).values_list("moment").annotate(n=Count("pk"))
    return Counter({day_of(key): n for key, n in found})


def day_of(value: Any) -> date:
    """Return the day of a truncated date or time."""
    return value.date() if isinstance(value, datetime) else value


@dataclass(frozen=True)
class Standing:
    """One client in the portfolio; `touchless` is a percentage of the last 30 days, None when nothing was booked."""

    client: Client
    booked: int
    touched: int
    touchless: int | None
    waiting: int
    oldest: datetime | None

    @property
    def level(self) -> str:
        """How good `touchless` is."""
        return level(self.touchless)


def portfolio(user: Any, *, days: int = 30) -> list[Standing]:
    """Return how each client of `user` runs, the one with most hand work first; three queries."""
    mine = Invoice.objects.visible_to(user).order_by()
    since = clock.now() - timedelta(days=days)
    done = mine.outside_tests().filter(done_at__gte=since).values("administration__client")
    booked: dict[Any, Any] = {
        row["administration__client"]: row
        for row in done.annotate(booked=Count("pk"), touched=Count("pk", filter=Q(touched=True)))
    }
    open_ = mine.filter(state__in=(*WITH_CAUSE, State.PROPOSED)).values("administration__client")
    waiting: dict[Any, Any] = {
        row["administration__client"]: row
        for row in open_.annotate(waiting=Count("pk"), oldest=Min("received_at"))
    }
    clients = Client.objects.visible_to(user).order_by("name")
    found = [_standing(client, booked.get(client.pk, {}), waiting.get(client.pk, {})) for client in clients]
    return sorted(found, key=lambda one: -(one.touched + one.waiting))


def _standing(client: Client, booked: dict[str, Any], waiting: dict[str, Any]) -> Standing:
    done, touched = booked.get("booked", 0), booked.get("touched", 0)
    return Standing(
        client=client,
        booked=done,
        touched=touched,
        touchless=percentage(done - touched, done),
        waiting=waiting.get("waiting", 0),
        oldest=waiting.get("oldest"),
    )
