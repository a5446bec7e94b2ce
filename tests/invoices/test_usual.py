"""The usual range of a supplier's bookings: wide, and deaf to one odd booking."""

from decimal import Decimal

import pytest

from apps.invoices.usual import LEAST, usual_of

ALIKE = [Decimal(amount) for amount in ("100", "110", "95", "105", "102", "98")]


def test_fewer_than_five_bookings_say_nothing() -> None:
    assert usual_of(ALIKE[: LEAST - 1], Decimal(5000)) is None


@pytest.mark.parametrize(
    ("amount", "is_usual"), [("100", True), ("150", True), ("60", True), ("1000", False), ("9", False)]
)
def test_a_comma_that_moved_is_unusual_and_half_as_much_again_is_not(amount: str, is_usual: bool) -> None:
    usual = usual_of(ALIKE, Decimal(amount))
    assert usual is not None
    assert usual.holds(Decimal(amount)) is is_usual


def test_one_odd_booking_does_not_make_the_next_one_usual() -> None:
    usual = usual_of([Decimal(1000), *ALIKE], Decimal(1000))
    assert usual is not None
    assert not usual.holds(Decimal(1000))


def test_two_usual_amounts_are_both_usual() -> None:
    both = [Decimal(100), Decimal(1000)] * 10
    for amount in both[:2]:
        usual = usual_of(both, amount)
        assert usual is not None
        assert usual.holds(amount)


def test_credit_notes_are_compared_with_credit_notes() -> None:
    assert usual_of(ALIKE, Decimal(-100)) is None
    usual = usual_of([-amount for amount in ALIKE], Decimal(-1000))
    assert usual is not None
    assert not usual.holds(Decimal(-1000))
    assert usual.holds(Decimal(-101))


def test_the_same_amount_each_time_still_leaves_room() -> None:
    usual = usual_of([Decimal("49.95")] * 12, Decimal("59.95"))
    assert usual is not None
    assert (usual.low, usual.high, usual.times) == (Decimal("24.98"), Decimal("74.93"), 12)
