"""Purchase orders of the simulated Exact Online, for what becomes of them there."""

from collections.abc import Callable
from decimal import Decimal

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.sandbox import switches
from apps.sandbox.admin.permission import SandboxAdmin
from apps.sandbox.exact import order_keeping
from apps.sandbox.exact.errors import Refused
from apps.sandbox.models import PurchaseOrder, Row

_HALF = Decimal("0.5")


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(SandboxAdmin):
    """Purchase orders to receive, complete and cancel as somebody in Exact would."""

    addable = False
    changeable = False
    deletable = False
    list_display = ("division", "number", "supplier", "reference", "order", "receipt", "invoice", "source")
    list_filter = ("division",)
    search_fields = ("key", "mark")
    actions = ("receive_half", "receive_all", "complete_orders", "cancel_orders")
    ordering = ("division", "mark")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """Return the rows of purchase orders."""
        return super().get_queryset(request).filter(resource=order_keeping.ORDERS)

    @admin.display(description=_("number"), ordering="mark")
    def number(self, row: Row) -> str:
        """Order number."""
        return row.mark

    @admin.display(description=_("supplier"))
    def supplier(self, row: Row) -> str:
        """Name of the supplier."""
        return str(row.data.get("SupplierName") or "")

    @admin.display(description=_("your reference"))
    def reference(self, row: Row) -> str:
        """The supplier's reference."""
        return str(row.data.get("YourRef") or "")

    @admin.display(description=_("status"))
    def order(self, row: Row) -> int:
        """Status of the order: 10 open, 20 partial, 30 complete, 40 cancelled."""
        return int(row.data["OrderStatus"])

    @admin.display(description=_("received"))
    def receipt(self, row: Row) -> int:
        """Status of the receipt, in the same numbers."""
        return int(row.data["ReceiptStatus"])

    @admin.display(description=_("invoiced"))
    def invoice(self, row: Row) -> int:
        """Status of the invoices, in the same numbers."""
        return int(row.data["InvoiceStatus"])

    @admin.display(description=_("source"))
    def source(self, row: Row) -> int:
        """Where the order came from; 11 is the REST API."""
        return int(row.data["Source"])

    @admin.action(description=_("Receive half of what is to come"))
    def receive_half(self, request: HttpRequest, rows: QuerySet[Row]) -> None:
        """Receive half of what each line still has to come."""
        _each(request, rows, lambda division, key: switches.receive_order(division, key, _HALF))

    @admin.action(description=_("Receive all that is to come"))
    def receive_all(self, request: HttpRequest, rows: QuerySet[Row]) -> None:
        """Receive all that each line still has to come."""
        _each(request, rows, switches.receive_order)

    @admin.action(description=_("Complete as somebody in Exact would"))
    def complete_orders(self, request: HttpRequest, rows: QuerySet[Row]) -> None:
        """Close what is selected as complete."""
        _each(request, rows, switches.complete_order)

    @admin.action(description=_("Cancel as somebody in Exact would"))
    def cancel_orders(self, request: HttpRequest, rows: QuerySet[Row]) -> None:
        """Cancel what is selected."""
        _each(request, rows, switches.cancel_order)


def _each(request: HttpRequest, rows: QuerySet[Row], act: Callable[[int, str], None]) -> None:
    for row in rows:
        try:
            act(row.division, row.key)
        except Refused:
            words = gettext("Order %(number)s is complete or cancelled already.") % {"number": row.mark}
            messages.warning(request, words)
