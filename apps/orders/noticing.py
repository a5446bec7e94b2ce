"""Keeping with an order what Exact shows of it: the ids of its lines, how it stands, what somebody changed there."""

from collections.abc import Container, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core import clock
from apps.exact.client import Exact
from apps.exact.models import Division, VATCode
from apps.exact.values import filter_guid
from apps.orders.amounts import Charged, sent_price
from apps.orders.comparing import as_put
from apps.orders.difference import Difference
from apps.orders.exact_side import (
    GONE,
    LINE_FIELDS,
    LINES,
    ORDER_FIELDS,
    ORDERS,
    Seen,
    SeenLine,
    seen_from,
    unlike,
)
from apps.orders.models import PurchaseOrder, PurchaseOrderLine, Standing, State
from apps.orders.plans import charged_on

EXACT = "Exact"
TOLD = (Standing.PARTIAL, Standing.COMPLETE, Standing.CANCELLED, Standing.GONE)
NEWS = (Standing.CANCELLED, Standing.GONE)  # a person should know


def look(order: PurchaseOrder, exact: Exact) -> Seen:
    """Ask Exact for an ordered `order` and its lines: two calls. Raises what Exact answers."""
    if order.posting is None or order.posting.exact_id is None:
        return GONE
    by_id = f"PurchaseOrderID eq {filter_guid(str(order.posting.exact_id))}"
    heads = exact.find(ORDERS, filter=by_id, select=ORDER_FIELDS)
    return seen_from(heads, exact.find(LINES, filter=by_id, select=LINE_FIELDS) if heads else [])


def notice(order: PurchaseOrder, seen: Seen, division: Division, inclusive: Container[str]) -> bool:
    """Keep what `seen` tells of `order`, which is done; tell whether that was new. Once for each change.

    `inclusive`: the VAT codes of `division` whose prices include VAT (`inclusive_in`). Raises core.transitions.Changed
    when the order was moved since it was read.
    """
    rows = [row for row in order.lines.all() if row.item and row.ordered is not None]
    matched = _matched(rows, seen.lines)
    differences: list[Difference] = []
    if seen.standing != Standing.GONE:
        has_vat = any(row.vat_code in inclusive for row in rows)
        gross = _gross(charged_of(order, rows, division), rows) if has_vat else {}
        ours = [as_put(row, order) for row in rows]
        differences = unlike(ours, seen, matched, day=order.receipt_date, gross=gross)
    values = _news(order, seen.standing, differences)
    _keep_ids(rows, matched)
    if values:
        why = _words(order, seen.standing, differences)
        order.move(State.DONE, who=EXACT, why=why, at=clock.now(), changed_at=order.changed_at, **values)
    if not values and seen.standing != order.standing:  # it is open, as was to be expected: no event
        PurchaseOrder.objects.filter(pk=order.pk, version=order.version).update(standing=seen.standing)
        order.standing = seen.standing
    return bool(values)


def _matched(rows: Sequence[PurchaseOrderLine], lines: Sequence[SeenLine]) -> dict[int, SeenLine]:
    """Return the line in Exact of each of ours: by its id, else by its number and item (Exact numbers them as sent)."""
    by_id = {line.exact_id: line for line in lines}
    by_place = {(line.number, line.item): line for line in lines}
    found = {}
    for number, row in enumerate(rows, start=1):
        line = by_id.get(row.exact_line) if row.exact_line else by_place.get((number, row.item))
        if line is not None:
            found[row.pk] = line
    return found


def _keep_ids(rows: Sequence[PurchaseOrderLine], matched: dict[int, SeenLine]) -> None:
    new = [row for row in rows if row.exact_line is None and row.pk in matched]
    for row in new:
        row.exact_line = matched[row.pk].exact_id
    if new:
        PurchaseOrderLine.objects.bulk_update(new, ["exact_line"])


def inclusive_in(division: Division) -> set[str]:
    """Return the VAT codes of `division` that are included in prices."""
    return set(VATCode.objects.filter(division=division, type="I").values_list("code", flat=True))


def _gross(charged: Mapping[str, Charged], rows: Sequence[PurchaseOrderLine]) -> dict[int, Decimal]:
    """Return by what the price of each line is multiplied in Exact."""
    return {row.pk: sent_price(Decimal(1), charged[row.vat_code]) for row in rows if row.vat_code in charged}


def charged_of(
    order: PurchaseOrder, rows: Sequence[PurchaseOrderLine], division: Division
) -> dict[str, Charged]:
    """Return what the VAT codes of the lines do with their prices, on the day that the order was sent with."""
    day = order.order_date or clock.local_date(order.received_at)
    return charged_on(division, day, {row.vat_code for row in rows})


def _news(order: PurchaseOrder, standing: Standing, differences: Sequence[Difference]) -> dict[str, Any]:
    """Return what is to be kept with an event; nothing when all of that is known."""
    kept = [each.as_kept() for each in differences]
    if standing == Standing.GONE:
        kept = order.noticed
    is_told = standing != order.standing and (standing in TOLD or order.standing in TOLD)
    if kept == order.noticed and not is_told:
        return {}
    values: dict[str, Any] = {"standing": standing, "noticed": kept}
    if kept != order.noticed or standing in NEWS:
        values |= {"noticed_at": clock.now(), "noticed_seen": not kept and standing not in NEWS}
    return values


def _words(order: PurchaseOrder, standing: Standing, differences: Sequence[Difference]) -> str:
    told = []
    if standing != order.standing and (standing in TOLD or order.standing in TOLD):
        told.append(_("In Exact the order is: %(standing)s.") % {"standing": standing.label})
    if [each.as_kept() for each in differences] != order.noticed and standing != Standing.GONE:
        changed = "; ".join(each.sentence for each in differences)
        words = _("Changed in Exact: %(what)s.") % {"what": changed} if changed else ""
        told.append(words or _("In Exact it is again as it was ordered."))
    return " ".join(told)
