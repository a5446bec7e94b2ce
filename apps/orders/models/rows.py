"""The lines of an order with the items they mean, and its events."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.clients.access import VisibleQuerySet
from apps.core.states import State
from apps.items.models import ItemMapping, ItemQuestion
from apps.orders.models.purchase_order import PurchaseOrder
from apps.rules.scenario import Scenario
from apps.rules.sources import ValueSource


class PurchaseOrderLines(VisibleQuerySet["PurchaseOrderLine"]):
    """Lines of orders."""

    administration_path = "order__administration"
    unrouted = True


class PurchaseOrderLine(models.Model):
    """One line as the document says it, and as Exact is to have it.

    `quantity` in `unit` as the document says; `price` is net for one of that unit. `ordered` and `ordered_price`: the
    same in `purchase_unit` of Exact, which `factor` of the item's own units make. `discount` is a percentage (12.5).
    `rate` is the VAT rate as a percentage (21). `exact_line`: its id in Exact, once ordered.
    """

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines", verbose_name=_("order"))
    position = models.PositiveIntegerField(_("line"))
    number = models.CharField(_("number of the line"), max_length=40, blank=True, default="")
    about_line = models.CharField(_("line of the order"), max_length=40, blank=True, default="")
    status = models.CharField(_("answer"), max_length=4, blank=True, default="")
    substitute = models.CharField(_("comes instead"), max_length=255, blank=True, default="")
    description = models.CharField(_("description"), max_length=500, blank=True)
    seller_item = models.CharField(_("item code of the supplier"), max_length=60, blank=True, default="")
    buyer_item = models.CharField(_("own item code"), max_length=60, blank=True, default="")
    gtin = models.CharField(_("barcode (GTIN)"), max_length=14, blank=True, default="")
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=6, null=True)
    discount = models.DecimalField(_("discount (%)"), max_digits=7, decimal_places=4, null=True)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=2, null=True)
    receipt_date = models.DateField(_("wanted on"), null=True)
    category = models.CharField(_("VAT category"), max_length=4, blank=True, default="")
    rate = models.DecimalField(_("VAT rate"), max_digits=7, decimal_places=3, null=True)
    document_cost_center = models.CharField(
        _("cost centre on the document"), max_length=60, blank=True, default=""
    )
    document_cost_unit = models.CharField(
        _("cost unit on the document"), max_length=60, blank=True, default=""
    )
    project_text = models.CharField(_("project"), max_length=255, blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")

    item = models.UUIDField(_("item"), null=True)
    item_code = models.CharField(_("item"), max_length=60, blank=True, default="")
    item_name = models.CharField(_("description in Exact"), max_length=255, blank=True, default="")
    item_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    item_why = models.CharField(_("why this item"), max_length=255, blank=True, default="")
    item_question = models.ForeignKey(
        ItemQuestion, models.SET_NULL, null=True, related_name="+", verbose_name=_("question")
    )
    item_mapping = models.ForeignKey(
        ItemMapping, models.SET_NULL, null=True, related_name="+", verbose_name=_("item mapping")
    )
    purchase_unit = models.CharField(_("purchase unit"), max_length=20, blank=True, default="")
    factor = models.DecimalField(_("units in one purchase unit"), max_digits=18, decimal_places=6, null=True)
    ordered = models.DecimalField(_("ordered"), max_digits=18, decimal_places=4, null=True)
    ordered_price = models.DecimalField(
        _("price per purchase unit"), max_digits=18, decimal_places=6, null=True
    )
    ordered_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    unit_why = models.CharField(_("how it was converted"), max_length=255, blank=True, default="")
    price_why = models.CharField(_("how the price compares"), max_length=255, blank=True, default="")
    scenario = models.CharField(
        _("VAT scenario"), max_length=20, choices=Scenario.choices, blank=True, default=""
    )
    vat_code = models.CharField(_("VAT code"), max_length=10, blank=True, default="")
    vat_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    vat_why = models.CharField(_("why this VAT code"), max_length=255, blank=True, default="")
    cost_center = models.CharField(_("cost centre"), max_length=20, blank=True, default="")
    cost_center_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    cost_center_why = models.CharField(_("why this cost centre"), max_length=255, blank=True, default="")
    cost_unit = models.CharField(_("cost unit"), max_length=20, blank=True, default="")
    cost_unit_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    cost_unit_why = models.CharField(_("why this cost unit"), max_length=255, blank=True, default="")
    receipt_date_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    receipt_date_why = models.CharField(_("why this day"), max_length=255, blank=True, default="")
    project_source = models.CharField(max_length=10, choices=ValueSource.choices, blank=True, default="")
    project_why = models.CharField(_("why this project"), max_length=255, blank=True, default="")
    rules = models.JSONField(default=list)
    exact_line = models.UUIDField(_("line in Exact"), null=True)

    objects = PurchaseOrderLines.as_manager()

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_once")
        ]
        # Those of the item codes, by their beginnings, are made by a migration: only PostgreSQL has such.
        indexes: ClassVar = [models.Index(fields=["gtin"], condition=~Q(gtin=""), name="order_line_gtin")]

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"


class PurchaseOrderEvents(VisibleQuerySet["PurchaseOrderEvent"]):
    """The history of orders."""

    administration_path = "order__administration"
    unrouted = True


class PurchaseOrderEvent(models.Model):
    """One move of an order: from, to, who, why, when. Only ever added."""

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="events", verbose_name=_("order"))
    from_state = models.CharField(_("from"), max_length=10, choices=State.choices)
    to_state = models.CharField(_("to"), max_length=10, choices=State.choices)
    who = models.CharField(_("who"), max_length=200)
    why = models.TextField(_("why"))
    at = models.DateTimeField(_("when"))

    objects = PurchaseOrderEvents.as_manager()

    class Meta:
        verbose_name = _("event of an order")
        verbose_name_plural = _("events of orders")
        indexes: ClassVar = [models.Index(fields=["order", "at"], name="event_of_order")]

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} - {self.get_to_state_display()}"
