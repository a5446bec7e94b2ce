"""Lines, charges, allowances and VAT of a UBL document. Pure."""

from decimal import Decimal
from typing import NamedTuple, TypedDict

from apps.intake.document import Adjustment, Line, TaxSubtotal
from apps.intake.ubl.branches import Branch
from apps.intake.ubl.values import Values


class TaxFields(TypedDict):
    """What a tax category element says."""

    category: str
    rate: Decimal | None
    exemption_code: str
    exemption_reason: str


def _tax(category: Branch, values: Values) -> TaxFields:
    return {
        "category": category.text("ID").upper(),
        "rate": values.rate(category, "Percent"),
        "exemption_code": category.text("TaxExemptionReasonCode"),
        "exemption_reason": category.text("TaxExemptionReason"),
    }


def _line_category(line: Branch, item: Branch) -> Branch:
    """The item's category; older documents have it in a tax total of the line."""
    if "ClassifiedTaxCategory" in item:
        return item.under("ClassifiedTaxCategory")
    return line.under("TaxTotal").under("TaxSubtotal").under("TaxCategory")


def _line(position: int, line: Branch, quantity: str, values: Values) -> Line:
    item, price = line.under("Item"), line.under("Price")
    order = line.under("OrderLineReference")
    return Line(
        position=position,
        identifier=line.text("ID"),
        name=item.text("Name"),
        description=item.paragraph("Description"),
        note=line.paragraph("Note"),
        quantity=values.amount(line, quantity),
        unit=line.attribute(quantity, "unitCode"),
        unit_price=values.number(price, "PriceAmount"),
        base_quantity=values.number(price, "BaseQuantity"),
        net=values.amount(line, "LineExtensionAmount"),
        order_reference=order.under("OrderReference").text("ID"),
        order_line=order.text("LineID"),
        cost_centre=line.text("AccountingCost"),
        buyer_item=item.under("BuyersItemIdentification").text("ID"),
        seller_item=item.under("SellersItemIdentification").text("ID"),
        standard_item=item.under("StandardItemIdentification").text("ID"),
        commodity_code=item.under("CommodityClassification").text("ItemClassificationCode"),
        **_tax(_line_category(line, item), values),
    )


def read_lines(root: Branch, values: Values, *, name: str, quantity: str) -> tuple[Line, ...]:
    """Return the lines, which an invoice calls InvoiceLine and a credit note CreditNoteLine."""
    return tuple(_line(n, line, quantity, values) for n, line in enumerate(root.every(name), start=1))


def _adjustment(branch: Branch, values: Values) -> Adjustment:
    amount = values.amount(branch, "Amount")
    is_charge = branch.text("ChargeIndicator").lower() in {"true", "1"}
    return Adjustment(
        net=amount if is_charge or not amount else -amount,
        reason=branch.text("AllowanceChargeReason"),
        reason_code=branch.text("AllowanceChargeReasonCode"),
        **_tax(branch.under("TaxCategory"), values),
    )


def read_adjustments(root: Branch, values: Values) -> tuple[Adjustment, ...]:
    """Return the charges (+) and allowances (-) on the whole document."""
    return tuple(_adjustment(branch, values) for branch in root.every("AllowanceCharge"))


def _subtotal(branch: Branch, values: Values) -> TaxSubtotal:
    tax = _tax(branch.under("TaxCategory"), values)
    if tax["rate"] is None:
        tax["rate"] = values.rate(branch, "Percent")
    return TaxSubtotal(
        taxable=values.amount(branch, "TaxableAmount"), tax=values.amount(branch, "TaxAmount"), **tax
    )


class TaxTotals(NamedTuple):
    """VAT of the document in its own currency, the same in the tax currency, and per category."""

    tax: Decimal | None
    accounting_tax: Decimal | None
    subtotals: tuple[TaxSubtotal, ...]


def read_taxes(root: Branch, values: Values, currency: str) -> TaxTotals:
    """Return the tax totals of a document in `currency`.

    EN 16931 has one total with subtotals, and one without in the tax currency (BT-110, BT-111). Older
    documents have one total with a subtotal per rate: those are added up.
    """
    own: list[Branch] = []
    foreign: list[Branch] = []
    for total in root.every("TaxTotal"):
        is_own = total.attribute("TaxAmount", "currencyID").upper() in ("", currency)
        (own if is_own else foreign).append(total)
    detailed = [total for total in own if "TaxSubtotal" in total]
    amounts = [values.amount(total, "TaxAmount") for total in detailed or own[:1]]
    known = [amount for amount in amounts if amount is not None]
    return TaxTotals(
        tax=sum(known[1:], known[0]) if known else None,
        accounting_tax=values.amount(foreign[0], "TaxAmount") if foreign else None,
        subtotals=tuple(_subtotal(part, values) for total in detailed for part in total.every("TaxSubtotal")),
    )
