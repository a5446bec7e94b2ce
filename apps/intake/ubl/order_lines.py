"""The lines of UBL orders and of what answers or changes them (Peppol BIS Ordering 3). Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from apps.intake.order import ONE, OrderLine
from apps.intake.ubl.branches import Branch
from apps.intake.ubl.values import Values

_YES = frozenset(("true", "1"))
_CENT = Decimal("0.01")


def read_delivery_date(branch: Branch, values: Values) -> date | None:
    """Return when a cac:Delivery promises the goods, else when it asks for them: the last day of the period."""
    for name in ("PromisedDeliveryPeriod", "RequestedDeliveryPeriod"):
        period = branch.under(name)
        day = values.day(period, "EndDate") or values.day(period, "StartDate")
        if day:
            return day
    return values.day(branch, "LatestDeliveryDate")


def read_order_lines(root: Branch, values: Values) -> tuple[OrderLine, ...]:
    """Return the cac:OrderLine elements; what a seller delivers instead is named in `substitute`."""
    return tuple(_line(n, outer, values) for n, outer in enumerate(root.every("OrderLine"), start=1))


def _line(position: int, outer: Branch, values: Values) -> OrderLine:
    line = outer.under("LineItem")
    item, price = line.under("Item"), line.under("Price")
    category = item.under("ClassifiedTaxCategory")
    quantity, amount = values.number(line, "Quantity"), values.number(price, "PriceAmount")
    base = _base(price, values)
    discount, charges = _charges(line.every("AllowanceCharge"), values, _gross(quantity, amount, base))
    return OrderLine(
        position=position,
        number=line.text("ID"),
        name=item.text("Name"),
        description=item.paragraph("Description"),
        seller_item=item.under("SellersItemIdentification").text("ID"),
        buyer_item=item.under("BuyersItemIdentification").text("ID"),
        gtin=item.under("StandardItemIdentification").text("ID"),
        quantity=quantity,
        unit=line.attribute("Quantity", "unitCode"),
        price=amount,
        price_base=base,
        price_unit=price.attribute("BaseQuantity", "unitCode"),
        discount=discount,
        charges=charges,
        net=values.number(line, "LineExtensionAmount"),
        category=category.text("ID").upper(),
        rate=values.rate(category, "Percent"),
        delivery_date=read_delivery_date(line.under("Delivery"), values),
        status=line.text("LineStatusCode"),
        order_line=outer.under("OrderLineReference").text("LineID"),
        cost_centre=line.text("AccountingCost"),
        note="\n".join(dict.fromkeys(filter(None, (outer.paragraph("Note"), line.paragraph("Note"))))),
        substitute=_substitute(outer),
    )


def _base(price: Branch, values: Values) -> Decimal:
    """The number of units that the price is of; one of none or less would divide by nothing."""
    base = values.number(price, "BaseQuantity")
    return base if base is not None and base > 0 else ONE


def _gross(quantity: Decimal | None, price: Decimal | None, base: Decimal) -> Decimal | None:
    return None if quantity is None or price is None else quantity * price / base


def _charges(
    branches: Sequence[Branch], values: Values, gross: Decimal | None
) -> tuple[Decimal | None, Decimal | None]:
    """Return the discount as a percentage, and the other charges and allowances; None for none.

    Only a single allowance that is a percentage of the whole line, to the cent, is that discount.
    """
    signed = [_signed(branch, values) for branch in branches]
    known = [amount for amount in signed if amount is not None]
    if len(branches) == 1 and known and gross is not None and known[0] <= 0:
        share = values.rate(branches[0], "MultiplierFactorNumeric")
        if share is not None and abs(known[0] + gross * share / 100) <= _CENT:
            return share, None
    return None, sum(known[1:], known[0]) if known else None


def _signed(branch: Branch, values: Values) -> Decimal | None:
    amount = values.number(branch, "Amount")
    if amount is None:
        return None
    return amount if branch.text("ChargeIndicator").lower() in _YES else -amount


def _substitute(outer: Branch) -> str:
    """The item that comes, or is offered, in place of the one that was ordered: its code, else its name."""
    for name in ("SellerSubstitutedLineItem", "SellerProposedSubstituteLineItem"):
        item = outer.under(name).under("Item")
        code = item.under("SellersItemIdentification").text("ID") or item.text("Name")
        if code:
            return code
    return ""
