"""How an administration takes orders."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from apps.clients.access import VisibleQuerySet
from apps.clients.models import Administration

PRICE_BAND = Decimal(5)  # percent
DESCRIPTION = "PO {number}"


class OrderTermsOfAll(VisibleQuerySet["OrderTerms"]):
    """The terms of the administrations that somebody may see."""


class OrderTerms(models.Model):
    """What an administration does with orders. No row: it takes them, with what stands here by default.

    `price_band`: how far a price may lie from the supplier's in Exact, as a percentage of that (5). `description`:
    what the order is called in Exact; `{number}` stands for the number on the document.
    """

    administration = models.OneToOneField(
        Administration, models.CASCADE, related_name="order_terms", verbose_name=_("administration")
    )
    takes_orders = models.BooleanField(
        _("takes purchase orders"),
        default=True,
        help_text=_("Otherwise order documents are kept under Other post."),
    )
    price_band = models.DecimalField(
        _("price may differ by (%)"),
        max_digits=5,
        decimal_places=2,
        default=PRICE_BAND,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    description = models.CharField(
        _("description in Exact"),
        max_length=40,
        default=DESCRIPTION,
        help_text=_("{number} stands for the number on the order."),
    )

    objects = OrderTermsOfAll.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("terms for orders")
        verbose_name_plural = _("terms for orders")

    def __str__(self) -> str:
        return str(self.administration)

    @classmethod
    def of(cls, administration: Administration) -> "OrderTerms":
        """Return the terms of `administration`; those of one that said nothing are not in the database."""
        return cls.objects.filter(administration=administration).first() or cls(administration=administration)
