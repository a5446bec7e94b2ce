"""Documents that nobody could place are asked again when the rules of the firm changed."""

from datetime import timedelta

from apps.core import clock
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.intake.models import RoutingRule
from apps.invoices.models import Invoice, State
from apps.invoices.receiving import SYSTEM
from apps.invoices.reviewing import Refused, place_again

UNPLACED = (Cause.NOT_OURS, Cause.SEVERAL_ADMINISTRATIONS)
LOOK_BACK = timedelta(minutes=15)  # how long the sweeper mends a lost bell


def follow_rules() -> int:
    """Bring what waits for its administration where the rules of now say; return how many moved.

    What no rule places is left as it is, without a word. Safe to run twice, and by several.
    """
    waiting = Invoice.objects.filter(state=State.ATTENTION, cause__in=UNPLACED, administration=None)
    moved = 0
    for key in list(waiting.order_by("pk").values_list("pk", flat=True)):
        invoice = waiting.select_related("part__receipt", "posting").filter(pk=key).first()
        if invoice is None:
            continue
        try:
            moved += place_again(invoice, by=SYSTEM)
        except (Changed, Refused):  # a person was first
            continue
    return moved


def sweep() -> int:
    """Do the same for a bell that was lost: when a rule began to count just now."""
    recent = RoutingRule.objects.filter(is_active=True, made_at__gte=clock.now() - LOOK_BACK)
    return follow_rules() if recent.exists() else 0
