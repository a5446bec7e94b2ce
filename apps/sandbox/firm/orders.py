"""Past purchase orders, made by hand in Exact: open, partly received, complete and cancelled (Exact facts 4.4)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from apps.core.money import cents
from apps.sandbox.firm import assortment
from apps.sandbox.firm.cards import Card
from apps.sandbox.firm.dimensions import condition
from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.relations import key
from apps.sandbox.firm.source import Entry, Row, guid, load
from apps.sandbox.firm.vat import table

ORDERS, LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"
_BY_HAND = 1  # what Exact calls an order that somebody typed is not published [G]
_STATES = {"open": 10, "partial": 20, "complete": 30, "cancelled": 40}


def entries(division: Division, cards: Iterable[Card]) -> Iterator[Entry]:
    """Yield the division's orders, each before its lines."""
    cards = tuple(cards)
    by_code = {card.code: card for card in cards}
    offers = assortment.offers(division, cards)
    for order in load("purchasing")["orders"].get(str(division.code), ()):
        made = [
            _line(division, order, number, offers[order["supplier"], line[0]], line)
            for number, line in enumerate(order["lines"], start=1)
        ]
        yield ORDERS, division.code, _header(division, order, by_code[order["supplier"]], made)
        for line in made:
            yield LINES, division.code, line


def _key(division: Division, order: Row) -> str:
    return guid(division.code, ORDERS, order["number"])


def _header(division: Division, order: Row, card: Card, lines: list[Row]) -> Row:
    state, terms = _STATES[order["state"]], condition(division.code, card.condition or "30")
    net, vat = _sum(lines, "AmountFC"), _sum(lines, "VATAmount")
    return {
        "PurchaseOrderID": _key(division, order),
        "OrderNumber": order["number"],
        "OrderDate": order["day"],
        "ReceiptDate": order["due"],
        "Supplier": key(division.code, card),
        "SupplierCode": card.code,
        "SupplierName": card.exact["Name"],
        "Description": order["ref"],
        "PaymentCondition": terms["Code"],
        "PaymentConditionDescription": terms["Description"],
        "Currency": "EUR",
        "ExchangeRate": 1.0,
        "AmountFC": net + vat,
        "AmountDC": net + vat,
        "AmountFCExclVat": net,
        "VATAmount": vat,
        "PurchaseOrderLineCount": len(lines),
        "OrderStatus": state,
        "ReceiptStatus": state,
        "InvoiceStatus": _invoice_status(state),
        "ApprovalStatus": 1,
        "ApprovalStatusDescription": "Automatisch",
        "DropShipment": False,
        "Source": _BY_HAND,
    }


def _invoice_status(state: int) -> int:
    """Return how far the invoices are: what is complete or cancelled is so there too, the rest is open."""
    return state if state in (_STATES["complete"], _STATES["cancelled"]) else _STATES["open"]


def _sum(lines: list[Row], name: str) -> float:
    return float(sum((Decimal(str(line[name])) for line in lines), Decimal()))


def _line(division: Division, order: Row, number: int, offer: Row, line: list[Any]) -> Row:
    code, quantity, received = line
    vat_code = next(
        each for each in table(division.code).values() if each["Code"] == offer["PurchaseVATCode"]
    )
    units, price = quantity * offer["PurchaseUnitFactor"], offer["PurchasePrice"]
    net = cents(Decimal(str(price)) * quantity)
    return {
        "ID": guid(division.code, LINES, f"{order['number']}/{number}"),
        "PurchaseOrderID": _key(division, order),
        "LineNumber": number,
        "Item": offer["Item"],
        "ItemCode": code,
        "ItemDescription": offer["ItemDescription"],
        "ItemBarcode": offer["Barcode"],
        "ItemDivisable": offer["ItemUnitCode"] in ("kg", "m"),
        "Description": offer["ItemDescription"],
        "SupplierItemCode": offer["SupplierItemCode"],
        "Unit": offer["PurchaseUnit"],
        "UnitDescription": offer["PurchaseUnitDescription"],
        "QuantityInPurchaseUnits": float(quantity),
        "Quantity": units,
        "ReceivedQuantity": units * received,
        "InvoicedQuantity": units if order["state"] == "complete" else 0.0,
        "ReceiptDate": order["due"],
        "UnitPrice": price,
        "NetPrice": price,
        "Discount": 0.0,
        "AmountFC": float(net),
        "AmountDC": float(net),
        "VATCode": vat_code["Code"],
        "VATDescription": vat_code["Description"],
        "VATPercentage": vat_code["Percentage"],
        "VATAmount": float(cents(net * Decimal(str(vat_code["Percentage"])))),
    }
