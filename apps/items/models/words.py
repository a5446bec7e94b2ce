"""By what an item is known on documents, and why it is asked about. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemKind(models.TextChoices):
    """What of a line is remembered as the item's, strongest first."""

    SELLER_ITEM = "seller_item", _("item code of the supplier")
    GTIN = "gtin", _("barcode (GTIN)")
    BUYER_ITEM = "buyer_item", _("own item code")
    DESCRIPTION = "description", _("description")


class QuestionKind(models.TextChoices):
    """What is asked about an item."""

    UNKNOWN = "unknown", _("item unknown")
    SEVERAL = "several", _("several items possible")
    CONFLICT = "conflict", _("item conflict")
    BLOCKED = "blocked", _("item not to be bought")
