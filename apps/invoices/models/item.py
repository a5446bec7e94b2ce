"""Which items of Exact the lines of a document are, where it is delivered as a purchase invoice."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.items.models import ItemMapping, ItemQuestion
from apps.rules.sources import ValueSource


class InvoiceItems(VisibleQuerySet["InvoiceItem"]):
    """Items of lines."""

    administration_path = "line__invoice__administration"
    unrouted = True


class InvoiceItem(models.Model):
    """What one line is to Exact: an item, and the line of a purchase order that it invoices, if any.

    `said`: what the document says of it besides its line (item_reading). `item` and `order_line` are ids in Exact.
    `quantity` is signed as the line is, in `unit`: the supplier's purchase unit. Lines of words alone have no item.
    """

    line = models.OneToOneField(
        "invoices.InvoiceLine", models.CASCADE, related_name="item", verbose_name=_("line")
    )
    said = models.JSONField(default=dict)
    item = models.UUIDField(null=True)
    item_code = models.CharField(_("item"), max_length=60, blank=True, default="")
    item_name = models.CharField(_("name of the item"), max_length=255, blank=True, default="")
    source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    why = models.CharField(_("why this item"), max_length=255, blank=True, default="")
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    order_line = models.UUIDField(_("line of the order"), null=True)
    order_number = models.CharField(_("order"), max_length=20, blank=True, default="")
    question = models.ForeignKey(
        ItemQuestion,
        models.SET_NULL,
        null=True,
        related_name="invoice_items",
        verbose_name=_("question about the item"),
    )
    mapping = models.ForeignKey(
        ItemMapping,
        models.SET_NULL,
        null=True,
        related_name="invoice_items",
        verbose_name=_("mapping of the item"),
    )

    objects = InvoiceItems.as_manager()

    class Meta:
        verbose_name = _("item of a line")
        verbose_name_plural = _("items of lines")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="invoiced_order_line_is_an_item", condition=Q(order_line=None) | Q(item__isnull=False)
            ),
            models.CheckConstraint(name="known_item_is_not_asked", condition=Q(item=None) | Q(question=None)),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["order_line"], condition=Q(order_line__isnull=False), name="invoice_of_order_line"
            )
        ]

    def __str__(self) -> str:
        return self.item_code or str(_("unknown item"))

    @property
    def is_chosen(self) -> bool:
        """Whether a person chose it for this line alone, and not for all that say the same."""
        return self.source == ValueSource.PERSON and self.mapping_id is None and self.item is not None

    def set_item(self, key: UUID | None, code: str, name: str, *, source: str, why: str) -> None:
        """Let the line be the item with this id in Exact; None for none."""
        self.item = key
        self.item_code, self.item_name = (code, name[:255]) if key else ("", "")
        self.source, self.why = source if key else ValueSource.NOBODY, why[:255]
