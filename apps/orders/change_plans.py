"""What would be changed in Exact for an answer: the fields that differ, of the lines that do (Exact facts 4.4).

Lines are neither added nor removed, and no item is replaced: that is done by a person.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.orders.difference import Difference
from apps.orders.differing import COLUMNS, Ordered
from apps.orders.exact_side import CANCELLED, COMPLETE, LINES, ORDERS

SENT_AS = {"ordered": "QuantityInPurchaseUnits", "ordered_price": "NetPrice", "receipt_date": "ReceiptDate"}
ENDED_AS = {
    "OrderStatus": [COMPLETE, CANCELLED],
    "ReceiptStatus": [COMPLETE],
}  # nothing is changed in it any more
HEAD = "head"  # the step that changes the order as a whole

Priced = Callable[[int, Decimal], Decimal]


def change_plan(
    differences: Sequence[Difference],
    lines: Mapping[int, Ordered],
    ids: Mapping[int, UUID],
    *,
    order: UUID,
    day: date | None,
    sent_price: Priced,
) -> dict[str, Any]:
    """Return the plan that writes what can be applied of `differences` into the order with the id `order`.

    `lines`: as they stand in Exact, and `ids`: their ids there, both by key; `day` is that of the order. `sent_price`
    gives a price of ours as Exact has it, by the key of its line. KeyError for a line whose id is not known.
    """
    to_do = [each for each in differences if each.can_apply]
    head = [_head(each, order, day) for each in to_do if each.line_id is None]
    keys = dict.fromkeys(each.line_id for each in to_do if each.line_id is not None)
    steps = [
        _line(lines[key], ids[key], [each for each in to_do if each.line_id == key], sent_price)
        for key in keys
    ]
    return {"steps": [*head, *steps], "while_open": {"resource": ORDERS, "id": str(order), "ended": ENDED_AS}}


def written(plan: Mapping[str, Any], steps: Mapping[str, Any]) -> set[int | None]:
    """Return of which lines, by key (None: the order as a whole), the change was written."""
    done = (step for step in plan["steps"] if steps.get(step["name"], {}).get("state") == "done")
    return {step["of"] for step in done}


def _head(difference: Difference, order: UUID, day: date | None) -> dict[str, Any]:
    return {
        "name": HEAD,
        "resource": ORDERS,
        "changes": str(order),
        "of": None,
        "payload": {"ReceiptDate": difference.confirmed},
        "before": {"ReceiptDate": day.isoformat()} if day else {},
    }


def _line(
    line: Ordered, exact_id: UUID, differences: Sequence[Difference], sent_price: Priced
) -> dict[str, Any]:
    known = {"ordered": line.quantity, "ordered_price": line.price, "receipt_date": line.day}
    changed = {COLUMNS[each.field]: each.value for each in differences}

    def as_sent(name: str, value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        return float(sent_price(line.key, value) if name == "ordered_price" else value)

    before = {name: known[name] for name in changed if known[name] is not None}
    return {
        "name": f"line {line.position}",
        "line": line.label,
        "resource": LINES,
        "changes": str(exact_id),
        "of": line.key,
        "payload": {SENT_AS[name]: as_sent(name, value) for name, value in changed.items()},
        "before": {SENT_AS[name]: as_sent(name, value) for name, value in before.items()},
    }
