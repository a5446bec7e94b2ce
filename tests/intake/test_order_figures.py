"""Figures and dates in sheets: what can be read in one way is read so, and the rest is asked about."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.order_sheets.figures import Unclear, day, decimal_mark, number, written

VALUES = st.decimals(min_value="-999999999", max_value="999999999", places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234", "1234"),
        ("1'234.50", "1234.50"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1234.567", "1234.567"),
        ("1,2340", "1.2340"),
        (",5", "0.5"),
        ("12,-", "12"),
        ("€ 12,50", "12.50"),
        ("12,50 EUR", "12.50"),
        ("-3", "-3"),
        ("-0", "0"),
        ("+3", "3"),
    ],
)
def test_a_figure_is_read_by_either_habit(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1.2.3",
        "12.34.5",
        "1.23,4",
        "1,23.4",
        "1e5",
        "2 stuks",
        "--1",
        "1" * 13,
        "1,12345678901",
        "١",
    ],
)
def test_anything_else_is_no_figure(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    ("mark", "text", "value"),
    [(",", "1.234", "1234"), (",", "1,234", "1.234"), (".", "1,234", "1234"), (".", "1.234", "1.234")],
)
def test_the_others_of_the_file_tell_what_one_mark_before_three_digits_is(
    mark: str, text: str, value: str
) -> None:
    assert number(text, mark) == Decimal(value)
    with pytest.raises(Unclear):
        number(text)


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["12,5", "1.234", "3"], ","),
        (["12.5", "1,234"], "."),
        (["1.234,5"], ","),
        (["12,5", "12.5"], ""),
        (["1.234"], ""),
        ([], ""),
    ],
)
def test_a_file_has_one_habit_or_none_that_is_known(texts: list[str], mark: str) -> None:
    assert decimal_mark(texts) == mark


@given(VALUES, st.sampled_from(["", ",", "."]))
def test_what_is_written_is_read_back_whatever_stands_around_it(value: Decimal, mark: str) -> None:
    assert number(written(value), mark) == value


@given(VALUES)
def test_both_habits_mean_the_same(value: Decimal) -> None:
    assert number(f"{value:,f}", ".") == value
    dutch = f"{value:,f}".translate(str.maketrans(",.", ".,"))
    assert number(dutch, ",") == value


@given(st.text(max_size=50))
def test_any_text_is_a_figure_or_none(text: str) -> None:
    try:
        number(text)
    except Unclear:
        assert number(text, ",") != number(text, ".")
    assert day(text) is None or day(text)


def test_nothing_is_written_as_nothing() -> None:
    assert written(None) == ""
    assert written(Decimal("1E+3")) == "1000"
    assert written(Decimal("0.12345678905")) == "0,123456789"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-10-01", date(2026, 10, 1)),
        ("2026-10-01 00:00:00", date(2026, 10, 1)),
        ("1-10-2026", date(2026, 10, 1)),
        ("01/10/2026", date(2026, 10, 1)),
        ("1.10.26", date(2026, 10, 1)),
        ("20261001", date(2026, 10, 1)),
        ("46296", date(2026, 10, 1)),
        ("10-13-2026", None),
        ("31-2-2026", None),
        ("1-10-1926", None),
        ("99999", None),
        ("10000", None),
        ("morgen", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_people_here_write_it(text: str, found: date | None) -> None:
    assert day(text) == found
