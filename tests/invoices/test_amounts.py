"""Which amounts are sent, and what Exact makes of them."""

from decimal import Decimal

import pytest

from apps.exact.models import VATCode
from apps.invoices.amounts import Amounts, amounts_of
from apps.invoices.entry_lines import EntryLine

D = Decimal


def sent(net: str, tax: str, type_: str, percentage: str | None, *, charged: bool = False) -> Amounts:
    line = EntryLine("", "4000", "V", D(net), D(tax))
    return amounts_of(line, VATCode(type=type_, charged=charged), D(percentage) if percentage else None)


@pytest.mark.parametrize(
    ("net", "tax", "type_", "percentage", "expected"),
    [
        ("100", "21", "E", "0.21", ("100", None)),
        ("100", "21", "I", "0.21", ("121", None)),
        ("-100", "-21", "E", "0.21", ("-100", None)),
        ("-100", "-21", "I", "0.21", ("-121", None)),
        ("0.12", "0.02", "E", "0.21", ("0.12", "0.02")),
        ("0.12", "0.03", "E", "0.21", ("0.12", None)),
        ("100", "6", "E", "0.09", ("100", "6")),
        ("100", "6", "I", "0.09", ("106", "6")),
        ("100", "21", "E", None, ("100", "21")),
        ("100", "0", "E", "0.21", ("100", "0")),
        ("100", "21", "N", "0", ("121", None)),
        ("100", "21", "B", "0", ("121", None)),
        ("100", "0", "B", "0", ("100", None)),
        ("0", "0.01", "E", "0.21", ("0", "0.01")),
    ],
)
def test_vat_is_sent_only_where_exact_would_compute_another(
    net: str, tax: str, type_: str, percentage: str | None, expected: tuple[str, str | None]
) -> None:
    amount, vat = expected
    assert sent(net, tax, type_, percentage) == Amounts(D(amount), None if vat is None else D(vat))


def test_half_a_cent_is_not_left_to_exact() -> None:
    """0.50 at 21 % is 0.105: nothing says whether Exact makes 0.11 or 0.10 of it."""
    assert sent("0.50", "0.11", "E", "0.21").vat == D("0.11")
    assert sent("0.50", "0.10", "E", "0.21").vat == D("0.10")


@pytest.mark.parametrize("type_", ["E", "I"])
def test_under_reverse_charge_no_vat_is_sent(type_: str) -> None:
    assert sent("100", "0", type_, "0.21", charged=True) == Amounts(D(100))
