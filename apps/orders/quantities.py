"""How much of an item is ordered, in its purchase units, and at what price: worked out of what the line says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256

from django.utils.translation import gettext as _

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.items import prices, unit_codes, units
from apps.items.wanted import ItemCard
from apps.orders.amounts import net_price, price_from
from apps.orders.checks import where
from apps.orders.models import PurchaseOrder, PurchaseOrderLine, ValueSource


@dataclass
class Priced:
    """What stands in the way of ordering a line, and why a person must look at it."""

    obstacles: list[Obstacle] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def order_line(line: PurchaseOrderLine, card: ItemCard, *, currency: str, band: Decimal) -> Priced:
    """Set on `line` what is ordered of `card`; `band`: how far the price may lie from Exact's, in percent.

    What a person filled in stays. A unit that Exact does not know the item in is a gap: nobody can decide how many.
    """
    priced = Priced()
    line.purchase_unit, line.factor = card.purchase_unit or card.unit, card.factor
    if line.ordered_source != ValueSource.PERSON:
        _convert(line, card, priced)
        if _is_odd(line, card):
            words = _("it orders less than nothing, or for nothing. Is that meant?")
            priced.obstacles.append(Obstacle(Cause.NEEDS_APPROVAL, f"{where(line)}: {words}"))
    _compare(line, card, currency, band, priced)
    return priced


def figures_of(
    order: PurchaseOrder, lines: Iterable[PurchaseOrderLine], cards: Mapping[int, ItemCard]
) -> str:
    """Return the mark of what is ordered at which prices, beside those in Exact; `cards` by position of the line.

    The same figures give the same mark, however many zeros they are written with.
    """
    said: list[object] = [order.currency, order.net]
    for line in lines:
        card = cards.get(line.position)
        said += [line.position, line.item, line.ordered, line.ordered_price, line.purchase_unit, line.factor]
        said += [card.price, card.currency] if card else []
    return sha256("|".join(map(_text, said)).encode()).hexdigest()


def _text(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def forget(line: PurchaseOrderLine) -> None:
    """Take off `line` what was worked out for an item that it does not mean any more."""
    line.purchase_unit, line.factor, line.price_why = "", None, ""
    if line.ordered_source != ValueSource.PERSON:
        line.ordered, line.ordered_price, line.ordered_source, line.unit_why = None, None, "", ""


def _convert(line: PurchaseOrderLine, card: ItemCard, priced: Priced) -> None:
    line.ordered = line.ordered_price = None
    line.ordered_source, line.unit_why = ValueSource.DOCUMENT, ""
    if not line.quantity:
        priced.obstacles.append(_gap(line, _("the document says no quantity. Fill in how much is ordered.")))
        return
    converted = units.convert(line.quantity, _price_of(line), line.unit, card)
    line.unit_why = (converted.trouble or converted.why)[:255]
    if converted.trouble and not (converted.ordered and _is_unit_of(line.unit, card)):
        priced.obstacles.append(_gap(line, converted.trouble))
        return
    if converted.trouble:
        priced.obstacles.append(Obstacle(Cause.NEEDS_APPROVAL, f"{where(line)}: {converted.trouble}"))
    line.ordered, line.ordered_price = converted.ordered, converted.price
    line.purchase_unit, line.factor = converted.unit, converted.factor


def _is_odd(line: PurchaseOrderLine, card: ItemCard) -> bool:
    """Tell whether a quantity is negative, or a price is nothing or less where Exact does not say so, too."""
    price = line.ordered_price
    return (line.ordered or 0) < 0 or (price is not None and price <= 0 and price != card.price)


def _is_unit_of(unit: str, card: ItemCard) -> bool:
    """Tell whether `card` is counted in `unit`, be it the item's own or the purchase unit; no unit is the latter."""
    known = ((card.purchase_unit, card.purchase_unit_name), (card.unit, card.unit_name))
    return not unit.strip() or any(unit_codes.are_one(unit, code, name) for code, name in known)


def _price_of(line: PurchaseOrderLine) -> Decimal | None:
    """Return the net price of one as the document says it, else as its amount makes it."""
    if line.price is not None:
        return net_price(line.price, line.discount)
    return price_from(line.net, line.quantity) if line.net is not None and line.quantity else None


def _compare(line: PurchaseOrderLine, card: ItemCard, currency: str, band: Decimal, priced: Priced) -> None:
    line.price_why = ""
    if line.ordered_price is None and line.ordered is not None:
        _take_price(line, card, currency, priced)
    elif line.ordered_price is not None:
        judged = prices.judge(line.ordered_price, card.price, band, currency, card.currency)
        line.price_why = judged.why[:255]
        said = f"{where(line)}: {judged.why}"
        if _is_foreign(card, currency):
            priced.reasons.append(said)  # they cannot be compared, so nothing speaks against it either
        elif not judged.is_within:
            priced.obstacles.append(Obstacle(Cause.NEEDS_APPROVAL, said))


def _take_price(line: PurchaseOrderLine, card: ItemCard, currency: str, priced: Priced) -> None:
    """Take the supplier's price for a document that names none; a person looks at it, for nobody agreed on it."""
    if card.price is None or _is_foreign(card, currency):
        priced.obstacles.append(
            _gap(line, _("neither the document nor Exact says a price in this currency. Fill it in."))
        )
        return
    line.ordered_price = card.price
    line.price_why = _("the document says no price: the supplier's in Exact is taken")
    priced.reasons.append(f"{where(line)}: {line.price_why}")


def _is_foreign(card: ItemCard, currency: str) -> bool:
    return card.price is not None and bool(card.currency and currency) and card.currency != currency


def _gap(line: PurchaseOrderLine, words: str) -> Obstacle:
    return Obstacle(Cause.NEEDS_APPROVAL, f"{where(line)}: {words}", is_gap=True)
