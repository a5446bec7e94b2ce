"""A difference, kept and shown."""

from datetime import date
from decimal import Decimal

import pytest

from apps.orders.difference import Difference, Field, Why, kept

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    "difference",
    [
        Difference(Field.QUANTITY, "10", "Touw", 3, "8", "6"),
        Difference(Field.DATE, ordered="2026-09-29", confirmed="2026-10-06"),
        Difference(Field.ADDED, "30", "Anker", confirmed="1", why=Why.LINE_COMES),
    ],
)
def test_it_comes_back_as_it_was_kept(difference: Difference) -> None:
    assert kept(difference.as_kept()) == difference


def test_what_is_kept_says_who_does_it() -> None:
    assert Difference(Field.PRICE, "10").as_kept()["by_hand"] is False
    assert Difference(Field.REJECTED, "10", why=Why.LINE_GOES).as_kept()["by_hand"] is True


def test_what_it_becomes() -> None:
    assert Difference(Field.PRICE, confirmed="12.5").value == Decimal("12.5")
    assert Difference(Field.DATE, confirmed="2026-10-06").value == date(2026, 10, 6)


def test_the_sentence_says_where_and_what() -> None:
    assert Difference(Field.QUANTITY, "10", ordered="8", confirmed="6").sentence == "line 10: quantity 8 → 6"
    assert Difference(Field.REJECTED, "10", ordered="8", why=Why.LINE_GOES).sentence == "line 10: rejected 8"
    added = Difference(Field.ADDED, "30", "Anker", confirmed="1", why=Why.LINE_COMES)
    assert added.sentence == "line 30: not ordered 1 Anker"


def test_the_order_as_a_whole_has_no_line() -> None:
    assert Difference(Field.DATE, ordered="", confirmed="2026-10-06").sentence.startswith(
        "the order: delivery date - →"
    )


def test_what_is_no_number_is_shown_as_written() -> None:
    split = Difference(Field.BACKORDER, "10", ordered="2026-09-29", confirmed="3 2026-09-29; 5 2026-10-06")

    assert split.confirmed_shown == "3 2026-09-29; 5 2026-10-06"
