"""An answer next to the order that it is about: its lines in Exact's units, and in what the two differ."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from apps.exact.models import Division
from apps.items import units
from apps.items.catalogue import catalogue_of
from apps.items.index import Catalogue
from apps.items.wanted import BUYER_ITEM, GTIN, SELLER_ITEM, ItemCard, code_of, gtin_of
from apps.orders.amounts import net_price
from apps.orders.difference import Difference, Field, kept
from apps.orders.differing import Answered, Codes, Ordered, applied, compare, same
from apps.orders.line_pairs import paired
from apps.orders.models import Kind, PurchaseOrder, PurchaseOrderLine, ValueSource


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences, and the lines of the answer with what they are in Exact's units; not saved."""

    differences: list[Difference]
    lines: list[PurchaseOrderLine]


class There(NamedTuple):
    """An order as Exact has it: its lines, their rows by key, and its day."""

    lines: list[Ordered]
    rows: dict[int, PurchaseOrderLine]
    day: date | None


def there(order: PurchaseOrder) -> There:
    """Return `order` as Exact has it: as it was put there, with what somebody changed since."""
    noticed = [kept(one) for one in order.noticed]
    gone = {one.line_id for one in noticed if one.field == Field.REMOVED}
    rows = [
        line for line in order.lines.all() if line.item and line.ordered is not None and line.pk not in gone
    ]
    heads = [one.value for one in noticed if one.field == Field.DATE and one.line_id is None]
    day = next(iter(heads), order.receipt_date)
    lines = applied([as_put(line, order) for line in rows], noticed)
    return There(lines, {row.pk: row for row in rows}, day)


def compared(answer: PurchaseOrder, division: Division | None) -> Compared:
    """Compare `answer` with the order it is about, as that stands in Exact now; ValueError without one."""
    order = answer.about
    if order is None:
        raise ValueError(f"{answer} is about no order that we know.")
    lines, rows, day = there(order)
    own = list(answer.lines.all())
    catalogue = catalogue_of(division) if division and own else None
    answered = []
    silent = day if answer.receipt_date == day else None
    for line, row in zip(paired(lines, [_answered(line, silent) for line in own]), own, strict=True):
        meant = rows.get(line.of) if line.of is not None else None
        card = _card(catalogue, meant, order) if meant else None
        answered.append(_converted(line, row, meant, card) if meant else line)
    differences = compare(
        lines,
        answered,
        day=day,
        answered_day=answer.receipt_date,
        is_whole=answer.kind == Kind.CHANGE,
    )
    return Compared(differences, own)


def _card(catalogue: Catalogue | None, line: PurchaseOrderLine, order: PurchaseOrder) -> ItemCard | None:
    if catalogue is None or line.item is None or order.supplier is None:
        return None
    return catalogue.card_of(line.item, order.supplier)


def as_put(line: PurchaseOrderLine, order: PurchaseOrder) -> Ordered:
    """Return a line as Postkamer put it into Exact."""
    return Ordered(
        key=line.pk,
        position=line.position,
        number=line.number,
        name=line.description or line.item_name,
        codes=_codes(line),
        quantity=line.ordered or Decimal(),
        price=line.ordered_price,
        day=line.receipt_date or order.receipt_date,
        follows=line.receipt_date in (None, order.receipt_date),
    )


def _answered(line: PurchaseOrderLine, silent: date | None) -> Answered:
    """`silent`: the day of order and answer as a whole, which a line has too that says nothing of its own."""
    return Answered(
        position=line.position,
        number=line.number,
        about=line.about_line,
        name=line.description,
        codes=_codes(line),
        quantity=line.quantity,
        price=None if line.price is None else net_price(line.price, line.discount),
        day=None if line.receipt_date == silent else line.receipt_date,
        status=line.status,
        substitute=line.substitute,
        said=_said(line) if line.quantity is not None else "",
    )


def _codes(line: PurchaseOrderLine) -> Codes:
    known = (
        (SELLER_ITEM, code_of(line.seller_item)),
        (GTIN, gtin_of(line.gtin)),
        (BUYER_ITEM, code_of(line.buyer_item)),
    )
    return frozenset((kind, code) for kind, code in known if code)


def _said(line: PurchaseOrderLine) -> str:
    return f"{same(line.quantity)} {line.unit}".strip()


def _converted(
    line: Answered, row: PurchaseOrderLine, meant: PurchaseOrderLine, card: ItemCard | None
) -> Answered:
    """Give quantity and price of `line` in the purchase unit of the ordered one, and note them on its `row`."""
    row.item, row.item_code, row.item_name = meant.item, meant.item_code, meant.item_name
    row.purchase_unit, row.factor = meant.purchase_unit, meant.factor
    values = _in_units(line, row, meant, card)
    if values is None:
        row.ordered = row.ordered_price = None
        return line
    row.ordered, row.ordered_price = values
    return replace(line, quantity=values[0], price=values[1], said="")


def _in_units(
    line: Answered, row: PurchaseOrderLine, meant: PurchaseOrderLine, card: ItemCard | None
) -> tuple[Decimal | None, Decimal | None] | None:
    """Return quantity and price in purchase units; None for a unit that cannot be converted."""
    if not line.quantity and line.price is None:
        return line.quantity, None
    if _is_as_written(row, meant):
        return meant.ordered, None if line.price is None else _price(line, row, meant, card)
    if card is None:
        return (
            (line.quantity, line.price) if meant.factor in (None, 1) and _is_unit_same(row, meant) else None
        )
    found = _convert(line, row, meant, card)
    row.unit_why = (found.trouble or found.why)[:255]
    if found.trouble:
        return None
    return (None if line.quantity is None else found.ordered), found.price


def _price(
    line: Answered, row: PurchaseOrderLine, meant: PurchaseOrderLine, card: ItemCard | None
) -> Decimal | None:
    """Return the price of a line whose quantity is as it was written on the order."""
    if meant.price is not None and line.price == net_price(meant.price, meant.discount):
        return meant.ordered_price
    if card is None:
        return line.price if meant.factor in (None, 1) else None
    return _convert(line, row, meant, card).price


def _convert(
    line: Answered, row: PurchaseOrderLine, meant: PurchaseOrderLine, card: ItemCard
) -> units.Converted:
    """Convert by the factor that the line was ordered with; a line that says none is of the order's unit."""
    unit = meant.purchase_unit
    if unit and unit != card.purchase_unit:  # the card was changed since
        card = replace(card, purchase_unit=unit, purchase_unit_name="")
    as_ordered = replace(card, factor=meant.factor or card.factor)
    return units.convert(
        line.quantity if line.quantity is not None else meant.quantity,
        line.price,
        row.unit or meant.unit,
        as_ordered,
    )


def _is_unit_same(row: PurchaseOrderLine, meant: PurchaseOrderLine) -> bool:
    return not row.unit or row.unit.casefold() in (meant.unit.casefold(), meant.purchase_unit.casefold())


def _is_as_written(row: PurchaseOrderLine, meant: PurchaseOrderLine) -> bool:
    """Tell whether it repeats what the order says, and that is what was ordered: then no rounding comes between."""
    is_repeated = row.quantity == meant.quantity and (not row.unit or row.unit == meant.unit)
    return is_repeated and meant.ordered_source == ValueSource.DOCUMENT
