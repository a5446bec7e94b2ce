"""Descriptions that rules give."""

from hypothesis import given
from hypothesis import strategies as st

from apps.rules.wording import fill, unknown_words


def test_the_words_in_braces_are_filled_in_and_left_over_blanks_go() -> None:
    values = {"supplier": "Windzee", "period": "", "text": "Stroom {number}"}
    assert fill("{supplier}  {period} {text}", values) == "Windzee Stroom {number}"


def test_what_means_nothing_stays_and_is_told() -> None:
    assert fill("{colour} {text.__class__}", {"text": "x"}) == "{colour} {text.__class__}"
    assert unknown_words("{supplier} {colour} {}") == ["colour", ""]


@given(st.text(), st.text())
def test_no_template_fails(template: str, text: str) -> None:
    assert isinstance(fill(template, {"text": text}), str)
