"""Order documents for tests, between whoever a test wants; the buyer and the seller are known by KvK numbers."""

from dataclasses import dataclass, replace
from typing import Any

from tests.intake.parties import party
from tests.intake.samples import NAMESPACES

OUR_KVK, THEIR_KVK = "17131139", "34567892"


@dataclass(frozen=True)
class Line:
    """A line of `quantity` (of `unit`) at `price`; `status` and `about` are what a response says."""

    item: str = "T-1"
    quantity: str = "8"
    price: str = "12.50"
    name: str = "Touw, geslagen"
    status: str = ""
    about: str = ""
    day: str = ""
    unit: str = "C62"

    def xml(self, position: int) -> str:
        """Return the line as UBL."""
        status = f"<cbc:LineStatusCode>{self.status}</cbc:LineStatusCode>" if self.status else ""
        about = (
            f"<cac:OrderLineReference><cbc:LineID>{self.about}</cbc:LineID></cac:OrderLineReference>"
            if self.about
            else ""
        )
        period = f"<cac:RequestedDeliveryPeriod><cbc:EndDate>{self.day}</cbc:EndDate></cac:RequestedDeliveryPeriod>"
        delivery = f"<cac:Delivery>{period}</cac:Delivery>" if self.day else ""
        return (
            f"<cac:OrderLine><cac:LineItem><cbc:ID>{position}</cbc:ID>{status}"
            f'<cbc:Quantity unitCode="{self.unit}">{self.quantity}</cbc:Quantity>{delivery}'
            f'<cac:Price><cbc:PriceAmount currencyID="EUR">{self.price}</cbc:PriceAmount></cac:Price>'
            f"<cac:Item><cbc:Name>{self.name}</cbc:Name>"
            f"<cac:SellersItemIdentification><cbc:ID>{self.item}</cbc:ID></cac:SellersItemIdentification></cac:Item>"
            f"</cac:LineItem>{about}</cac:OrderLine>"
        )


@dataclass(frozen=True)
class Paper:
    """An order, or by `kind` an OrderResponse, OrderChange or OrderCancellation; `about` names the order."""

    number: str = "PO-4711"
    kind: str = "Order"
    lines: tuple[Line, ...] = (Line(),)
    day: str = "2026-09-15"
    buyer: str = OUR_KVK
    buyer_name: str = "Werf De Hoop"
    seller: str = THEIR_KVK
    seller_name: str = "Anker en Touw"
    about: str = ""
    code: str = ""
    sales_order: str = ""
    reference: str = ""
    note: str = ""

    def but(self, **values: Any) -> "Paper":
        """Return the same with other values."""
        return replace(self, **values)

    def xml(self) -> bytes:
        """Return the document as UBL."""
        parts = [
            f"<cbc:ID>{self.number}</cbc:ID>",
            f"<cbc:SalesOrderID>{self.sales_order}</cbc:SalesOrderID>" if self.sales_order else "",
            f"<cbc:IssueDate>{self.day}</cbc:IssueDate>",
            f"<cbc:OrderResponseCode>{self.code}</cbc:OrderResponseCode>" if self.code else "",
            f"<cbc:Note>{self.note}</cbc:Note>" if self.note else "",
            "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>",
            f"<cbc:CustomerReference>{self.reference}</cbc:CustomerReference>" if self.reference else "",
            f"<cac:OrderReference><cbc:ID>{self.about}</cbc:ID></cac:OrderReference>" if self.about else "",
            f"<cac:BuyerCustomerParty>{party(self.buyer_name, kvk=self.buyer)}</cac:BuyerCustomerParty>",
            f"<cac:SellerSupplierParty>{party(self.seller_name, kvk=self.seller)}</cac:SellerSupplierParty>",
            *(line.xml(position) for position, line in enumerate(self.lines, start=1)),
        ]
        schema = f"urn:oasis:names:specification:ubl:schema:xsd:{self.kind}-2"
        return f'<{self.kind} xmlns="{schema}" {NAMESPACES}>{"".join(parts)}</{self.kind}>'.encode()


ORDER = Paper()
RESPONSE = Paper(number="OB-1", kind="OrderResponse", day="2026-09-16", about="PO-4711", code="AP")
CANCELLATION = Paper(number="AN-1", kind="OrderCancellation", day="2026-09-17", about="PO-4711", lines=())
