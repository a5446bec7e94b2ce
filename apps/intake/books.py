"""The books of what came in: per day, channel and client, every part in exactly one column, and the sums."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from apps.clients.models import Client
from apps.core import clock
from apps.intake.models import Channel, Part, PartOutcome, Receipt

COLUMNS = (
    PartOutcome.DOCUMENT,
    PartOutcome.ATTACHMENT,
    PartOutcome.DUPLICATE,
    PartOutcome.IGNORED,
    PartOutcome.REJECTED,
    PartOutcome.RECEIVED,
)
PATIENCE = timedelta(minutes=15)  # what is unread for longer is not on its way, but stuck


@dataclass
class Line:
    """One day of one channel: arrivals, how many are not opened yet, parts, and what became of them.

    `parts` is counted apart from the outcomes, so that a part with none, or with two, shows.
    """

    day: date | None
    channel: str
    receipts: int = 0
    unopened: int = 0
    parts: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def channel_name(self) -> str:
        """The channel as people call it."""
        return str(Channel(self.channel).label) if self.channel else ""

    @property
    def adds_up(self) -> bool:
        """Tell whether each part has its outcome, and no arrival is closed still."""
        return self.parts == sum(self.outcomes[column] for column in COLUMNS) and not self.is_open

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be opened or read."""
        return bool(self.unopened or self.outcomes[PartOutcome.RECEIVED])

    def add(self, other: "Line") -> None:
        """Add the figures of another line to this one."""
        self.receipts += other.receipts
        self.unopened += other.unopened
        self.parts += other.parts
        self.outcomes.update(other.outcomes)


@dataclass(frozen=True)
class Books:
    """The lines of a period, newest day first; their sum; and how much is stuck: unread for longer than PATIENCE."""

    lines: list[Line]
    total: Line
    stuck: int


def books_of(user: Any, first: date, last: date, *, client: Client | None = None, channel: str = "") -> Books:
    """Return the books of what `user` sees, from Dutch day `first` up to and including `last`; four queries.

    A part counts on the day its receipt came in, and for the client that it was routed to. Receipts are counted
    where one of their parts is; those that are not opened yet only for those who see arrivals of everybody.
    """
    period = {"received_at__gte": _midnight(first), "received_at__lt": _midnight(last + timedelta(days=1))}
    parts = Part.objects.visible_to(user).filter(**{f"receipt__{name}": at for name, at in period.items()})
    unopened = Receipt.objects.visible_to(user).filter(opened_at=None, **period)
    if channel:
        parts, unopened = parts.filter(receipt__channel=channel), unopened.filter(channel=channel)
    if client is not None:
        parts = parts.filter(administration__client=client)
        unopened = unopened.filter(administration__client=client)
    lines = _lines(parts, unopened)
    total = Line(None, "")
    for line in lines:
        total.add(line)
    late = clock.now() - PATIENCE
    stuck = parts.filter(outcome=PartOutcome.RECEIVED, receipt__hold="", receipt__received_at__lt=late)
    return Books(lines, total, stuck.count() + unopened.filter(received_at__lt=late).count())


def _lines(parts: QuerySet[Part], unopened: QuerySet[Receipt]) -> list[Line]:
    found: dict[tuple[date, str], Line] = {}
    for key, outcome, count in _by_day(parts, "receipt__", "outcome", Count("pk")):
        found.setdefault(key, Line(*key)).outcomes[outcome] += count
    for key, receipts, count in _by_day(parts, "receipt__", Count("receipt", distinct=True), Count("pk")):
        line = found.setdefault(key, Line(*key))
        line.receipts, line.parts = receipts, count
    for key, _channel, count in _by_day(unopened, "", "channel", Count("pk")):
        line = found.setdefault(key, Line(*key))
        line.unopened, line.receipts = count, line.receipts + count
    order = list(Channel.values)
    return sorted(
        found.values(), key=lambda line: (-(line.day or date.min).toordinal(), order.index(line.channel))
    )


def _by_day(rows: QuerySet[Any], path: str, first: Any, count: Count) -> list[tuple[Any, Any, int]]:
    """Return ((day, channel), first, count) of `rows`; `path` leads to the receipt."""
    day = TruncDate(f"{path}received_at", tzinfo=clock.DUTCH)
    keyed = rows.order_by().annotate(day=day).values("day", f"{path}channel")
    if isinstance(first, Count):
        counted = keyed.annotate(first=first, n=count).values_list("day", f"{path}channel", "first", "n")
    else:
        counted = keyed.values("day", f"{path}channel", first).annotate(n=count)
        counted = counted.values_list("day", f"{path}channel", first, "n")
    return [((day, channel), value, n) for day, channel, value, n in counted]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.DUTCH)


def stuck() -> int:
    """Return how much of what came in was not opened or read within PATIENCE: a figure for /health/."""
    late = clock.now() - PATIENCE
    parts = Part.objects.filter(outcome=PartOutcome.RECEIVED, receipt__hold="", receipt__received_at__lt=late)
    return parts.count() + Receipt.objects.filter(opened_at=None, received_at__lt=late).count()
