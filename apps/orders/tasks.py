"""What bells and schedules call. Decides nothing; ids only."""

from datetime import UTC, datetime

from apps.core import crew, queue
from apps.exact.models import Division
from apps.orders import (
    answers,
    comparing_again,
    delivering,
    due,
    following,
    item_settling,
    processing,
    recoding,
    rerouting,
    starting_again,
)


def deliver(division: int) -> None:
    """Submit and drain one division."""
    delivering.deliver(
        Division.objects.select_related("app", "connection", "administration").get(pk=division)
    )
    item_settling.settle(division)


def resume(connection: int) -> None:
    """Go on with what waited for one connection, which works again."""
    for division in delivering.resume(connection):
        queue.ring("apps.orders.tasks.deliver", division.pk)


def deliver_round(stay: int = 0) -> None:
    """Submit and drain the divisions that have something due, side by side; `stay`: seconds since 1970."""
    crew.hold_round("apps.orders.tasks.deliver_round", due.divisions_due, _deliver_due, stay=stay)


def _deliver_due(division: int) -> datetime | None:
    goes_on_at = delivering.deliver_due(division)
    item_settling.settle(division)
    return goes_on_at


def items_read(division: int) -> None:
    """Go on with new items of one division: its mirrors were read."""
    item_settling.settle(division)


def mirrors_read(division: int) -> None:
    """Tell what became in Exact of the orders of one division, and compare anew the answers to them that wait."""
    row = Division.objects.select_related("app", "connection", "administration").get(pk=division)
    following.notice(row)
    comparing_again.mirrors_read(row)


def vendor_answered(question: int) -> None:
    """Go on with what waited for this answer about a vendor."""
    answers.vendor_answered(question)


def mapping_taken_back(mapping: int) -> None:
    """Ask again about what this mapping of a vendor decided."""
    answers.mapping_taken_back(mapping)


def item_answered(question: int) -> None:
    """Go on with what waited for this answer about an item."""
    answers.item_answered(question)


def item_mapping_taken_back(mapping: int) -> None:
    """Ask again about what this mapping of an item decided."""
    answers.item_mapping_taken_back(mapping)


def rules_changed(since: int) -> None:
    """Code anew what waits where booking rules changed; `since`: seconds since 1970."""
    recoding.follow_rules(datetime.fromtimestamp(since, UTC))


def vat_table_changed(administration: int) -> None:
    """Code anew what the VAT table of an administration concerns, after a row was confirmed or doubted."""
    recoding.table_changed(administration)


def mappings_adopted(administration: int) -> None:
    """Look again at what waits for an answer about its vendor, after mappings came in by the dozen."""
    recoding.mappings_adopted(administration)


def went_live(administration: int) -> None:
    """Make proposals of what waited for the end of a trial."""
    recoding.went_live(administration)
    comparing_again.pilots_ended(administration)


def division_changed(division: int) -> None:
    """Match anew what waits where an administration was linked to another division, or left its test division.

    What was tried there starts again.
    """
    starting_again.go_on(division)
    recoding.division_changed(division)


def process(receipt: int | None = None) -> None:
    """Read what was handed on as an order, in one receipt or all, and go on with it."""
    processing.process(receipt)


def routing_changed() -> None:
    """Ask again for whom is what nobody could place, after a rule of the firm was made or changed."""
    processing.follow_rules()


def sweep() -> None:
    """Each minute: read what a lost bell left lying, and go on with it."""
    processing.process()
    if rerouting.have_rules_changed():
        processing.follow_rules()
    processing.follow_firsts()
    answers.sweep()
    recoding.sweep()
    comparing_again.pilots_ended()
    item_settling.settle()
