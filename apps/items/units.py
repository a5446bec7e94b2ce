"""Quantities and prices of a document, in the purchase unit of Exact. Pure.

Exact takes an order in purchase units (`QuantityInPurchaseUnits`, Exact facts 4.4); the supplier may write those or
the item's own units. What does not come out without a rest is converted, and told as trouble.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.items import unit_codes
from apps.items.wanted import ItemCard

QUANTITY = Decimal("0.0001")
PRICE = Decimal("0.000001")
CENT = Decimal("0.01")
DIGITS = 60  # so that nothing but the rounding asked for rounds
MOST = Decimal(10) ** 12 - 1  # of a price: what a column holds, less one for a float; far beyond any order


@dataclass(frozen=True, slots=True)
class Converted:
    """A line as Exact takes it: `ordered` in `unit`, `price` for one of them. `factor` of the item's units make one.

    `why`: how it was converted; `trouble`: why a person must look at it, "" when nobody must.
    """

    ordered: Decimal
    price: Decimal | None
    unit: str
    factor: Decimal
    why: str = ""
    trouble: str = ""


def convert(quantity: Decimal | None, price: Decimal | None, unit: str, card: ItemCard) -> Converted:
    """Return what `quantity` of `unit`, at `price` each, is in purchase units of `card`; nothing of too much."""
    found = _convert(quantity, price, unit, card)
    if max(abs(found.ordered), abs(found.price or Decimal(0))) < MOST:
        return found
    words = _("Quantity or price of this line is larger than can be ordered.")
    return Converted(Decimal(0), None, found.unit, found.factor, trouble=words)


def _convert(quantity: Decimal | None, price: Decimal | None, unit: str, card: ItemCard) -> Converted:
    if quantity is None:
        none = _("The line does not say how many.")
        return Converted(Decimal(0), price, card.purchase_unit, card.factor, trouble=none)
    if not unit.strip():
        why = _("no unit on the document: taken as %(unit)s") % {"unit": card.purchase_unit}
        return _as_is(quantity, price, card, why=why)
    is_purchase_unit = unit_codes.are_one(unit, card.purchase_unit, card.purchase_unit_name)
    is_item_unit = unit_codes.are_one(unit, card.unit, card.unit_name)
    if is_purchase_unit and (not is_item_unit or card.factor == 1):
        return _as_is(quantity, price, card)
    if is_item_unit and not is_purchase_unit:
        return _divided(quantity, price, card)
    if is_item_unit:
        words = _(
            "In Exact one %(unit)s is %(factor)s %(unit)s: which of them the document means is not certain."
        )
    else:
        words = _("The document counts in %(theirs)s, Exact in %(unit)s.")
    values = {"theirs": unit.strip(), "unit": card.purchase_unit, "factor": number(card.factor)}
    return _as_is(quantity, price, card, trouble=words % values)


def _as_is(
    quantity: Decimal, price: Decimal | None, card: ItemCard, *, why: str = "", trouble: str = ""
) -> Converted:
    ordered, each = _rounded(quantity, QUANTITY), None if price is None else _rounded(price, PRICE)
    return Converted(
        ordered,
        each,
        card.purchase_unit,
        card.factor,
        why,
        trouble or _rest(quantity, price, ordered, each, Decimal(1), card),
    )


def _divided(quantity: Decimal, price: Decimal | None, card: ItemCard) -> Converted:
    """The document writes the item's own units: so many of them make one purchase unit."""
    with localcontext() as context:
        context.prec = DIGITS
        ordered = _rounded(quantity / card.factor, QUANTITY)
        each = None if price is None else _rounded(price * card.factor, PRICE)
    values = {
        "quantity": number(quantity),
        "unit": card.unit,
        "ordered": number(ordered),
        "purchase_unit": card.purchase_unit,
        "factor": number(card.factor),
    }
    why = (
        _("%(quantity)s %(unit)s is %(ordered)s %(purchase_unit)s of %(factor)s") % values
        if card.factor != 1
        else ""
    )
    trouble = _rest(quantity, price, ordered, each, card.factor, card)
    return Converted(ordered, each, card.purchase_unit, card.factor, why, trouble)


def _rest(
    quantity: Decimal,
    price: Decimal | None,
    ordered: Decimal,
    each: Decimal | None,
    factor: Decimal,
    card: ItemCard,
) -> str:
    """Say what of the document is lost in purchase units, "" when nothing is."""
    values = {"quantity": number(quantity), "unit": card.purchase_unit, "factor": number(factor)}
    with localcontext() as context:
        context.prec = DIGITS
        if ordered * factor != quantity:
            return _("%(quantity)s does not come out in %(unit)s of %(factor)s.") % values
        if not card.is_fraction_allowed and not _are_whole(ordered, ordered * card.factor):
            words = _("%(ordered)s %(unit)s: Exact takes this item in whole numbers only.")
            return words % {**values, "ordered": number(ordered)}
        if price is None or each is None:
            return ""
        theirs, ours = _rounded(quantity * price, CENT), _rounded(ordered * each, CENT)
    if theirs == ours:
        return ""
    words = _("The line comes to %(ours)s in Exact, and to %(theirs)s on the document.")
    return words % {"ours": number_format(ours, 2), "theirs": number_format(theirs, 2)}


def _are_whole(*numbers: Decimal) -> bool:
    return all(one == one.to_integral_value() for one in numbers)


def _rounded(value: Decimal, to: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = DIGITS
        return value.quantize(to, rounding=ROUND_HALF_UP)


def number(value: Decimal) -> str:
    """Return a number as people of this language write it, without the zeros that say nothing: 12.5000 is "12,5"."""
    text = f"{value:f}"
    return str(number_format(text.rstrip("0").rstrip(".") if "." in text else text, use_l10n=True))
