"""Arithmetic of a purchase booking."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sandbox.exact import booking
from apps.sandbox.exact.booking import VATRule

AMOUNTS = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2)


@given(AMOUNTS, st.sampled_from("IEBN"), st.booleans())
def test_base_and_vat_are_what_is_paid_unless_reverse_charged(
    amount: Decimal, kind: str, charged: bool
) -> None:
    made = booking.amounts(amount, VATRule(kind, charged, Decimal("0.21")))
    if charged:
        assert made.payable == amount
    else:
        assert made.net + made.vat == made.payable
    assert made.vat == booking.cents(made.vat)


@given(AMOUNTS)
def test_a_credit_is_the_mirror_of_a_debit(amount: Decimal) -> None:
    rule = VATRule("E", False, Decimal("0.09"))
    assert booking.amounts(-amount, rule).vat == -booking.amounts(amount, rule).vat


@pytest.mark.parametrize(
    ("condition", "due"),
    [
        (None, date(2026, 2, 14)),
        ({"PaymentDays": 14}, date(2026, 1, 29)),
        ({"PaymentDays": 0, "PaymentEndOfMonths": 1}, date(2026, 2, 28)),
        ({"PaymentDays": 5, "PaymentEndOfMonths": 12}, date(2027, 2, 5)),
    ],
)
def test_due_dates(condition: dict[str, Any] | None, due: date) -> None:
    assert booking.due_date(date(2026, 1, 15), condition) == due


@pytest.mark.parametrize(
    ("journal", "number"), [("60", 26600001), ("600", 26600001), ("INK", 26700001), ("7", 26700001)]
)
def test_numbers_begin_with_year_and_journal(journal: str, number: int) -> None:
    assert booking.first_number(journal, 2026) == number
