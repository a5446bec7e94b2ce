"""Parts that are called orders and of which no order came."""

from apps.intake.models import Part, PartKind, PartOutcome


def parts_astray() -> int:
    """Return how many parts are called documents of orders and have none, which must be 0: a figure for /health/."""
    settled = Part.objects.filter(outcome=PartOutcome.DOCUMENT, kind=PartKind.ORDER)
    return settled.filter(purchase_order=None).count()
