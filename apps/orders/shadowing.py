"""The trial of orders: what would be written into Exact for each, and after going live, what was.

Nothing is stored for it: a prediction is worked out of the order as it stands, by what also makes its posting.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.clients.models import Administration
from apps.exact.models import Division
from apps.orders.amounts import Charged
from apps.orders.models import Kind, OrderTerms, PurchaseOrder, PurchaseOrderLine, State
from apps.orders.plans import charged_on, day_of, payload_of
from apps.rules.vat_percentages import codes_over

MOST = 100  # orders of one report
REFERENCE = f"PK-{'0' * 12}"  # as long as a real one, for the description is cut to what that leaves
ORDERED = (State.ATTENTION, State.PROPOSED, State.READY, State.POSTING, State.UNCERTAIN, State.DONE)
COMES = (State.PROPOSED, State.READY, *(State.POSTING, State.UNCERTAIN, State.DONE))
_MARK = re.compile(r"\s*\[PK-[^\]]*\]\s*$")

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Predicted:
    """What would be written for an order (None while something stands in the way), and what was (None: not yet)."""

    order: PurchaseOrder
    payload: Payload | None
    posted: Payload | None = None

    @property
    def digest(self) -> str:
        """The prediction in few letters, "" without one: the same for the same order, whatever our reference is."""
        return digest(self.payload) if self.payload else ""

    @property
    def posted_digest(self) -> str:
        """What was posted, in the same way."""
        return digest(self.posted) if self.posted else ""

    @property
    def is_as_posted(self) -> bool | None:
        """Whether what was posted is what is predicted; None while nothing was posted."""
        return self.digest == self.posted_digest if self.posted else None


def report(administration: Administration, *, most: int = MOST) -> list[Predicted]:
    """Return the newest orders of `administration` with what would be and what was written; a handful of queries."""
    division = Division.objects.filter(administration=administration).first()
    if division is None:
        return []
    rows = PurchaseOrder.objects.filter(administration=administration, kind=Kind.ORDER, state__in=ORDERED)
    orders = list(rows.select_related("posting").prefetch_related("lines").order_by("-pk")[:most])
    terms, charged = OrderTerms.of(administration), _charged(division, {day_of(one) for one in orders})
    return [
        Predicted(one, _payload(one, division, _lines(one), terms, charged), _posted(one)) for one in orders
    ]


def predicted(order: PurchaseOrder, division: Division, lines: Sequence[PurchaseOrderLine]) -> Payload | None:
    """Return what would be written for one order, None while something stands in the way, and of an answer."""
    if order.is_answer or order.administration is None:
        return None
    terms = getattr(order.administration, "order_terms", None) or OrderTerms()
    charged = {day_of(order): charged_on(division, day_of(order), {line.vat_code for line in lines})}
    return _payload(order, division, lines, terms, charged)


def digest(payload: Payload) -> str:
    """Return a payload in few letters, without our mark in it."""
    plain = json.dumps(unmarked(payload), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def unmarked(payload: Payload) -> dict[str, Any]:
    """Return a payload without our mark, which each posting has of its own."""
    return {**payload, "Description": _MARK.sub("", str(payload.get("Description", "")))}


def _payload(
    order: PurchaseOrder,
    division: Division,
    lines: Sequence[PurchaseOrderLine],
    terms: OrderTerms,
    charged: Mapping[date, dict[str, Charged]],
) -> Payload | None:
    if order.state not in COMES or not lines or order.supplier is None:
        return None
    if not all(line.item and line.vat_code for line in lines):
        return None
    return payload_of(order, division, REFERENCE, lines, terms=terms, charged=charged[day_of(order)])


def _lines(order: PurchaseOrder) -> list[PurchaseOrderLine]:
    return sorted(order.lines.all(), key=lambda line: line.position)


def _posted(order: PurchaseOrder) -> Payload | None:
    if order.posting is None or order.state in {State.ATTENTION, State.PROPOSED, State.READY}:
        return None
    steps = order.posting.plan["steps"]
    found: Payload | None = next((step["payload"] for step in steps if step["name"] == "order"), None)
    return found


def _charged(division: Division, days: set[date]) -> dict[date, dict[str, Charged]]:
    """Return what each VAT code does with an amount on each of `days`."""
    return {
        day: {
            code.code: Charged(code.type, share or Charged().percentage, code.charged)
            for code, share in found
        }
        for day, found in codes_over(division, days).items()
    }
