"""What the page of an order shows of one line: its values with who vouches for each, and why."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.core import money
from apps.intake.order_sheets.figures import written
from apps.orders.models import PurchaseOrderLine
from apps.rules.sources import ICONS, ValueSource

BETWEEN = " - "  # a code and its name, as the lists of suggestions write them
OPTIONAL = {"cost_center", "cost_unit", "project_text"}


def content(line: PurchaseOrderLine) -> dict[str, Any]:
    """Return what the template shows of `line`; `said`: what the document says of it, in short."""
    return {
        "row": line,
        "values": list(_values(line)),
        "said": " · ".join(_said(line)),
    }


def _values(line: PurchaseOrderLine) -> Iterator[dict[str, Any]]:
    """Yield each value with who vouches for it and why, in the order in which it is looked at."""
    unit = line.purchase_unit
    yield _value("item", line.item_code, line.item_name, line.item_source, line.item_why) | {
        "typed": BETWEEN.join(filter(None, (line.item_code, line.item_name)))
    }
    yield _value("ordered", _figure(line.ordered), unit, line.ordered_source, line.unit_why) | {
        "typed": written(line.ordered)
    }
    per = _("per %(unit)s") % {"unit": unit} if unit else ""
    yield _value("ordered_price", _price(line.ordered_price), per, _of_price(line), line.price_why) | {
        "typed": written(line.ordered_price)
    }
    yield _value("vat_code", line.vat_code, "", line.vat_source, line.vat_why)
    day = date_format(line.receipt_date, "SHORT_DATE_FORMAT") if line.receipt_date else ""
    yield _value("receipt_date", day, "", line.receipt_date_source, line.receipt_date_why) | {
        "typed": line.receipt_date.isoformat() if line.receipt_date else "",
        "type": "date",
        "is_optional": True,
    }
    for name in ("cost_center", "cost_unit"):
        source, why = getattr(line, f"{name}_source"), getattr(line, f"{name}_why")
        yield _value(name, getattr(line, name), "", source, why)
    yield _value("project_text", line.project_text, "", line.project_source, line.project_why)


def _of_price(line: PurchaseOrderLine) -> str:
    """Return who vouches for the price: whoever said how much is ordered, or the card where the document names none."""
    if line.ordered_price is None or line.ordered_source != ValueSource.DOCUMENT:
        return line.ordered_source if line.ordered_price is not None else ""
    is_said = line.price is not None or line.net is not None
    return ValueSource.DOCUMENT if is_said else ValueSource.CARD


def _value(field: str, value: str, text: str, source: str, why: str) -> dict[str, Any]:
    """Return one value for the template; `typed` is what its field in the form holds."""
    return {
        "field": field,
        "label": _label(field),
        "value": value,
        "typed": value,
        "type": "text",
        "text": text,
        "source": str(ValueSource(source).label) if source else "",
        "icon": ICONS.get(source, "help") if source else "info",
        "why": why,
        "is_optional": field in OPTIONAL,
    }


def _said(line: PurchaseOrderLine) -> Iterator[str]:
    """Yield what the document says of the line, in short."""
    if line.quantity is not None:
        yield " ".join(filter(None, (_figure(line.quantity), line.unit)))
    if line.price is not None:
        yield _("at %(price)s") % {"price": _price(line.price)}
    if line.discount:
        yield _("%(discount)s %% off") % {"discount": _figure(line.discount)}
    for name in ("seller_item", "buyer_item", "gtin"):
        if code := getattr(line, name):
            yield f"{_label(name)} {code}"


def _figure(number: Decimal | None) -> str:
    """Return a figure without needless zeros, as people of this language write it; "" for none."""
    return "" if number is None else number_format(f"{number.normalize():f}", force_grouping=True)


def _price(amount: Decimal | None) -> str:
    return "" if amount is None else money.price(amount)


def _label(field: str) -> str:
    model: Any = PurchaseOrderLine
    return str(model._meta.get_field(field).verbose_name)
