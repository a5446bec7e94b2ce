"""The words in which decisions, questions and cases about vendors are kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """How far a decision reaches within its administration."""

    SENDER = "sender", _("always for this sender")
    DOCUMENT = "document", _("this document only")


class Origin(models.TextChoices):
    """Where a decision was made."""

    QUEUE = "queue", _("the queue")
    CREATED = "created", _("a new supplier")
    IMPORT = "import", _("an imported list")
    HISTORY = "history", _("last year's bookings")


class QuestionKind(models.TextChoices):
    """What is asked about an identity."""

    UNKNOWN = "unknown", _("vendor unknown")
    CONFLICT = "conflict", _("vendor conflict")
    SEVERAL = "several", _("several suppliers possible")
    BLOCKED = "blocked", _("supplier blocked")
    PROPOSED = "proposed", _("looks like a supplier")
    GONE = "gone", _("supplier gone from Exact")


class CaseState(models.TextChoices):
    """Where a case is."""

    OPEN = "open", _("to be called")
    CALLED = "called", _("called; a second person confirms")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class NumberSource(models.TextChoices):
    """Where the telephone number was found. Never on the document: who forges an account forges that too."""

    CARD = "card", _("the supplier's card in Exact")
    KNOWN = "known", _("a number we already had")
