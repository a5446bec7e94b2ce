"""What a document is and how it ended. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the document is."""

    INVOICE = "invoice", _("invoice")
    CREDIT_NOTE = "credit_note", _("credit note")


class Outcome(models.TextChoices):
    """How a document ended."""

    BOOKED = "booked", _("booked")
    HANDED_OVER = "handed_over", _("handed over")


# The same in a division that is kept for trials: it counts nowhere as booked.
IN_TEST = {
    Outcome.BOOKED: _("booked in the test division"),
    Outcome.HANDED_OVER: _("handed over in the test division"),
}


class InExact(models.TextChoices):
    """What somebody did in Exact with a booking of ours since."""

    NOTHING = "", _("nothing")
    PROCESSED = "processed", _("processed")
    CHANGED = "changed", _("changed")
    DELETED = "deleted", _("deleted")


NOTICEABLE = (InExact.CHANGED, InExact.DELETED)  # what a person should look at
