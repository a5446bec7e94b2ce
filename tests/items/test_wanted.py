import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.items.models import ItemKind
from apps.items.wanted import CODE, LABELS, Wanted, code_of, gtin_of, plain


def test_the_kinds_are_those_that_are_remembered() -> None:
    assert [*LABELS] == [*ItemKind.values, CODE]


def test_a_line_is_known_by_its_numbers_and_by_its_description_only_without() -> None:
    line = Wanted(" t-1 ", "a 2", "8711253001202", "Touw")
    assert [str(key) for key in line.keys] == ["seller_item T-1", "gtin 08711253001202", "buyer_item A 2"]
    assert line.identity == line.keys[0]
    assert [str(key) for key in Wanted(description=" Touw,  12 mm. ").keys] == ["description touw 12 mm"]
    assert Wanted(unit="C62").identity is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("8711253001202", "08711253001202"),
        (" 8711253001202 ", "08711253001202"),
        ("40170725", "00000040170725"),
        ("8711253001203", ""),
        ("0000000000000", ""),
        ("4711", ""),
        ("T-8711253001202", ""),
        ("", ""),
    ],
)
def test_a_barcode_counts_only_when_it_can_be_one(text: str, digits: str) -> None:
    assert gtin_of(text) == digits


@given(st.text(max_size=400))
def test_what_is_compared_is_what_it_was_compared_as(text: str) -> None:
    assert code_of(code_of(text)) == code_of(text)
    assert plain(plain(text)) == plain(text)
    assert len(plain(text)) <= 255 and len(code_of(text)) <= 255
    gtin_of(text)
