"""Figures, percentages and days as people type them."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.order_sheets.figures import written
from apps.orders.typed_values import Day, day_in, figure_in, percentage_in


@given(st.decimals("-99999", "99999", places=4))
def test_a_figure_is_read_as_it_is_written(value: Decimal) -> None:
    assert figure_in(written(value)) == value


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_a_day_is_read_as_browsers_and_as_people_write_it(day: date) -> None:
    assert day_in(day.isoformat()) == day_in(f"{day.day}-{day.month}-{day.year}") == day


@pytest.mark.parametrize("text", ["many", "1.234", "1,2,3"])
def test_what_is_no_figure_or_may_be_two_is_refused(text: str) -> None:
    with pytest.raises(forms.ValidationError):
        figure_in(text)


@pytest.mark.parametrize(("text", "is_good"), [("0", True), ("100", True), ("-0,1", False), ("100,5", False)])
def test_a_percentage_lies_from_nothing_to_a_hundred(text: str, is_good: bool) -> None:
    if is_good:
        assert percentage_in(text) == Decimal(text)
    else:
        with pytest.raises(forms.ValidationError):
            percentage_in(text)


def test_a_field_of_a_day_takes_both_and_refuses_other_words() -> None:
    field = Day(required=False)
    assert field.clean("2026-10-20") == field.clean("20-10-2026") == date(2026, 10, 20)
    assert field.clean("  ") is None
    with pytest.raises(forms.ValidationError):
        field.clean("soon")
