"""The words of a booking rule's conditions and outcomes. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TextIn(models.TextChoices):
    """Where a text is looked for."""

    ANYWHERE = "any", _("anywhere")
    HEADER = "header", _("in the header")
    LINE = "line", _("on the line")


class TextMatch(models.TextChoices):
    """How a text is compared; capitals never matter."""

    CONTAINS = "contains", _("contains")
    WORD = "word", _("whole word")
    REGEX = "regex", _("regular expression")


class Spread(models.TextChoices):
    """Over which months the cost is spread (PurchaseEntryLines.From and To, Exact facts 4.4)."""

    NOT = "", _("not spread")
    DOCUMENT = "document", _("over the period on the document")
    MONTHS = "months", _("over a number of months from the date of the document")
