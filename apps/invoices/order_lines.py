"""Which line of a purchase order in Exact a line of an invoice is for. Pure.

Exact copies item, quantity and amount of an order line into the invoice (Exact facts 4.4): so the order line is named
only where all of these agree. Else the item is invoiced, and what differs is told.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from apps.core.money import ZERO

CODES = frozenset({"order_closed", "order_begun", "order_quantity", "order_amount", "order_vat_code"})


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line of an order in Exact. `quantity` is in purchase units, `amount` without VAT; `invoiced` of it before."""

    exact_id: UUID
    order_number: str
    your_ref: str
    position: int
    item: UUID
    quantity: Decimal
    amount: Decimal
    invoiced: Decimal = ZERO
    vat_code: str = ""
    is_open: bool = True

    def answers_to(self, reference: str) -> bool:
        """Tell whether a document that names `reference` means this order."""
        return plain(reference) in {plain(self.order_number), plain(self.your_ref)} - {""}


@dataclass(frozen=True, slots=True)
class Invoiced:
    """A line of an invoice: `reference` and `order_line` as the document names its order, else ""."""

    position: int
    item: UUID
    quantity: Decimal | None
    net: Decimal
    vat_code: str
    reference: str = ""
    order_line: str = ""


class Difference(NamedTuple):
    """How a line differs from its order: the code of a finding, and what that shows besides line and order."""

    code: str
    values: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Picked:
    """The order line that a line is for. `differs`: how; empty when the order line can be named to Exact."""

    ordered: Ordered
    differs: Sequence[Difference] = ()


def pick(
    lines: Sequence[Invoiced], ordered: Sequence[Ordered], taken: Collection[UUID] = ()
) -> dict[int, Picked]:
    """Return for which order line each of `lines` is, by position; each order line once, none of `taken`.

    Lines that agree in all go first, so that one that only shares the item takes no other's place.
    """
    found: dict[int, Picked] = {}
    gone = set(taken)
    for wants_equal in (True, False):
        for line in lines:
            if line.position in found:
                continue
            there = [one for one in ordered if one.exact_id not in gone and _is_for(one, line)]
            picks = [Picked(one, differences(line, one)) for one in sorted(there, key=_rank(line))]
            first = next((one for one in picks if not one.differs or not wants_equal), None)
            if first:
                found[line.position] = first
                gone.add(first.ordered.exact_id)
    return found


def differences(line: Invoiced, ordered: Ordered) -> list[Difference]:
    """Return how an invoiced line differs from the order line; nothing when Exact may copy that."""
    if not ordered.is_open:
        return [Difference("order_closed")]
    if ordered.invoiced:
        return [Difference("order_begun")]
    return list(_unlike(line, ordered))


def _unlike(line: Invoiced, ordered: Ordered) -> Iterator[Difference]:
    if line.quantity != ordered.quantity:
        yield Difference("order_quantity", {"value": _text(line.quantity), "text": _text(ordered.quantity)})
    if line.net != ordered.amount:
        yield Difference("order_amount", {"found": str(line.net), "expected": str(ordered.amount)})
    if ordered.vat_code and line.vat_code != ordered.vat_code:
        yield Difference("order_vat_code", {"value": line.vat_code or "-", "text": ordered.vat_code})


def _text(quantity: Decimal | None) -> str:
    """Return a quantity as a finding keeps it, in no language: no zeros that say nothing, "-" for none."""
    return "-" if quantity is None else f"{quantity.normalize():f}"


def plain(reference: str) -> str:
    """Return a reference as compared: small letters, no spaces."""
    return "".join(reference.split()).casefold()


def _is_for(ordered: Ordered, line: Invoiced) -> bool:
    return ordered.item == line.item and ordered.answers_to(line.reference)


def _rank(line: Invoiced) -> Callable[[Ordered], tuple[bool, bool, int]]:
    """Return what sorts order lines: the line that the document names, then what is open, then in their order."""

    def rank(one: Ordered) -> tuple[bool, bool, int]:
        return str(one.position) != line.order_line, not one.is_open, one.position

    return rank
