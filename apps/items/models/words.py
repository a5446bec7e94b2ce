"""By what an item is known on documents. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemKind(models.TextChoices):
    """What of a line is remembered as the item's, strongest first."""

    SELLER_ITEM = "seller_item", _("item code of the supplier")
    GTIN = "gtin", _("barcode (GTIN)")
    BUYER_ITEM = "buyer_item", _("own item code")
    DESCRIPTION = "description", _("description")
