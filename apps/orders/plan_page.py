"""The order, or the changes to one, as they would be or were written into Exact: for its page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from apps.exact.models import Division
from apps.orders import change_preview, shadowing
from apps.orders.models import PurchaseOrder, PurchaseOrderLine, State

LINES = "PurchaseOrderLines"
COMING = (State.PROPOSED, State.READY)
COLUMNS = ("QuantityInPurchaseUnits", "NetPrice", "VATCode", "ReceiptDate", "CostCenter", "CostUnit")


def content(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    division: Division | None,
    about: PurchaseOrder | None = None,
) -> dict[str, Any] | None:
    """Return what was or would be written, None while something is missing for it.

    `lines` are those of the order with their items, `about` is the order that an answer is about; `header` and `lines`
    of a new order, or `changes` of one.
    """
    is_coming = order.state in COMING
    payload, steps = None, []
    if is_coming and division is not None:
        payload = shadowing.predicted(order, division, lines)
        steps = change_preview.steps(order, about, division) if about else []
    elif not is_coming and order.posting is not None:
        steps = order.posting.plan["steps"]
        payload = next((step["payload"] for step in steps if step["name"] == "order"), None)
    changes = list(_changes(steps))
    if payload is None and not changes:
        return None
    codes = {str(line.item): line.item_code for line in lines if line.item}
    return {
        "is_coming": is_coming,
        "header": {name: value for name, value in (payload or {}).items() if name != LINES},
        **_lines(payload or {}, codes),
        "changes": changes,
    }


def _lines(payload: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    """Return the lines of an order, with the columns that any of them fills; items by their codes."""
    rows = payload.get(LINES, [])
    columns = [name for name in COLUMNS if any(name in row for row in rows)]
    items = [str(row.get("Item", "")) for row in rows]
    lines = [
        {"item": codes.get(item, item), "cells": [_shown(row.get(name, "")) for name in columns]}
        for item, row in zip(items, rows, strict=True)
    ]
    return {"columns": columns, "lines": lines}


def _shown(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _changes(steps: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each field that is changed in Exact, with what stands there and what it becomes."""
    for step in steps:
        if "changes" not in step:
            continue
        for field, value in step["payload"].items():
            yield {
                "what": step.get("line") or step["name"],
                "field": field,
                "before": _shown(step.get("before", {}).get(field, "")),
                "after": _shown(value),
            }
