"""Values by EDM type."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sandbox.exact import literals

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2),
)


@given(
    st.sampled_from(
        ["String", "Guid", "Byte", "Int16", "Int32", "Int64", "Double", "Boolean", "DateTime", "Binary"]
    ),
    ANYTHING,
)
def test_a_value_is_taken_or_refused_and_taking_it_again_changes_nothing(type_: str, value: Any) -> None:
    try:
        taken = literals.incoming(type_, value)
    except ValueError:
        return
    assert literals.incoming(type_, taken) == taken


@given(st.dates(min_value=date(1753, 1, 1)))
def test_dates_go_in_and_come_out_as_the_same_day(day: date) -> None:
    kept = literals.incoming("DateTime", day.isoformat())
    show = literals.shower("DateTime")
    assert show is not None
    assert kept == literals.incoming("DateTime", show(kept)) == day.isoformat()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-01-31", "2026-01-31"),
        ("2026-01-31T00:00:00", "2026-01-31"),
        ("2026-01-31T00:00:00Z", "2026-01-31"),
        ("2026-01-30T23:00:00Z", "2026-01-30T23:00:00"),
        ("2026-01-31T00:00:00+01:00", "2026-01-30T23:00:00"),
        ("/Date(1769817600000)/", "2026-01-31"),
    ],
)
def test_moments_are_wall_clock_time(sent: str, kept: str) -> None:
    assert literals.incoming("DateTime", sent) == kept
    assert literals.moment(kept) == datetime.fromisoformat(kept)


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [("Guid", "ab", "guid'ab'"), ("String", "O'B", "'O''B'"), ("Int32", 20, "20"), ("Int64", 7, "7L")],
)
def test_keys_are_written_as_addresses_have_them(type_: str, value: Any, text: str) -> None:
    assert literals.key_literal(type_, value) == text
