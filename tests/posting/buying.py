"""Postings of purchase orders, their changes, purchase invoices and items, and a look at what Exact then has."""

from dataclasses import dataclass
from typing import Any

from apps.exact.client import Exact
from apps.exact.models import Division
from apps.posting.models import Method, Posting
from apps.posting.steps import carry_out
from apps.sandbox.exact import store
from apps.sandbox.models import Row
from tests.intake.factories import OriginalFactory
from tests.posting.conftest import ATTACHMENTS, CONTENT, DAY, DOCUMENTS, again
from tests.posting.factories import PostingFactory

ORDERS, LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"
INVOICES = "purchase/PurchaseInvoices"
ITEMS, SUPPLIER_ITEMS = "logistics/Items", "logistics/SupplierItem"
WRITES = (DOCUMENTS, ATTACHMENTS, ORDERS)


@dataclass
class Buyer:
    """A division, a supplier of it, and an item that the supplier sells; amounts without VAT, at 21 %."""

    division: Division
    supplier: str
    item: str
    vat_code: str = "2"

    @property
    def exact(self) -> Exact:
        """Exact as this division sees it."""
        return Exact(self.division)

    def order(self, number: str = "PO 4711", quantity: float = 10, **values: Any) -> dict[str, Any]:
        """Return the payload of an order of one line, at 10.00 each."""
        line = {
            "Item": self.item,
            "QuantityInPurchaseUnits": quantity,
            "NetPrice": 10.0,
            "VATCode": self.vat_code,
        }
        known = {
            "Supplier": self.supplier,
            "YourRef": number,
            "OrderDate": DAY.isoformat(),
            "PurchaseOrderLines": [line],
        }
        return {**known, **values}

    def look(self, number: str = "PO 4711", quantity: float = 10, **values: Any) -> dict[str, Any]:
        """Return how that order, or an invoice of as much, is looked for."""
        total = f"{quantity * 12.1:.2f}"
        known = {"supplier": self.supplier, "your_ref": number, "date": DAY.isoformat(), "amount": total}
        return {**known, **values}

    def posting(
        self,
        number: str = "PO 4711",
        quantity: float = 10,
        *,
        look: dict[str, Any] | None = None,
        **values: Any,
    ) -> Posting:
        """Return a due posting of document, attachment and order; `values` change the order's payload."""
        posting = self._posting(Method.ORDER)
        payload = self.order(number, quantity, Description=f"{number} [{posting.reference}]") | values
        step = {"name": "order", "resource": ORDERS, "key": "PurchaseOrderID", "payload": payload}
        return self._planned(posting, step, self.look(number, quantity, **(look or {})))

    def invoice(self, number: str = "F-1", quantity: float = 10, **values: Any) -> Posting:
        """Return a due posting of document, attachment and purchase invoice; `values` change its payload."""
        posting = self._posting(Method.INVOICE)
        payload = self.billed(number, quantity, Description=f"{number} [{posting.reference}]") | values
        step = {"name": "purchase invoice", "resource": INVOICES, "key": "ID", "payload": payload}
        return self._planned(posting, step, self.look(number, quantity))

    def billed(self, number: str = "F-1", quantity: float = 10, **values: Any) -> dict[str, Any]:
        """Return the payload of a purchase invoice of one line, at 10.00 each."""
        line = {"Item": self.item, "Quantity": quantity, "NetPrice": 10.0, "VATCode": self.vat_code}
        known = {
            "Journal": "60",
            "Type": 8033,
            "Supplier": self.supplier,
            "YourRef": number,
            "InvoiceDate": DAY.isoformat(),
            "PurchaseInvoiceLines": [line],
        }
        return {**known, **values}

    def change(self, *steps: dict[str, Any]) -> Posting:
        """Return a due posting that changes an order by these steps."""
        posting = self._posting(Method.ORDER_CHANGE)
        posting.plan = {"steps": list(steps), "look": {}}
        posting.save(update_fields=["plan"])
        return posting

    def orders_of(self, posting: Posting) -> list[Row]:
        """Return the orders that carry the reference of `posting`."""
        return [row for row in self.rows(ORDERS) if posting.reference in (row.data.get("Description") or "")]

    def rows(self, resource: str) -> list[Row]:
        """Return everything of this kind in the division."""
        return list(store.rows(resource, self.division.code))

    def counts(self, posting: Posting, resource: str = ORDERS) -> dict[str, int]:
        """Return how many documents, files and orders (or what else `resource` is) Exact has of `posting`."""
        documents = [
            row for row in self.rows(DOCUMENTS) if posting.reference in (row.data.get("Subject") or "")
        ]
        keys = {row.key for row in documents}
        made = [
            row for row in self.rows(resource) if posting.reference in (row.data.get("Description") or "")
        ]
        files = [row for row in self.rows(ATTACHMENTS) if row.data.get("Document") in keys]
        return {DOCUMENTS: len(documents), ATTACHMENTS: len(files), resource: len(made)}

    def _posting(self, method: str) -> Posting:
        made: Posting = PostingFactory(division=self.division, method=method)
        return made

    def _planned(self, posting: Posting, result: dict[str, Any], look: dict[str, Any]) -> Posting:
        subject = f"Anker {look['your_ref']} [{posting.reference}]"
        document = {"Subject": subject, "Type": 20, "Account": self.supplier}
        posting.plan = {
            "steps": [
                {"name": "document", "resource": DOCUMENTS, "key": "ID", "payload": document},
                {
                    "name": "attachment",
                    "resource": ATTACHMENTS,
                    "key": "ID",
                    "payload": {"FileName": "order.xml"},
                    "original": OriginalFactory(data=CONTENT).pk,
                    "needs": {"Document": "document"},
                },
                {**result, "needs": {"Document": "document"}},
            ],
            "look": look,
        }
        posting.save(update_fields=["plan"])
        return posting


def make_buyer(division: Division) -> Buyer:
    """Return a buyer at a division that is connected already."""
    sold = store.rows(SUPPLIER_ITEMS, division.code).order_by("pk")[0].data
    return Buyer(division, sold["Supplier"], sold["Item"])


def carry(posting: Posting) -> Posting:
    """Carry `posting` out as it is stored now, and return what became of it."""
    fresh = again(posting)
    carry_out(fresh, Exact(fresh.division), lambda: None)
    return again(posting)
