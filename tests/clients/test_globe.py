"""Versions of Exact Globe, as people write them down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.clients import globe


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("413", 413),
        ("420SP5", 420),
        ("EXACT Globe Next 418", 418),
        ("Exact Globe+ 501.12", 501),
        ("Release 412 (2014)", 412),
        ("2014", None),
        ("12", None),
        ("", None),
        ("413 or 420", None),
        ("1.413", None),
    ],
)
def test_the_release_is_read(text: str, number: int | None) -> None:
    assert globe.release(text) == number


@pytest.mark.parametrize(("text", "enough"), [("412", False), ("413", True), ("420SP5", True), ("new", None)])
def test_413_and_later_can_receive(text: str, enough: bool | None) -> None:
    assert globe.is_recent_enough(text) is enough


@given(st.integers(100, 999), st.sampled_from(["{}", "{}SP3", "Exact Globe Next {}", "v {} build"]))
def test_a_release_is_found_however_it_is_written(number: int, form: str) -> None:
    assert globe.release(form.format(number)) == number
