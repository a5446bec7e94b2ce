"""Which entry is of which document."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.invoices.comparing import Booking
from apps.invoices.pairing import key_of, pairs

DAY = date(2026, 9, 15)


def booking(
    number: str = "2026-0042", amount: str = "121", day: date = DAY, supplier: str = "anker"
) -> Booking:
    return Booking(supplier, day, number, Decimal(amount), "EUR")


def found(documents: dict[str, Booking], **entries: Booking) -> dict[str, list[tuple[str, bool]]]:
    result: dict[str, list[Any]] = pairs(documents, entries)
    return {one: [(pair.entry, pair.certain) for pair in those] for one, those in result.items()}


@pytest.mark.parametrize(
    "entry",
    [
        booking(),
        booking("2026 0042"),
        booking("20260042"),
        booking(amount="999"),
        booking(day=date(2026, 9, 20)),
        booking(supplier="another"),
        booking(""),
    ],
)
def test_an_entry_that_is_surely_of_the_document(entry: Booking) -> None:
    assert found({"a": booking()}, one=entry) == {"a": [("one", True)]}


@pytest.mark.parametrize("entry", [booking("something else"), booking(day=date(2026, 8, 15))])
def test_an_entry_that_may_be_of_the_document(entry: Booking) -> None:
    assert found({"a": booking()}, one=entry) == {"a": [("one", False)]}


@pytest.mark.parametrize(
    "entry",
    [
        booking("other", amount="999"),
        booking("other", day=date(2026, 9, 16)),
        booking("", supplier="another"),
        booking(supplier="another", amount="999"),
        booking(amount="999", day=date(2026, 8, 15)),
    ],
)
def test_an_entry_of_something_else(entry: Booking) -> None:
    assert found({"a": booking()}, one=entry) == {"a": []}


def test_two_entries_of_one_document_are_both_found_the_likeliest_first() -> None:
    result = found({"a": booking()}, one=booking(amount="999"), two=booking())
    assert result == {"a": [("two", True), ("one", True)]}


def test_an_entry_goes_to_the_document_that_it_is_most_like() -> None:
    documents = {"a": booking(amount="121"), "b": booking(amount="242")}
    assert found(documents, one=booking(amount="242")) == {"a": [], "b": [("one", True)]}


def test_documents_alike_without_numbers_share_out_the_entries() -> None:
    documents = {"a": booking("1"), "b": booking("2")}
    assert found(documents, one=booking("")) == {"a": [("one", True)], "b": []}
    assert found(documents, one=booking(""), two=booking("")) == {"a": [("one", True)], "b": [("two", True)]}


def test_what_carries_the_number_of_one_document_is_of_no_other() -> None:
    documents = {"a": booking("1"), "b": booking("2")}
    assert found(documents, one=booking("1")) == {"a": [("one", True)], "b": []}


def test_a_document_without_supplier_is_not_paired_by_its_figures() -> None:
    assert found({"a": booking("1", supplier="")}, one=booking("", supplier="")) == {"a": []}


def test_numbers_are_compared_without_signs_and_capitals() -> None:
    assert key_of("F-2026/0042 a") == key_of("f20260042A")
