"""What the page of a purchase invoice shows of the items of its lines, and what may be chosen for them."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from apps.exact.models import Division, Item, SupplierItem
from apps.invoices.item_coding import is_of_item, item_of
from apps.invoices.models import Invoice, InvoiceItem, InvoiceLine
from apps.items.found import reasons_of
from apps.items.units import number

MOST_OFFERED = 200  # items of the supplier to choose from; all others may be typed


def value_of(line: InvoiceLine) -> dict[str, Any]:
    """Return the item of `line` as a coded value of the page, with who vouches for it and why."""
    row = item_of(line) or InvoiceItem(line=line)
    return {
        "field": "item",
        "label": _("item"),
        "value": row.item_code,
        "text": _text(row),
        "source": row.get_source_display(),
        "name": row.source,
        "why": row.why,
        "is_needless": not is_of_item(line),
    }


def candidates_of(line: InvoiceLine) -> list[dict[str, str]]:
    """Return what the open question about the item of `line` proposes: code, name and why."""
    row = item_of(line)
    asked = row.question if row else None
    found = asked.candidates if asked else []
    return [
        {"code": one["code"], "name": one["name"], "why": ", ".join(reasons_of(one))}
        for one in found
        if one.get("usable", True)
    ]


def offered(
    invoice: Invoice, division: Division | None, lines: Iterable[InvoiceLine]
) -> list[tuple[str, str]]:
    """Return code and name of the items to choose from: those proposed, then what the supplier sells; one query."""
    proposed = {one["code"]: one["name"] for line in lines for one in candidates_of(line)}
    if division is None or invoice.supplier is None:
        return list(proposed.items())
    sold = SupplierItem.objects.filter(division=division, supplier=invoice.supplier).values("item")
    names = Item.objects.filter(division=division, exact_id__in=sold).order_by("code")
    return list({**proposed, **dict(names.values_list("code", "description")[:MOST_OFFERED])}.items())


def planned(payload: dict[str, Any], lines: Iterable[InvoiceLine]) -> Iterator[dict[str, Any]]:
    """Yield the lines of a purchase invoice as it is or would be sent, with what its items and orders are called."""
    rows = [row for line in lines if (row := item_of(line))]
    items = {str(row.item): row.item_code for row in rows if row.item}
    orders = {str(row.order_line): row for row in rows if row.order_line}
    for sent in payload["PurchaseInvoiceLines"]:
        row = orders.get(sent.get("PurchaseOrderLine", ""))
        yield {
            **sent,
            "item": items.get(sent.get("Item", ""), "") or (row.item_code if row else ""),
            "order": row.order_number if row else "",
        }


def _text(row: InvoiceItem) -> str:
    """Return the name of an item, how many purchase units they are, and the order that they are of."""
    parts = [row.item_name]
    if row.quantity is not None:
        parts.append(f"{number(row.quantity)} {row.unit}".strip())
    if row.order_number:
        words = _("order %(number)s") if row.order_line else _("beside order %(number)s")
        parts.append(words % {"number": row.order_number})
    return ", ".join(part for part in parts if part)
