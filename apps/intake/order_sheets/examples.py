"""The example of an order sheet that people download and fill in. Its parties are invented. Pure."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.tables import sheets
from apps.intake.detection import Format
from apps.intake.order import OrderDocument, OrderKind, OrderLine
from apps.intake.order_sheets.heads import party
from apps.intake.order_sheets.writing import rows_of


def example(form: str) -> bytes:
    """Return the example as a file of `form`, "csv" or "xlsx", its header in the language of the moment."""
    rows = rows_of(order())
    return sheets.csv_of(rows) if form == "csv" else sheets.xlsx_of(rows, title=_("order"))


def order() -> OrderDocument:
    """Return the order that the example holds."""
    lines = (
        _line(1, "TB55-25", "Tarwebloem T55, zak 25 kg", "40", "zak", "18.95"),
        _line(2, "VKM-25", "Volkorenmeel fijn, zak 25 kg", "24", "zak", "17.40", discount=Decimal(5)),
        _line(3, "RGM-KG", "Roggemeel, los", "12.5", "kg", "1.0850", delivery_date=date(2026, 10, 15)),
    )
    return OrderDocument(
        kind=OrderKind.ORDER,
        format=Format.ORDER_SHEET,
        number="BGA-2026-0917",
        issue_date=date(2026, 9, 28),
        currency="EUR",
        seller=party("Maalderij De Zwaluw B.V.", "NL897620458B01", "51439807"),
        buyer=party("", "", "64134164"),
        buyer_reference="Bakkerij",
        delivery_date=date(2026, 10, 12),
        lines=lines,
    )


def _line(
    position: int,
    item: str,
    name: str,
    quantity: str,
    unit: str,
    price: str,
    *,
    discount: Decimal | None = None,
    delivery_date: date | None = None,
) -> OrderLine:
    return OrderLine(
        position=position,
        number=str(position),
        seller_item=item,
        name=name,
        quantity=Decimal(quantity),
        unit=unit,
        price=Decimal(price),
        discount=discount,
        rate=Decimal(9),
        delivery_date=delivery_date,
    )
