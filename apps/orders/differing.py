"""In what an answer differs from the order that it is about. Pure.

Both sides are in Exact's units (quantity in purchase units, net price of one). What Exact does not take by changing a
field of a line is shown all the same, and done by a person (Exact facts 4.4).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from apps.intake.order import LineStatus
from apps.orders.difference import Difference, Field, Why

PLACES = Decimal("0.0001")  # of quantities and prices in Exact
REFUSED = (LineStatus.NOT_ACCEPTED, LineStatus.DELIVERED, LineStatus.DELETED)
Codes = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line as it stands in Exact. `key` tells it from others; `codes`: what its item is known by, (kind, code).

    `day` is its own or else that of the order; `follows`: it has none of its own.
    """

    key: int
    position: int
    number: str = ""
    name: str = ""
    codes: Codes = frozenset()
    quantity: Decimal = Decimal()
    price: Decimal | None = None
    day: date | None = None
    follows: bool = False

    @property
    def label(self) -> str:
        """What people call it."""
        return self.number or str(self.position)


@dataclass(frozen=True, slots=True)
class Answered:
    """A line of the answer. `of`: the key of the line that it is about, None for one that was not ordered.

    `said`: quantity and unit as written, where they cannot be compared; None of a value: it says nothing about that.
    """

    position: int
    of: int | None = None
    number: str = ""
    about: str = ""
    name: str = ""
    codes: Codes = frozenset()
    quantity: Decimal | None = None
    price: Decimal | None = None
    day: date | None = None
    status: str = ""
    substitute: str = ""
    said: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether nothing comes of it."""
        return self.status in REFUSED or self.quantity == 0


def compare(
    ordered: Sequence[Ordered],
    answered: Sequence[Answered],
    *,
    day: date | None = None,
    answered_day: date | None = None,
    is_whole: bool = False,
) -> list[Difference]:
    """Return each difference, the head's first, then by line, then what was not ordered.

    `day` is the order's, `answered_day` the answer's as a whole. `is_whole`: the answer is a full order again, so what
    it leaves out was removed; else that is unchanged.
    """
    by_line: dict[int | None, list[Answered]] = {}
    for line in answered:
        by_line.setdefault(line.of, []).append(line)
    head = _date(None, day, answered_day)
    lines = (
        _of_line(
            line,
            by_line.get(line.key, []),
            answered_day if line.key in by_line or not answered else None,
            is_whole,
        )
        for line in sorted(ordered, key=lambda line: line.position)
    )
    return [*head, *chain.from_iterable(lines), *map(_added, by_line.get(None, []))]


def _of_line(
    line: Ordered, answers: Sequence[Answered], day: date | None, is_whole: bool
) -> list[Difference]:
    followed = day if line.follows else None
    if not answers:
        gone = [_line(line, Field.REMOVED, same(line.quantity), "", Why.LINE_GOES)] if is_whole else []
        return gone or _date(line, line.day, followed)
    coming = [answer for answer in answers if not answer.is_refused]
    if not coming:
        return [_refused(line, answers, is_whole)]
    if any(answer.said for answer in coming):
        said = "; ".join(answer.said or same(answer.quantity) for answer in coming)
        found = [_line(line, Field.QUANTITY, same(line.quantity), said, Why.UNIT)]
    else:
        found = [*_quantity(line, coming), *_price(line, coming)]
    found += _dates(line, coming, followed)
    other = _other_item(line, coming)
    return sorted([*other, *(_by_hand(each, Why.ITEM) if other else each for each in found)], key=_place)


def _quantity(line: Ordered, coming: Sequence[Answered]) -> list[Difference]:
    said = [answer.quantity for answer in coming if answer.quantity is not None]
    total = sum(said, Decimal())
    if not said or same(total) == same(line.quantity):
        return []
    return [_line(line, Field.QUANTITY, same(line.quantity), same(total))]


def _price(line: Ordered, coming: Sequence[Answered]) -> list[Difference]:
    prices = list(dict.fromkeys(same(answer.price) for answer in coming if answer.price is not None))
    if not prices or prices == [same(line.price)]:
        return []
    why = Why.NONE if len(prices) == 1 else Why.SEVERAL
    return [_line(line, Field.PRICE, same(line.price), "; ".join(prices), why)]


def _dates(line: Ordered, coming: Sequence[Answered], followed: date | None) -> list[Difference]:
    """Compare the days; several of them are deliveries, and a line of Exact has one day."""
    days = list(dict.fromkeys(answer.day or followed for answer in coming))
    if len(days) == 1:
        return _date(line, line.day, days[0])
    parts = (f"{same(each.quantity)} {(each.day or followed or line.day or '')}".strip() for each in coming)
    return [_line(line, Field.BACKORDER, _iso(line.day), "; ".join(parts), Why.SEVERAL)]


def _date(line: Ordered | None, day: date | None, answered: date | None) -> list[Difference]:
    if answered is None or answered == day:
        return []
    if line is None:
        return [Difference(field=Field.DATE, ordered=_iso(day), confirmed=_iso(answered))]
    return [_line(line, Field.DATE, _iso(day), _iso(answered))]


def _other_item(line: Ordered, coming: Sequence[Answered]) -> list[Difference]:
    other = next(filter(None, (answer.substitute or _strange(line, answer) for answer in coming)), "")
    ours = next((code for _kind, code in sorted(line.codes)), line.name)
    return [_line(line, Field.ITEM, ours, other, Why.ITEM)] if other else []


def _strange(line: Ordered, answer: Answered) -> str:
    """Return the code by which `answer` means another item; "" when any code agrees, or none can be compared."""
    kinds = dict(line.codes)
    if line.codes & answer.codes:
        return ""
    return next((code for kind, code in sorted(answer.codes) if kind in kinds), "")


def _refused(line: Ordered, answers: Sequence[Answered], is_whole: bool) -> Difference:
    is_removed = is_whole or any(answer.status == LineStatus.DELETED for answer in answers)
    other = next((answer.substitute for answer in answers if answer.substitute), "")
    is_there = any(answer.status == LineStatus.DELIVERED for answer in answers)
    why = Why.DELIVERED if is_there else Why.LINE_GOES
    return _line(line, Field.REMOVED if is_removed else Field.REJECTED, same(line.quantity), other, why)


def _added(answer: Answered) -> Difference:
    return Difference(
        field=Field.ADDED,
        line=answer.number or str(answer.position),
        name=answer.name,
        confirmed=answer.said or same(answer.quantity),
        why=Why.LINE_COMES,
    )


def _line(line: Ordered, field: Field, ordered: str, confirmed: str, why: Why = Why.NONE) -> Difference:
    return Difference(field, line.label, line.name, line.key, ordered, confirmed, why)


def _by_hand(difference: Difference, why: Why) -> Difference:
    return replace(difference, why=difference.why or why)


def _place(difference: Difference) -> int:
    return list(Field).index(difference.field)


def same(value: Decimal | None) -> str:
    """Return a number as it is compared and kept: rounded to Exact's places, without zeros behind; "" for none."""
    if value is None:
        return ""
    rounded = value.quantize(PLACES)
    return f"{rounded.normalize() + 0:f}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def applied(ordered: Iterable[Ordered], differences: Iterable[Difference]) -> list[Ordered]:
    """Return the lines as they are once what can be applied of `differences` is."""
    changes: Mapping[int, dict[str, Any]] = values_by_line(differences)
    return [
        replace(line, **{_NAMES[name]: value for name, value in changes.get(line.key, {}).items()})
        for line in ordered
    ]


def values_by_line(differences: Iterable[Difference]) -> dict[int, dict[str, Any]]:
    """Return what changes in which line, by the fields of orders.PurchaseOrderLine; only what can be applied."""
    found: dict[int, dict[str, Any]] = {}
    for each in differences:
        if each.can_apply and each.line_id is not None:
            found.setdefault(each.line_id, {})[COLUMNS[each.field]] = each.value
    return found


COLUMNS = {Field.QUANTITY: "ordered", Field.PRICE: "ordered_price", Field.DATE: "receipt_date"}
_NAMES = {"ordered": "quantity", "ordered_price": "price", "receipt_date": "day"}
