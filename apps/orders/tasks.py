"""What bells and schedules call. Decides nothing; ids only."""

from apps.orders import processing, rerouting


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
