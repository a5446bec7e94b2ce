"""What the ledger says of a booking, next to what was booked."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.exact.models import LedgerLine
from apps.invoices.aftermath import since
from apps.invoices.comparing import Field
from apps.invoices.models import InExact
from tests.posting.factories import look

SUPPLIER, OTHER = UUID(int=1), UUID(int=2)
BOOKED = look(supplier=str(SUPPLIER))


def head(**values: object) -> LedgerLine:
    """The header line of the entry that BOOKED describes: the creditor is credited."""
    known = {
        "relation": SUPPLIER,
        "date": date(2026, 9, 15),
        "your_ref": "2026-0042",
        "amount_fc": Decimal("-121.00"),
        "amount": Decimal("-121.00"),
        "type": 30,
        "status": 20,
    }
    return LedgerLine(**{**known, **values})


def test_what_stands_there_as_it_was_booked_is_nothing_to_tell() -> None:
    assert since(BOOKED, head()) == (InExact.NOTHING, [])


@pytest.mark.parametrize(
    ("field", "values"),
    [
        (Field.SUPPLIER, {"relation": OTHER}),
        (Field.SUPPLIER, {"relation": None}),
        (Field.TOTAL, {"amount_fc": Decimal("-121.01")}),
        (Field.TOTAL, {"amount_fc": Decimal("121.00"), "type": 31}),
        (Field.YOUR_REF, {"your_ref": "2026-0043"}),
        (Field.DATE, {"date": date(2026, 9, 16)}),
        (Field.DATE, {"date": None}),
    ],
)
def test_each_field_of_the_header_that_differs_is_named(field: Field, values: dict[str, object]) -> None:
    kind, differences = since(BOOKED, head(**values))
    assert (kind, [each.field for each in differences]) == (InExact.CHANGED, [field])


def test_what_is_gone_is_deleted_whatever_else_it_says() -> None:
    gone = head(gone_at=datetime(2026, 10, 1, tzinfo=UTC), your_ref="other", status=50)
    assert since(BOOKED, gone) == (InExact.DELETED, [])


def test_what_was_processed_unchanged_is_processed_and_what_was_changed_first_is_changed() -> None:
    assert since(BOOKED, head(status=50)) == (InExact.PROCESSED, [])
    assert since(BOOKED, head(status=50, your_ref="other"))[0] == InExact.CHANGED


def test_the_day_of_the_document_is_as_good_as_the_day_it_was_moved_to() -> None:
    moved = {**BOOKED, "date": "2026-10-01", "document_date": "2026-09-15"}
    assert since(moved, head())[0] == InExact.NOTHING
    assert since(moved, head(date=date(2026, 10, 1)))[0] == InExact.NOTHING


def test_what_was_handed_over_alone_has_no_figures_to_compare() -> None:
    assert since({"supplier": ""}, head(your_ref="anything"))[0] == InExact.NOTHING


@given(st.decimals("-1000000", "1000000", places=2, allow_nan=False))
def test_no_amount_differs_from_itself_and_every_other_one_does(amount: Decimal) -> None:
    booked = {**BOOKED, "amount": str(amount)}
    kind = 31 if amount < 0 else 30
    assert since(booked, head(amount_fc=-amount, type=kind))[0] == InExact.NOTHING
    assert since(booked, head(amount_fc=-amount - Decimal("0.01"), type=kind))[0] == InExact.CHANGED
