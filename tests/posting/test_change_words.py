"""Is what stands in Exact what we wrote? And how it is said when it is not."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.posting.change_words import differing, gone, is_equal, is_same, sentence, what

DAY = "/Date(1789430400000)/"  # 15 September 2026


@pytest.mark.parametrize(
    ("known", "there", "same"),
    [
        (7, 7.0, True),
        (7.0, "7.0000", True),
        (7.00001, 7, True),
        (7.0001, 7, False),
        (7, None, False),
        (0, None, False),
        ("2026-09-15", DAY, True),
        ("2026-09-15T00:00:00", DAY, True),
        ("2026-09-16", DAY, False),
        ("2026-09-15", None, False),
        ("2026-09-15 by van", "2026-09-15 by ship", False),
        ("2", "2 ", True),
        ("02", "2", False),
        ("", None, True),
        (None, "", True),
        ("ABC-1", "abc-1", True),
        (True, True, True),
        (True, False, False),
    ],
)
def test_values_are_compared_as_what_they_are(known: Any, there: Any, same: bool) -> None:
    assert is_same(known, there) is same


@given(st.decimals(min_value=-(10**8), max_value=10**8, places=4))
def test_a_number_is_itself_however_exact_writes_it(number: Any) -> None:
    assert is_same(float(number), str(number))
    assert is_same(float(number), float(number))


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_is_itself_however_exact_writes_it(day: date) -> None:
    milliseconds = (day - date(1970, 1, 1)).days * 86_400_000
    assert is_same(day.isoformat(), f"/Date({milliseconds})/")


def test_a_field_differs_when_it_is_neither_as_before_nor_as_wanted() -> None:
    before, wanted = {"A": 1, "B": 2, "C": 3}, {"A": 5, "B": 6}
    assert differing(before, wanted, {"A": 1, "B": 6, "C": 3}) == []
    assert differing(before, wanted, {"A": 4, "B": 2, "C": 9}) == ["A", "C"]
    assert is_equal(wanted, {"A": 5.0, "B": 6, "C": 9})
    assert not is_equal(wanted, {"A": 5})


@pytest.mark.usefixtures("english")
def test_the_sentence_says_what_stands_there_now() -> None:
    there = {"QuantityInPurchaseUnits": 10.0, "NetPrice": 2.5, "ReceiptDate": DAY, "YourRef": None, "X": "y"}
    said = sentence({"line": 3}, there, there)
    assert "line 3" in said
    assert "the quantity is 10 there" in said
    assert "the net price is 2.5 there" in said
    assert "2026 there" in said
    assert "the reference is empty there" in said
    assert "X is y there" in said
    assert gone({}) == "In Exact the order is gone. Compare again."
    assert what({"line": 4}) == "line 4"
