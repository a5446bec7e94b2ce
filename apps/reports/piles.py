"""The two piles of documents that are counted: invoices, and orders with what answers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from apps.core.states import WITH_CAUSE, State
from apps.invoices.models import Invoice
from apps.invoices.stages import BY_KEY
from apps.orders.models import PurchaseOrder
from apps.orders.stages import BY_KEY as ORDERS_BY_KEY

INVOICES, ORDERS = "invoices", "orders"
WAITING = (*WITH_CAUSE, State.PROPOSED)  # states in which a person is waited for
OPEN = (*WAITING, State.RECEIVED, State.READY, State.POSTING)


@dataclass(frozen=True)
class Pile:
    """Documents of one kind. `lists` is the name of the address of their list, `conditions` those of its stages."""

    key: str
    rows: QuerySet[Any]
    lists: str
    conditions: Mapping[str, Q]

    def done(self) -> QuerySet[Any]:
        """Return those that are done, without trials: what is in a test division is neither booked nor ordered."""
        rows: Any = self.rows
        done: QuerySet[Any] = rows.outside_tests().filter(done_at__isnull=False)
        return done

    def waiting(self) -> QuerySet[Any]:
        """Return those that wait for a person."""
        return self.rows.filter(state__in=WAITING)


def piles_of(user: Any) -> tuple[Pile, Pile]:
    """Return the invoices and the orders that `user` may see."""
    return _piles(Invoice.objects.visible_to(user), PurchaseOrder.objects.visible_to(user))


def piles_for(client: Any) -> tuple[Pile, Pile]:
    """Return the invoices and the orders of `client`."""
    mine = {"administration__client": client}
    return _piles(Invoice.objects.filter(**mine), PurchaseOrder.objects.filter(**mine))


def _piles(invoices: QuerySet[Invoice], orders: QuerySet[PurchaseOrder]) -> tuple[Pile, Pile]:
    of_invoices = {key: stage.condition for key, stage in BY_KEY.items()}
    of_orders = {key: stage.condition for key, stage in ORDERS_BY_KEY.items()}
    return (
        Pile(INVOICES, invoices.order_by(), "admin:invoices_invoice_changelist", of_invoices),
        Pile(ORDERS, orders.order_by(), "admin:orders_purchaseorder_changelist", of_orders),
    )
