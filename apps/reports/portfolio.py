"""How each client of a person runs: what was done by hand, and what waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q

from apps.clients.models import Client
from apps.core import clock
from apps.reports.figures import level, percentage
from apps.reports.piles import WAITING, Pile, piles_of


@dataclass(frozen=True)
class Tally:
    """Documents of one kind: done in the last 30 days, how many of these a person touched, and those that wait."""

    done: int = 0
    touched: int = 0
    waiting: int = 0
    oldest: datetime | None = None

    @property
    def hand_work(self) -> int:
        """How many a person worked at, or must."""
        return self.touched + self.waiting


@dataclass(frozen=True)
class Standing:
    """One client in the portfolio: its invoices and its orders."""

    client: Client
    invoices: Tally
    orders: Tally

    @property
    def touchless(self) -> int | None:
        """The percentage of the invoices booked that no person touched; None when nothing was booked."""
        return percentage(self.invoices.done - self.invoices.touched, self.invoices.done)

    @property
    def level(self) -> str:
        """How good `touchless` is."""
        return level(self.touchless)

    @property
    def oldest(self) -> datetime | None:
        """Since when the oldest document waits, of either kind."""
        return min(filter(None, (self.invoices.oldest, self.orders.oldest)), default=None)


def portfolio(user: Any, *, days: int = 30) -> list[Standing]:
    """Return how each client of `user` runs, the one with most hand work first; three queries."""
    since = clock.now() - timedelta(days=days)
    invoices, orders = (_tallies(pile, since) for pile in piles_of(user))
    found = [
        Standing(client, invoices.get(client.pk, Tally()), orders.get(client.pk, Tally()))
        for client in Client.objects.visible_to(user).order_by("name")
    ]
    return sorted(found, key=lambda one: -(one.invoices.hand_work + one.orders.hand_work))


def _tallies(pile: Pile, since: datetime) -> dict[Any, Tally]:
    """Return by the key of its client what was done of `pile` since then, and what of it waits."""
    by = "administration__client"
    waits, done = Q(state__in=WAITING), Q(done_at__gte=since) & ~Q(posting__division__is_test=True)
    counted = pile.rows.filter(waits | Q(done_at__gte=since)).values(by)
    found = counted.annotate(
        done=Count("pk", filter=done),
        touched=Count("pk", filter=done & Q(touched=True)),
        waiting=Count("pk", filter=waits),
        oldest=Min("received_at", filter=waits),
    )
    return {row.pop(by): Tally(**row) for row in found}
