"""What can be chosen for an administration."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Package(models.TextChoices):
    """The bookkeeping package of an administration."""

    EXACT_ONLINE = "exact_online", "Exact Online"
    EXACT_GLOBE = "exact_globe", "Exact Globe"
    ACCEPT = "accept", "Accept"


class Mode(models.TextChoices):
    """How far an administration runs by itself."""

    PILOT = "pilot", _("pilot (shadow)")
    PROPOSE = "propose", _("propose")
    AUTOMATIC = "automatic", _("automatic")


class ClosedPeriod(models.TextChoices):
    """What happens with a document whose date lies in a closed or filed period."""

    WAIT = "wait", _("it waits for a person")
    NEXT = "next", _("it is booked on the first open day, and says so")


class EntryLines(models.TextChoices):
    """How the lines of a document become lines of an entry."""

    EACH = "each", _("one for each line of the document")
    GROUPED = "grouped", _("one for each ledger account, VAT code and cost centre")


class MatchOrder(models.TextChoices):
    """Which evidence about a vendor is asked first. Evidence that disagrees is a conflict in either order."""

    STRONGEST = "strongest", _("strongest first")
    DOMAIN = "domain", _("e-mail domain first")
