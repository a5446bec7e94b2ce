from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.exact import values

GUID = "3b6a1c1e-5d51-4c8e-9a5b-0123456789ab"
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def test_a_booking_date_arrives_as_midnight_in_disguised_dutch_time() -> None:
    assert values.date_of("/Date(1769817600000)/") == date(2026, 1, 31)


def test_the_last_minute_of_a_dutch_day_stays_on_that_day() -> None:
    assert values.date_of("/Date(1769903940000)/") == date(2026, 1, 31)
    assert values.moment_of("/Date(1769903940000)/") == datetime(2026, 1, 31, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/Date(-86400000)/", date(1969, 12, 31)),
        ("/Date(1769817600000+0100)/", date(2026, 1, 31)),
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-01-31T09:30:00", date(2026, 1, 31)),
        ("/Date(999999999999999)/", None),
        ("0000-00-00", None),
        ("", None),
        (None, None),
        (1769817600000, None),
    ],
)
def test_dates_in_every_form_and_odd_ones_as_none(written: Any, read: date | None) -> None:
    assert values.date_of(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (121.1, "121.10"),
        (0.125, "0.13"),
        (-0.125, "-0.13"),
        (3, "3.00"),
        ("12.5", "12.50"),
        (1e300, None),
        (float("nan"), None),
        (float("inf"), None),
        ("abc", None),
        (None, None),
        (True, None),
    ],
)
def test_doubles_become_decimals_without_a_detour(written: Any, read: str | None) -> None:
    assert values.decimal_of(written) == (None if read is None else Decimal(read))


def test_a_percentage_keeps_four_places() -> None:
    assert values.decimal_of(0.21, 4) == Decimal("0.2100")


@pytest.mark.parametrize("nothing", [None, "", "x", "00000000-0000-0000-0000-000000000000", 5])
def test_no_guid_in_nothing(nothing: Any) -> None:
    assert values.guid_of(nothing) is None


def test_an_int64_may_come_as_text_or_number() -> None:
    assert values.integer_of("9007199254740993") == values.integer_of(9007199254740993) == 9007199254740993
    assert values.integer_of("70000", 16) == 0


def test_flags_come_as_booleans_bytes_and_text() -> None:
    assert [values.flag_of(each) for each in (True, 1, "1", "true", 0, False, None, "no")] == [True] * 4 + [
        False
    ] * 4


def test_every_string_is_trimmed_however_deep() -> None:
    row = {"Code": "             10023", "List": [{"VATCode": "2  "}], "Odd": "a\x00b", "Number": 1}
    assert values.trimmed(row) == {"Code": "10023", "List": [{"VATCode": "2"}], "Odd": "ab", "Number": 1}


@pytest.mark.parametrize("odd", [float("inf"), float("-inf"), float("nan")])
def test_a_number_that_no_database_takes_is_nothing(odd: float) -> None:
    assert values.trimmed({"Odd": [odd], "Amount": 1.5}) == {"Odd": [None], "Amount": 1.5}


def test_half_a_surrogate_pair_is_left_out_and_a_whole_one_stays() -> None:
    assert values.trimmed("a\ud83db\U0001f600") == "ab\U0001f600"


def test_literals_of_a_filter() -> None:
    assert values.filter_text("O'Neil") == "'O''Neil'"
    assert values.filter_guid(UUID(GUID)) == f"guid'{GUID}'"
    assert (
        values.filter_moment(datetime(2026, 1, 31, 9, 30, 5, 99, tzinfo=UTC))
        == "datetime'2026-01-31T09:30:05'"
    )
    assert values.iso(date(2026, 1, 31)) == "2026-01-31"


@given(JSON)
def test_no_value_makes_a_reader_raise(value: Any) -> None:
    for read in (
        values.date_of,
        values.decimal_of,
        values.guid_of,
        values.integer_of,
        values.small_of,
        values.text_of,
        values.flag_of,
        values.trimmed,
    ):
        read(value)
