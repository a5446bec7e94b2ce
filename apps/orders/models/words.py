"""What an order document is, and how it ended. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the document is."""

    ORDER = "order", _("purchase order")
    RESPONSE = "response", _("order confirmation")
    CHANGE = "change", _("order change")
    CANCELLATION = "cancellation", _("order cancellation")


class Outcome(models.TextChoices):
    """How a document ended."""

    ORDERED = "ordered", _("ordered")
    CONFIRMED = "confirmed", _("confirmed unchanged")
    CHANGED = "changed", _("changed in Exact")
    BY_HAND = "by_hand", _("dealt with by hand")
    ACKNOWLEDGED = "acknowledged", _("received by the supplier")


# The same in a division that is kept for trials: it counts nowhere as ordered.
IN_TEST = {
    Outcome.ORDERED: _("ordered in the test division"),
    Outcome.CONFIRMED: _("confirmed in the test division"),
    Outcome.CHANGED: _("changed in the test division"),
    Outcome.BY_HAND: _("dealt with by hand in the test division"),
    Outcome.ACKNOWLEDGED: _("received by the supplier, in the test division"),
}


class Standing(models.TextChoices):
    """How an order stands in Exact: the last that the mirror showed (Exact facts 4.4)."""

    UNKNOWN = "", _("not known")
    OPEN = "open", _("open")
    PARTIAL = "partial", _("partly received")
    COMPLETE = "complete", _("complete")
    CANCELLED = "cancelled", _("cancelled")
    GONE = "gone", _("gone from Exact")


ENDED = (Standing.COMPLETE, Standing.CANCELLED, Standing.GONE)  # nothing is changed in it any more
