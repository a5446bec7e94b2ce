"""The order, or the changes to one, as they would be or were written into Exact: for its page."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apps.exact.models import Division
from apps.orders.delivering import plan_of
from apps.orders.models import PurchaseOrder, PurchaseOrderLine, State
from apps.orders.shadowing import REFERENCE

LINES = "PurchaseOrderLines"
COLUMNS = ("QuantityInPurchaseUnits", "NetPrice", "VATCode", "ReceiptDate", "CostCenter", "CostUnit")


def content(
    order: PurchaseOrder, lines: Iterable[PurchaseOrderLine], division: Division | None
) -> dict[str, Any] | None:
    """Return what was or would be written, None while something is missing for it.

    `lines` are those of the order with their items; `header` and `lines` of a new order, or `changes` of one.
    """
    is_coming = order.state in {State.PROPOSED, State.READY}
    plan = _plan(order, division, is_coming=is_coming)
    if plan is None:
        return None
    payload = next((step["payload"] for step in plan["steps"] if step["name"] == "order"), None)
    codes = {str(line.item): line.item_code for line in lines if line.item}
    return {
        "is_coming": is_coming,
        "raw": plan,
        "header": {name: value for name, value in (payload or {}).items() if name != LINES},
        "columns": COLUMNS,
        "lines": list(_lines(payload, codes)) if payload else [],
        "changes": list(_changes(plan["steps"])),
    }


def _plan(order: PurchaseOrder, division: Division | None, *, is_coming: bool) -> dict[str, Any] | None:
    if order.posting is not None and not is_coming:
        plan: dict[str, Any] = order.posting.plan
        return plan
    if division is None or not is_coming:
        return None
    try:
        return plan_of(order, division, REFERENCE)
    except (KeyError, ValueError):  # a code or an item is gone from Exact since it was chosen
        return None


def _lines(payload: Mapping[str, Any], codes: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for row in payload.get(LINES, []):
        item = str(row.get("Item", ""))
        yield {"item": codes.get(item, item), "cells": [row.get(name, "") for name in COLUMNS]}


def _changes(steps: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each field that is changed in Exact, with what stands there and what it becomes."""
    for step in steps:
        if "changes" not in step:
            continue
        for field, value in step["payload"].items():
            yield {
                "what": step.get("line") or step["name"],
                "field": field,
                "before": step.get("before", {}).get(field, ""),
                "after": value,
            }
