"""The parts of a rule as one text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules.conditions import Share
from apps.rules.part_texts import NoPart, NotANumber, amount_in, read, written

CODE = st.text(st.sampled_from("ab1 \\;|=%é"), max_size=6).map(str.strip)
SIZES: st.SearchStrategy[dict[str, Decimal]] = st.one_of(
    st.just({}),
    st.decimals("0.01", "100", places=2).map(lambda value: {"percentage": value}),
    st.decimals("0.01", "99999", places=2).map(lambda value: {"amount": value}),
)
SHARES = st.builds(
    lambda size, one, two, three, four: Share(
        **size, gl_code=one, vat_code=two, cost_center=three, cost_unit=four
    ),
    SIZES,
    CODE,
    CODE,
    CODE,
    CODE,
)


@given(st.lists(SHARES, max_size=4))
def test_what_is_written_is_read_again(shares: list[Share]) -> None:
    assert list(read(written(shares))) == shares


def test_how_a_person_writes_parts() -> None:
    found = read("60% = 4510 | 4 | KP1; 1.250,50=4520; de rest = 4530")
    assert found == (
        Share(percentage=Decimal(60), gl_code="4510", vat_code="4", cost_center="KP1"),
        Share(amount=Decimal("1250.50"), gl_code="4520"),
        Share(gl_code="4530"),
    )
    assert written(found) == "60 % = 4510 | 4 | KP1; 1250.50 = 4520; rest = 4530"


@pytest.mark.parametrize("text", ["60 %", "60 % = 1 = 2", "x = 1", "1 = a | b | c | d | e"])
def test_what_is_no_part_is_told(text: str) -> None:
    with pytest.raises(NoPart):
        read(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,50", "1234.50"), ("1234.5", "1234.5"), ("1,234.50", "1234.50"), ("1.234", "1234"),
     ("€ 5", "5"), ("-3,5", "-3.5"), ("12,5", "12.5")],
)  # fmt: skip
def test_numbers_are_read_as_they_are_written_here(text: str, value: str) -> None:
    assert amount_in(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "a", "1e5", "1,2,3.", "--1", "9" * 20])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(NotANumber):
        amount_in(text)
