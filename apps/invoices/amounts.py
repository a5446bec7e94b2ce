"""Which amounts an entry line sends, so that what Exact makes of them is what the document says. Pure.

Exact facts 4.4: with a VAT code of type E `AmountFC` is without VAT, with type I it includes it, and Exact computes
the VAT itself; `VATAmountFC` overrides that, and is refused for the types N and B. Under reverse charge Exact
books the VAT twice and the supplier gets `AmountFC`.
"""

from dataclasses import dataclass
from decimal import Decimal

from apps.core.money import cents
from apps.exact.models import VATCode
from apps.invoices.entry_lines import EntryLine

_HALF_CENT = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is sent of one line: `amount` is AmountFC, `vat` VATAmountFC, None when Exact's own VAT is right."""

    amount: Decimal
    vat: Decimal | None = None


def amounts_of(line: EntryLine, code: VATCode, percentage: Decimal | None) -> Amounts:
    """Return what is sent for `line`; `percentage` is that of `code` on the entry's date as a fraction (0.21).

    None: it is not known, and then the document's VAT is sent. So it is where Exact would have to round half a cent,
    for nothing says which way it does.
    """
    if code.type not in {"E", "I"} or code.charged:
        return Amounts(line.gross)
    amount = line.net if code.type == "E" else line.gross
    computed = None if percentage is None else computed_vat(amount, code.type, percentage)
    return Amounts(amount, None if computed == line.tax else line.tax)


def computed_vat(amount: Decimal, type_: str, percentage: Decimal) -> Decimal | None:
    """Return the VAT that Exact computes from AmountFC with a code of type E or I; None on half a cent."""
    exact = amount * percentage if type_ == "E" else amount - amount / (1 + percentage)
    rounded = cents(exact)
    return None if abs(exact - rounded) == _HALF_CENT else rounded
