"""Doubles within one administration: the same document again, or the same order number with other content."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from apps.intake.party_json import known_as
from apps.orders.models import Kind, PurchaseOrder, PurchaseOrderLine
from apps.vendors.sameness import is_same_sender

MADE, VERSION = "made_from_confirmation", "another_version"
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What doubles and answers are told by: who sent it, and what it says of itself.

    `keys` are the vendor's numbers as text, strongest first; `kind` is that of the document. `lines`: the mark of
    `lines_key`, "" without lines. `receiver`: for whom it is, where no administration of ours fits.
    """

    administration: int | None
    keys: tuple[str, ...]
    vendor: str
    kind: str
    number: str
    order_date: date | None = None
    lines: str = ""
    order_reference: str = ""
    sales_order_id: str = ""
    response_code: str = ""
    receiver: str = ""

    @property
    def number_key(self) -> str:
        """The number as compared."""
        return key_of(self.number)

    @property
    def double_key(self) -> str:
        """The hash that the database keeps unique, so that two workers cannot both take the same document."""
        strongest = self.keys[0] if self.keys else self.vendor.casefold()
        return _hash((self.administration or self.receiver, strongest, *self.content))

    @property
    def content(self) -> tuple[object, ...]:
        """What is the same in two copies of one document, whatever they say of their sender."""
        about = key_of(self.order_reference)
        return (self.kind, self.number_key, self.order_date, about, self.response_code, self.lines)


@dataclass(frozen=True, slots=True)
class Double:
    """An earlier document that this one repeats. `certain`: same content; else only the same number."""

    order: PurchaseOrder
    certain: bool


def key_of(number: str) -> str:
    """Return a number as compared: without blanks and capitals."""
    return _BLANKS.sub("", number).casefold()[:100]


def lines_key(lines: Iterable[PurchaseOrderLine]) -> str:
    """Return the mark of lines with these items, quantities, prices and dates, in whatever order; "" for none."""
    texts = sorted("|".join(map(_text, _said(line))) for line in lines)
    return _hash(texts) if texts else ""


def of_bytes(administration: int | None, sha256: str) -> str:
    """Return the double key of a file that cannot be read: the same bytes are the same document."""
    return _hash((administration, "bytes", sha256))


def fingerprint_of(order: PurchaseOrder) -> Fingerprint:
    """Return the fingerprint of a stored document, as when it came in."""
    kind, number = as_sent(order)
    return Fingerprint(
        order.administration_id,
        tuple(order.vendor.get("keys", [])),
        order.vendor_name,
        kind,
        number,
        order.order_date,
        lines_key(order.lines.all()),
        order.order_reference,
        order.vendor.get("sales_order_id", ""),
        order.response_code,
        "" if order.administration_id else known_as(order.buyer),
    )


def seen_in(order: PurchaseOrder, administration: int) -> Fingerprint:
    """Return the fingerprint of a stored document as if it lay in `administration`."""
    return replace(fingerprint_of(order), administration=administration, receiver="")


def as_sent(order: PurchaseOrder) -> tuple[str, str]:
    """Return kind and number that the document of `order` gives itself."""
    for one in order.findings:
        if one["code"] == VERSION:
            return Kind.ORDER, order.number
        if one["code"] == MADE:
            return Kind.RESPONSE, str(one["values"]["own"])
    return order.kind, order.number


def find(seen: Fingerprint, *, besides: int | None = None) -> Double | None:
    """Return the earlier document that `seen` repeats, a certain double before a possible one.

    Same vendor (any shared number, else the same name), kind, number, date and lines is certain. For an order the same
    vendor and number with other content is possible; of answers a vendor may send many. Costs two queries.
    """
    in_question = PurchaseOrder.objects.filter(administration=seen.administration)
    same_key = Q(double_key=seen.double_key)
    earlier = in_question.filter(same_key | Q(number_key=seen.number_key)).exclude(pk=besides or 0)
    same = [
        one
        for one in earlier.select_related("part").prefetch_related("lines").order_by("pk")
        if one.double_key == seen.double_key or _is_of_same(one, seen)
    ]
    for order in same:
        if order.double_key == seen.double_key or fingerprint_of(order).content == seen.content:
            return Double(order, certain=True)
    orders = [one for one in same if one.kind == Kind.ORDER]
    is_possible = seen.kind == Kind.ORDER and seen.number_key and orders
    return Double(orders[0], certain=False) if is_possible else None


def _is_of_same(order: PurchaseOrder, seen: Fingerprint) -> bool:
    mine = (order.vendor.get("keys", []), order.vendor_name)
    receives = seen.administration is not None or known_as(order.buyer) == seen.receiver
    return receives and is_same_sender(mine, (seen.keys, seen.vendor))


def _said(line: PurchaseOrderLine) -> tuple[object, ...]:
    codes = (line.seller_item, line.buyer_item, line.gtin)
    item = codes if any(codes) else (line.description,)
    return (*item, line.quantity, line.unit, line.price, line.discount, line.receipt_date, line.status)


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def _hash(parts: Iterable[object]) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
