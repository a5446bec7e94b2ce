"""Numbers of bookings: unique in their journal and year, given or next in the series (Exact facts 5)."""

from dataclasses import dataclass

from apps.sandbox.exact import booking, store
from apps.sandbox.exact.errors import Problem, objection
from apps.sandbox.models import Row

ENTRIES, TRANSACTIONS = "purchaseentry/PurchaseEntries", "financialtransaction/TransactionLines"


@dataclass(frozen=True, slots=True)
class Series:
    """The series of a journal in a year, as the booking with this key meets it."""

    division: int
    journal: str
    year: int
    key: str

    def is_taken(self, number: int) -> bool:
        """Tell whether another booking has this number."""
        mark = store.entry_mark(self.journal, self.year, number)
        kept = Row.objects.filter(division=self.division, mark=mark, resource__in=[ENTRIES, TRANSACTIONS])
        return kept.exclude(key=self.key).exclude(parent=self.key).exists()


def entry_number(series: Series, given: int | None) -> int:
    """Return the number of a booking, a fresh one when none is given; raises Objection when it is taken."""
    if given is None:
        return _fresh(series)
    if series.is_taken(given):
        raise objection(Problem("in_use", "EntryNumber"))
    return given


def _fresh(series: Series) -> int:
    name = f"entry:{series.journal}:{series.year}"
    first = booking.first_number(series.journal, series.year)
    number = store.next_number(name, series.division, first)
    while series.is_taken(number):
        number = store.next_number(name, series.division)
    return number
