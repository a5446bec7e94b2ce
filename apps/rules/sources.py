"""Who vouches for a value on a line. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ValueSource(models.TextChoices):
    """Who vouches for a value."""

    NOBODY = "", _("nobody")
    DOCUMENT = "document", _("document")
    RULE = "rule", _("rule")
    CARD = "card", _("card")
    HISTORY = "history", _("history")
    TABLE = "table", _("VAT table")
    PERSON = "person", _("person")
    ITEM = "item", _("item")
    CORRECTION = "correction", _("earlier correction")


# The sign beside each on a page, from the theme's icons.
ICONS = {
    "": "help",
    "document": "description",
    "rule": "rule",
    "card": "badge",
    "history": "history",
    "table": "table",
    "person": "person",
    "item": "inventory_2",
    "correction": "edit_note",
}
