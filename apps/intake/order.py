"""A purchase order, a confirmation or a change as dataclasses, whatever its format. Pure.

Quantities and amounts are plain as written: what is ordered is positive. Amounts are in `OrderDocument.currency`; None
means: not in the document, or not readable (then `OrderDocument.oddities` says so). Texts are "" when absent.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from apps.intake.detection import Format
from apps.intake.document import Attachment, Oddity, Party

ONE = Decimal(1)
NOBODY = Party()


class OrderKind(StrEnum):
    """What the document does with an order."""

    ORDER = "order"
    RESPONSE = "response"
    CHANGE = "change"
    CANCELLATION = "cancellation"


class ResponseCode(StrEnum):
    """What a seller answers to an order as a whole (UNTDID 4343, as Peppol BIS Ordering 3 takes it)."""

    ACKNOWLEDGED = "AB"
    ACCEPTED = "AP"
    CONDITIONALLY = "CA"
    REJECTED = "RE"


class LineStatus(StrEnum):
    """What a seller answers to one line, or a buyer changes on it (UNTDID 1229); NONE: nothing is said."""

    NONE = ""
    ADDED = "1"
    DELETED = "2"
    CHANGED = "3"
    ACCEPTED = "5"
    NOT_ACCEPTED = "7"
    DELIVERED = "42"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line; `position` counts from 1, `number` is the line's own as written.

    `unit` is a UN/ECE code or a word, as written. `price` is without VAT, of `price_base` times `price_unit` ("": the
    unit of the line). `discount` is a percentage off that, `charges` the charges (+) and allowances (-) on the line
    that `discount` does not cover; `net` is what the line says it comes to. `rate` is a percentage: Decimal 21 is 21 %.
    `status` is a text of LineStatus, or another code as written. `order_line`: the line that a response is about;
    `substitute`: the item that the seller delivers or offers instead, its code or else its name.
    """

    position: int = 0
    number: str = ""
    name: str = ""
    description: str = ""
    seller_item: str = ""
    buyer_item: str = ""
    gtin: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    price_base: Decimal = ONE
    price_unit: str = ""
    discount: Decimal | None = None
    charges: Decimal | None = None
    net: Decimal | None = None
    category: str = ""
    rate: Decimal | None = None
    delivery_date: date | None = None
    status: str = LineStatus.NONE
    order_line: str = ""
    cost_centre: str = ""
    cost_unit: str = ""
    project: str = ""
    note: str = ""
    substitute: str = ""

    @property
    def title(self) -> str:
        """What the line is called: the item's name, else the first line of its description."""
        return self.name or self.description.partition("\n")[0]

    @property
    def worth(self) -> Decimal | None:
        """What quantity, price, discount and charges come to, not rounded; None without a quantity or price."""
        if self.quantity is None or self.price is None:
            return None
        part = ONE - (self.discount or Decimal()) / 100
        return self.quantity * self.price / self.price_base * part + (self.charges or Decimal())


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """An order, or what belongs to one. `net`, `tax`, `gross`: totals without VAT, of VAT and with VAT.

    `order_reference`: of anything but an order, the number of the order that it is about. `sales_order_id` is the
    seller's own number of it. `response_code` is a text of ResponseCode, or another code as written. `delivery_date`
    is asked for or promised. `seller_code` is the seller's code in Exact and `administration` whose order it is, where
    a person wrote these into a sheet.
    """

    kind: OrderKind
    format: Format
    number: str
    issue_date: date
    currency: str = ""
    buyer: Party = NOBODY
    seller: Party = NOBODY
    seller_code: str = ""
    administration: str = ""
    buyer_reference: str = ""
    order_reference: str = ""
    sales_order_id: str = ""
    response_code: str = ""
    delivery_date: date | None = None
    delivery_address: str = ""
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    cost_centre: str = ""
    note: str = ""
    lines: tuple[OrderLine, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    oddities: tuple[Oddity, ...] = ()
