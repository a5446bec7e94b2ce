"""What would be written into Exact for an order: the exact payloads, as a plan for `posting`."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from apps.core import clock
from apps.core.causes import Cause
from apps.core.money import ZERO
from apps.exact.models import Division
from apps.orders import attaching
from apps.orders.amounts import Charged, sent_price, total
from apps.orders.models import OrderTerms, PurchaseOrder, PurchaseOrderLine
from apps.posting.messages import plain
from apps.rules.vat_percentages import codes_on

YOUR_REF_LENGTH = 50  # longer references were seen cut (Exact facts 3.4)
DESCRIPTION_LENGTH = 60  # of a text of one line (Exact facts 4.2)
NOTHING_CHARGED = Charged()
_MARK = re.compile(r"\[PK-", re.IGNORECASE)


def order_plan(
    order: PurchaseOrder, division: Division, reference: str, lines: Sequence[PurchaseOrderLine]
) -> dict[str, Any]:
    """Return the plan of an order: its document, what is attached to that, the order with all its lines.

    `reference` is ours: it stands in the Subject of the document and at the end of the Description of the order, so
    that both can be found again. "unique" in "look": another order of this number is in the way, unless it was waived.
    """
    charged = charged_on(division, day_of(order), {line.vat_code for line in lines})
    terms = OrderTerms.of(order.administration) if order.administration else OrderTerms()
    order_step = {
        "name": "order",
        "resource": "purchaseorder/PurchaseOrders",
        "key": "PurchaseOrderID",
        "payload": payload_of(order, division, reference, lines, terms=terms, charged=charged),
        "needs": {"Document": "document"},
    }
    return {
        "steps": [attaching.document_step(order, reference), *attaching.steps(order), order_step],
        "look": {
            "kind": "order",
            "supplier": str(order.supplier),
            "your_ref": your_ref(order),
            "date": day_of(order).isoformat(),
            "amount": str(amount_of(lines, charged)),
            "unique": Cause.POSSIBLE_DOUBLE not in order.waived,
        },
    }


def payload_of(
    order: PurchaseOrder,
    division: Division,
    reference: str,
    lines: Sequence[PurchaseOrderLine],
    *,
    terms: OrderTerms,
    charged: Mapping[str, Charged],
) -> dict[str, Any]:
    """Return the order with all its lines as Exact takes it; `charged`: what VAT codes do on its day. No query."""
    rows = [_line(line, charged.get(line.vat_code, NOTHING_CHARGED), order.receipt_date) for line in lines]
    return _header(order, division, reference, terms) | {"PurchaseOrderLines": rows}


def your_ref(order: PurchaseOrder) -> str:
    """Return the number of `order` as Exact keeps it."""
    return order.number[:YOUR_REF_LENGTH].strip()


def description(template: str, number: str, reference: str) -> str:
    """Return what an order is called in Exact: by `template`, and our mark behind it, which is never cut.

    Nothing but `{number}` is filled in: whatever else a template holds is taken as it stands.
    """
    mark = f"[{reference}]"
    named = template.replace("{number}", number)
    named = _MARK.sub("(PK-", plain(named))[: DESCRIPTION_LENGTH - len(mark) - 1]
    return f"{named.strip()} {mark}".strip()


def charged_on(division: Division, day: date, codes: set[str]) -> dict[str, Charged]:
    """Return what these VAT codes do with an amount on `day`; one query."""
    return {
        row.code: Charged(row.type, percentage or Decimal(0), row.charged)
        for row, percentage in codes_on(division, day, codes)
    }


def amount_of(lines: Sequence[PurchaseOrderLine], charged: Mapping[str, Charged]) -> Decimal:
    """Return what `lines` come to in Exact, with VAT."""
    return total(
        (line.ordered or ZERO, line.ordered_price or ZERO, charged.get(line.vat_code, NOTHING_CHARGED))
        for line in lines
    )


def day_of(order: PurchaseOrder) -> date:
    """Return the day of the order in Exact: that on the document, else when it came in."""
    return order.order_date or clock.local_date(order.received_at)


def _header(order: PurchaseOrder, division: Division, reference: str, terms: OrderTerms) -> dict[str, Any]:
    payload = {
        "Supplier": str(order.supplier),
        "OrderDate": day_of(order).isoformat(),
        "ReceiptDate": _iso(order.receipt_date),
        "YourRef": your_ref(order) or None,
        "Description": description(terms.description, order.number, reference),
        "Currency": order.currency or division.currency,
        "Remarks": order.note or None,
    }
    return {name: value for name, value in payload.items() if value is not None}


def _line(line: PurchaseOrderLine, charged: Charged, wanted_on: date | None) -> dict[str, Any]:
    """One line: `NetPrice` has its discount worked in, and its VAT where the VAT code includes that.

    `wanted_on`: the day of the whole order, for a line that names none.
    """
    payload = {
        "Item": str(line.item),
        "QuantityInPurchaseUnits": float(line.ordered or ZERO),
        "NetPrice": float(sent_price(line.ordered_price or ZERO, charged)),
        "VATCode": line.vat_code,
        "CostCenter": line.cost_center or None,
        "CostUnit": line.cost_unit or None,
        "ReceiptDate": _iso(line.receipt_date or wanted_on),
        "Description": line.description[:DESCRIPTION_LENGTH].strip() or None,
        "Notes": "\n".join(filter(None, (line.note, line.project_text))) or None,
    }
    return {name: value for name, value in payload.items() if value is not None}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
