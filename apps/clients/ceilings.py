"""The ceilings that hold in an administration: the lower of the firm's and its client's, read from their rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Q, QuerySet

from apps.clients.models import Administration, Limits


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Of the firm and one client together. Amounts with VAT in the division's currency; None: no ceiling."""

    automatic_up_to: Decimal | None = None
    four_eyes_above: Decimal | None = None
    untouched: int = 3

    def asks_one(self, amount: Decimal | None) -> bool:
        """Tell whether a person must look; an amount that cannot be told in our currency might be any."""
        return is_above(amount, self.automatic_up_to)

    def asks_two(self, amount: Decimal | None) -> bool:
        """Tell whether two people must look; an amount that cannot be told in our currency might be any."""
        return is_above(amount, self.four_eyes_above)


def is_above(amount: Decimal | None, limit: Decimal | None) -> bool:
    """Tell whether `amount`, or less than nothing as much, is above `limit`; None is above any limit there is."""
    return limit is not None and (amount is None or abs(amount) > limit)


def limits_of(administration: Administration) -> QuerySet[Limits]:
    """Return the rows that hold in `administration`: the firm's and its client's, as far as there are any."""
    return Limits.objects.filter(Q(client=None) | Q(client=administration.client_id))


def ceilings_of(administration: Administration, *, are_there: bool = True) -> Ceilings:
    """Return the ceilings in `administration`. Of amounts the lower holds, of the bookings to wait for the higher.

    `are_there`: False when it is known that nobody set any; that spares the query.
    """
    columns = ("automatic_up_to", "four_eyes_above", "untouched")
    rows = list(limits_of(administration).values_list(*columns)) if are_there else []
    counts = [row[2] for row in rows if row[2] is not None]
    return Ceilings(
        automatic_up_to=_lowest(row[0] for row in rows),
        four_eyes_above=_lowest(row[1] for row in rows),
        untouched=max(counts, default=settings.UNTOUCHED_BEFORE_OFFERED) or 1,
    )


def _lowest(amounts: Iterable[Decimal | None]) -> Decimal | None:
    return min((amount for amount in amounts if amount is not None), default=None)
