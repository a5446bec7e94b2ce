"""The order that valid forms say, as a document like one that was read."""

from decimal import Decimal
from typing import Any

from apps.intake.detection import Format
from apps.intake.order import OrderDocument, OrderKind, OrderLine
from apps.orders import typing
from apps.orders.order_form import OrderForm


def document_of(form: OrderForm, lines: Any) -> OrderDocument:
    """Return the order that valid forms say."""
    values, relation = form.cleaned_data, form.cleaned_data["relation"]
    filled = [one.cleaned_data for _number, one in lines.filled]
    return OrderDocument(
        kind=OrderKind.ORDER,
        format=Format.ORDER_SHEET,
        number=values["number"],
        issue_date=values["order_date"],
        currency=values["currency"],
        seller=typing.seller_of(relation),
        seller_code=relation.code,
        administration=values["administration"].slug,
        buyer_reference=values["buyer_reference"],
        delivery_date=values["receipt_date"],
        note=values["note"],
        lines=tuple(_line(position, row, values["rate"]) for position, row in enumerate(filled, start=1)),
    )


def _line(position: int, values: dict[str, Any], rate: Decimal | None) -> OrderLine:
    item = values.get("row")
    quantity: Decimal = values["quantity"]
    return OrderLine(
        position=position,
        number=str(position),
        name=values["description"] or (item.description if item else values["seller_item"]),
        seller_item=values["seller_item"],
        buyer_item=item.code if item else "",
        gtin=values["gtin"],
        quantity=quantity,
        unit=values["unit"],
        price=values["price"],
        discount=values["discount"],
        rate=rate if values["rate"] is None else values["rate"],
        delivery_date=values["receipt_date"],
        cost_centre=values["cost_center"],
        cost_unit=values["cost_unit"],
        project=values["project"],
    )
