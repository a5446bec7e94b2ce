"""A read order document as rows: what of it is stored, in which columns. Pure."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from apps.core.money import CENT, ZERO, cents
from apps.intake.findings import Finding
from apps.intake.order import OrderDocument, OrderLine
from apps.intake.party_json import party_json
from apps.orders.models import PurchaseOrder, PurchaseOrderLine
from apps.vendors.evidence import keys_of

_PRICE, _FOUR = Decimal("0.000001"), Decimal("0.0001")
# What the columns hold, less one: SQLite keeps a float, which rounds up to what it cannot give back.
_MOST_NET, _MOST_PRICE, _MOST_DISCOUNT = Decimal(10) ** 14 - 1, Decimal(10) ** 12 - 1, Decimal(1000) - 1
_MOST_QUANTITY = _MOST_NET
_LONGEST_NOTE = 5000


def columns(document: OrderDocument) -> dict[str, Any]:
    """Return the columns of a PurchaseOrder that come from the document alone."""
    seller = document.seller
    keys = [str(key) for key in keys_of(seller.identifiers)]
    return {
        "kind": document.kind.value,
        "format": str(document.format),
        "number": document.number[:100],
        "order_date": document.issue_date,
        "receipt_date": document.delivery_date,
        "currency": document.currency[:3],
        "net": net_of(document),
        "line_count": len(document.lines),
        "order_reference": document.order_reference[:100],
        "response_code": document.response_code[:10],
        "buyer_reference": document.buyer_reference[:100],
        "note": document.note[:_LONGEST_NOTE],
        "vendor_name": (seller.name or document.seller_code)[:255],
        "vendor": {
            **party_json(seller),
            "keys": keys,
            "code": document.seller_code,
            "sales_order_id": document.sales_order_id,
        },
        "buyer": {
            **party_json(document.buyer),
            "administration": document.administration,
            "delivery_address": document.delivery_address,
        },
    }


def net_of(document: OrderDocument) -> Decimal | None:
    """Return the total without VAT: as written, else what the lines come to; None where one of them says nothing."""
    if document.net is not None:
        return _within(document.net, CENT, _MOST_NET)
    nets = [_net(line) for line in document.lines]
    known = [net for net in nets if net is not None]
    return _within(sum(known, ZERO), CENT, _MOST_NET) if nets and len(known) == len(nets) else None


def lines_of(document: OrderDocument, order: PurchaseOrder | None = None) -> list[PurchaseOrderLine]:
    """Return the unsaved lines of `order`; None: it is not stored yet."""
    return [_line(order, position, line, document) for position, line in enumerate(document.lines, start=1)]


def _line(
    order: PurchaseOrder | None, position: int, line: OrderLine, document: OrderDocument
) -> PurchaseOrderLine:
    text = " - ".join(dict.fromkeys(part for part in (line.name, line.description) if part))
    price, discount = price_of(line)
    row = PurchaseOrderLine(
        position=position,
        number=(line.number or str(position))[:40],
        about_line=line.order_line[:40],
        status=line.status[:4],
        substitute=line.substitute[:255],
        description=text[:500],
        seller_item=line.seller_item[:60],
        buyer_item=line.buyer_item[:60],
        gtin=line.gtin[:14],
        quantity=_within(line.quantity, _FOUR, _MOST_QUANTITY),
        unit=line.unit[:20],
        price=price,
        discount=discount,
        net=_net(line),
        receipt_date=line.delivery_date or document.delivery_date,
        category=line.category[:4],
        rate=line.rate,
        document_cost_center=(line.cost_centre or document.cost_centre)[:60],
        document_cost_unit=line.cost_unit[:60],
        project_text=line.project[:255],
        note=line.note[:_LONGEST_NOTE],
    )
    if order is not None:
        row.order = order
    return row


def price_of(line: OrderLine) -> tuple[Decimal | None, Decimal | None]:
    """Return the price without VAT of one unit of the line and the discount on it as a percentage, None for unknown.

    Charges and a price of another unit than the line's make the price what the line comes to, for one unit of it:
    then there is no discount beside it. None where that is not known either.
    """
    other_unit = bool(line.price_unit) and line.price_unit.casefold() != line.unit.casefold()
    if not other_unit and not line.charges:
        plain = line.price is None or not line.price_base
        price = None if plain or line.price is None else line.price / line.price_base
        return _within(price, _PRICE, _MOST_PRICE), _within(line.discount, _FOUR, _MOST_DISCOUNT)
    total = line.net if other_unit or line.worth is None else line.worth
    if total is None or not line.quantity:
        return None, None
    return _within(total / line.quantity, _PRICE, _MOST_PRICE), None


def _net(line: OrderLine) -> Decimal | None:
    net = line.worth if line.net is None and not line.price_unit else line.net
    return _within(net, CENT, _MOST_NET)


def _within(value: Decimal | None, to: Decimal, most: Decimal) -> Decimal | None:
    """Return `value` rounded as it is kept; None for none, and for one that no column holds (`check` tells it)."""
    if value is None or abs(value) >= most - to:
        return None
    return value.quantize(to, rounding=ROUND_HALF_UP)


def check(document: OrderDocument) -> list[Finding]:
    """Return what a bookkeeper should know about a document; nothing here keeps it from being ordered."""
    found = [Finding("value_unreadable", {"field": name, "text": text}) for name, text in document.oddities]
    found += _too_large(document)
    nets = [_net(line) for line in document.lines]
    total = sum((net for net in nets if net is not None), ZERO)
    if document.net is not None and nets and None not in nets and total != cents(document.net):
        found.append(
            Finding("order_lines_differ", {"expected": str(total), "found": str(cents(document.net))})
        )
    found += [
        Finding("substitute_offered", {"lines": line.number or str(line.position), "item": line.substitute})
        for line in document.lines
        if line.substitute
    ]
    charged = [line.number or str(line.position) for line in document.lines if line.charges]
    return [*found, Finding("charges_in_price", {"lines": ", ".join(charged)})] if charged else found


def _too_large(document: OrderDocument) -> Iterator[Finding]:
    """Yield the numbers that are larger than any that is kept."""
    for line in document.lines:
        if line.price is not None and abs(line.price) >= _MOST_PRICE - _PRICE:
            yield Finding("value_unreadable", {"field": "price", "text": f"{line.price:f}"[:40]})
        amount = line.worth if line.net is None else line.net
        if amount is not None and _net(line) is None and (line.net is not None or not line.price_unit):
            yield Finding("value_unreadable", {"field": "net", "text": f"{amount:.0f}"[:40]})


def findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as an order keeps them."""
    return [{"code": one.code, "values": dict(one.values), "cause": one.cause} for one in findings]
