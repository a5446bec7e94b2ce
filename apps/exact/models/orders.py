"""The mirror of purchase orders."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.exact.models.entity import Guided


class OrderStatus(models.IntegerChoices):
    """OrderStatus, ReceiptStatus and InvoiceStatus of an order (Exact facts 4.4)."""

    OPEN = 10, _("open")
    PARTIAL = 20, _("partial")
    COMPLETE = 30, _("complete")
    CANCELLED = 40, _("cancelled")


class ExactOrder(Guided):
    """sync/PurchaseOrder/PurchaseOrders: an order, or a line of one. Line number 0 is the order itself.

    A line: `ordered` in `unit`, its purchase unit, at `net_price` each; `quantity` is the same in the item's own units,
    and so are `received` and `invoiced`. `amount` is without VAT in `currency`. Source 11 is the API. A change of the
    order versions it and all its lines anew (3.6): `timestamp`.
    """

    API: ClassVar[int] = 11

    order_id = models.UUIDField(_("order"))
    order_number = models.IntegerField(_("order number"), null=True)
    line_number = models.IntegerField(_("line"), default=0)
    supplier = models.UUIDField(_("supplier"), null=True)
    supplier_name = models.CharField(_("supplier"), max_length=255, blank=True)
    your_ref = models.CharField(_("their reference"), max_length=60, blank=True)
    description = models.CharField(_("description"), max_length=255, blank=True)
    order_date = models.DateField(_("date"), null=True)
    receipt_date = models.DateField(_("wanted on"), null=True)
    order_status = models.PositiveSmallIntegerField(_("status"), choices=OrderStatus.choices, default=0)
    receipt_status = models.PositiveSmallIntegerField(_("receipt"), choices=OrderStatus.choices, default=0)
    invoice_status = models.PositiveSmallIntegerField(_("invoice"), choices=OrderStatus.choices, default=0)
    source = models.PositiveSmallIntegerField(_("source"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    document = models.UUIDField(_("document"), null=True)
    item = models.UUIDField(_("item"), null=True)
    item_code = models.CharField(_("item code"), max_length=60, blank=True)
    unit = models.CharField(_("purchase unit"), max_length=20, blank=True)
    ordered = models.DecimalField(_("ordered"), max_digits=18, decimal_places=4, null=True)
    quantity = models.DecimalField(_("in units of the item"), max_digits=18, decimal_places=4, null=True)
    received = models.DecimalField(_("received"), max_digits=18, decimal_places=4, null=True)
    invoiced = models.DecimalField(_("invoiced"), max_digits=18, decimal_places=4, null=True)
    net_price = models.DecimalField(_("net price"), max_digits=18, decimal_places=6, null=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True)
    vat_code = models.CharField(_("VAT code"), max_length=10, blank=True)
    cost_center = models.CharField(_("cost centre"), max_length=20, blank=True)
    cost_unit = models.CharField(_("cost unit"), max_length=20, blank=True)
    timestamp = models.BigIntegerField(_("version in Exact"), default=0)

    class Meta(Guided.Meta):
        verbose_name = _("order in Exact")
        verbose_name_plural = _("orders in Exact")
        indexes: ClassVar = [
            models.Index(fields=["division", "order_id", "line_number"], name="exactorder_order"),
            models.Index(fields=["division", "supplier", "your_ref"], name="exactorder_your_ref"),
        ]

    def __str__(self) -> str:
        return f"{self.order_number or ''} {self.description}".strip()
