"""Orders, their lines and events, and how an administration takes them."""

from apps.core.states import SENT, UNDER_WAY, WITH_CAUSE, State, WaitsFor
from apps.orders.models.item_write import ItemWrite, ItemWrites
from apps.orders.models.purchase_order import NOTICED, PurchaseOrder, PurchaseOrders
from apps.orders.models.rows import PurchaseOrderEvent, PurchaseOrderLine
from apps.orders.models.terms import OrderTerms
from apps.orders.models.words import ENDED, IN_TEST, Kind, Outcome, Standing
from apps.rules.sources import ValueSource

__all__ = [
    "ENDED",
    "IN_TEST",
    "NOTICED",
    "SENT",
    "UNDER_WAY",
    "WITH_CAUSE",
    "ItemWrite",
    "ItemWrites",
    "Kind",
    "OrderTerms",
    "Outcome",
    "PurchaseOrder",
    "PurchaseOrderEvent",
    "PurchaseOrderLine",
    "PurchaseOrders",
    "Standing",
    "State",
    "ValueSource",
    "WaitsFor",
]
