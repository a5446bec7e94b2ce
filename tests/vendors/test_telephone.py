"""Two numbers are one however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.vendors.telephone import is_among, is_number, is_same, numbers_in

DIGITS = st.text("0123456789", min_size=8, max_size=12).map(lambda rest: f"2{rest}")
GAPS = st.lists(st.sampled_from(["", " ", "-", ".", "  ", " - "]), min_size=13, max_size=13)


@pytest.mark.parametrize(
    "other",
    [
        "020-1234567",
        "0201234567",
        "+31 20 123 45 67",
        "+31 (0)20 123 4567",
        "0031201234567",
        "(020) 123 45 67",
    ],
)
def test_a_number_is_the_same_with_and_without_its_country(other: str) -> None:
    assert is_same("020 123 4567", other)
    assert is_same(other, "020 123 4567")


@pytest.mark.parametrize("other", ["020-1234568", "010-1234567", "06-12345678", "", "1234", "67"])
def test_another_number_is_another_number(other: str) -> None:
    assert not is_same("020-1234567", other)


@given(number=DIGITS, gaps=GAPS)
def test_blanks_and_dashes_change_no_number(number: str, gaps: list[str]) -> None:
    written = "".join(digit + gap for digit, gap in zip(number, gaps, strict=False))
    assert is_same(number, written)
    assert is_same(f"+31{number}", written)


@given(one=st.text(max_size=30), other=st.text(max_size=30))
def test_it_does_not_matter_which_is_asked_about(one: str, other: str) -> None:
    assert is_same(one, other) == is_same(other, one)
    assert is_number(one) or not is_same(one, one)


@pytest.mark.parametrize("text", ["", "n.v.t.", "0900", "+31", "tel. 12 34"])
def test_what_nobody_can_call_is_no_number(text: str) -> None:
    assert not is_number(text)
    assert numbers_in(text) == []


def test_a_field_may_hold_two_numbers_and_a_text_one_somewhere() -> None:
    both = numbers_in("020-1234567 / 06-12345678")
    assert len(both) == 2
    assert is_among("+31 6 1234 5678", both)
    assert numbers_in("Vragen? Bel +31 (0)20 123 45 67, ma-vr 9-17 uur.") == ["+31 (0)20 123 45 67"]
