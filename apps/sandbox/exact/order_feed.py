"""sync/PurchaseOrder/PurchaseOrders: headers and lines mixed in one list, by row version (Exact facts 3.6, 4.4)."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django.db.models import QuerySet

from apps.sandbox.exact import store
from apps.sandbox.exact.order_keeping import LINES, ORDERS
from apps.sandbox.models import Row

Data = dict[str, Any]

PATH = "sync/PurchaseOrder/PurchaseOrders"
_HEADER = 0
_DIMENSIONS = {"CostCenter": "hrm/Costcenters", "CostUnit": "hrm/Costunits"}


def rows(division: int) -> QuerySet[Row]:
    """Return the rows of orders and of their lines."""
    return Row.objects.filter(division=division, resource__in=(ORDERS, LINES))


def told(division: int, page: Iterable[Row]) -> list[Row]:
    """Return rows of orders and lines as the sync tells them: a line with the fields of its order.

    A header has LineNumber 0 and, as its ID, the key of the order [G]; cost centres and units are Guids.
    """
    page = list(page)
    parents = {row.parent for row in page if row.resource == LINES}
    headers = {row.key: row.data for row in store.rows(ORDERS, division).filter(key__in=parents)}
    keys = {name: _keys(path, division) for name, path in _DIMENSIONS.items()}
    return [_told(row, headers, keys) for row in page]


def _told(row: Row, headers: dict[str, Data], keys: dict[str, dict[str, str]]) -> Row:
    shown = copy(row)
    if row.resource == ORDERS:
        shown.data = {**row.data, "ID": row.key, "LineNumber": _HEADER}
        return shown
    shown.data = {**headers[row.parent], **row.data}
    for name, known in keys.items():
        code = row.data.get(name)
        shown.data |= {name: known.get(code or ""), f"{name}Code": code}
    return shown


def _keys(path: str, division: int) -> dict[str, str]:
    return dict(store.rows(path, division).values_list("mark", "key"))
