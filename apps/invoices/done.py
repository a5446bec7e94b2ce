"""Documents that are done and stay so, whatever else is told on them."""

from collections.abc import Callable
from datetime import timedelta

from apps.core import clock
from apps.core.transitions import Changed
from apps.exact.models import Division
from apps.invoices.models import Invoice, Invoices, State

FOLLOWED = timedelta(days=400)  # a year of books, and the weeks in which it is closed
EXACT = "Exact"


def done_in(division: Division) -> Invoices:
    """Return the documents that were done by postings in `division`, as far back as anybody asks."""
    rows: Invoices = Invoice.objects.filter(state=State.DONE, posting__division=division)
    return rows.filter(done_at__gte=clock.now() - FOLLOWED)


def keep(invoice: Invoice, *, who: str, why: str, **values: object) -> None:
    """Set `values` on a document that is done and stays so, with an event; raises core.transitions.Changed."""
    invoice.move(State.DONE, who=who, why=why, at=clock.now(), changed_at=invoice.changed_at, **values)


def unless_moved(act: Callable[[], None]) -> bool:
    """Do `act`; False when a person acted in this very moment, and then the next look tells."""
    try:
        act()
    except Changed:
        return False
    return True
