"""What bells and schedules call. Decides nothing; ids only."""

from apps.core import queue
from apps.exact.models import Division
from apps.invoices import delivering, processing


def process(receipt: int | None = None) -> None:
    """Read and code what came in with one receipt, or everything unread."""
    processing.process(receipt)


def deliver(division: int) -> None:
    """Submit and drain one division."""
    delivering.deliver(
        Division.objects.select_related("app", "connection", "administration").get(pk=division)
    )


def resume(connection: int) -> None:
    """Go on with what waited for one connection, which works again."""
    for division in delivering.resume(connection):
        queue.ring("division_due", division.pk)


def sweep() -> None:
    """Each minute: what a lost bell left lying, and what has become due."""
    processing.process()
    for division in delivering.divisions_with_work():
        queue.ring("division_due", division.pk)
