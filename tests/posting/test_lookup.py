"""Is it in Exact already? In the mirror of the ledger, and by asking."""

from decimal import Decimal
from typing import Any

import pytest

from apps.exact.client import Exact
from apps.exact.models import LedgerLine
from apps.posting import lookup
from apps.posting.models import Posting
from apps.sandbox.exact import store
from tests.exact.factories import LedgerLineFactory
from tests.posting.buying import carry, make_buyer
from tests.posting.conftest import ATTACHMENTS, DOCUMENTS, Desk
from tests.posting.factories import PostingFactory, look

pytestmark = pytest.mark.django_db
MESSAGE = "00000000-0000-4000-8000-00000000000a"


def posting(**values: Any) -> Posting:
    made: Posting = PostingFactory(plan={"steps": [], "look": look(**values)})
    return made


def header(of: Posting, **values: Any) -> LedgerLine:
    """The header line of an entry that was booked by hand for what `of` would book."""
    known = {
        "division": of.division,
        "type": 30,
        "line_number": 0,
        "relation": of.plan["look"]["supplier"],
        "your_ref": of.plan["look"]["your_ref"],
        "date": of.plan["look"]["date"],
        "amount_fc": -Decimal(of.plan["look"]["amount"]),
    }
    made: LedgerLine = LedgerLineFactory(**{**known, **values})
    return made


def test_an_entry_booked_by_hand_is_found_in_the_ledger() -> None:
    one = posting()
    line = header(one)
    found = lookup.in_ledger(one)
    assert found
    assert (found.exact_id, found.number, found.ours) == (str(line.entry_id), str(line.entry_number), False)


@pytest.mark.parametrize(
    "values",
    [
        {"amount_fc": Decimal("-121.01")},
        {"your_ref": "2026-0043"},
        {"date": "2026-09-16"},
        {"relation": None},
        {"line_number": 1},
        {"type": 20},
    ],
)
def test_what_differs_in_anything_is_another_entry(values: dict[str, Any]) -> None:
    one = posting()
    header(one, **values)
    assert lookup.in_ledger(one) is None


def test_an_entry_of_another_division_is_not_ours_to_take() -> None:
    one = posting()
    header(one, division=PostingFactory().division)
    assert lookup.in_ledger(one) is None


@pytest.mark.parametrize(("wanted", "type_"), [("121.00", 31), ("-121.00", 30)])
def test_an_invoice_and_the_credit_note_of_as_much_are_two(wanted: str, type_: int) -> None:
    one = posting(amount=wanted)
    header(one, amount_fc=Decimal(wanted), type=type_)
    assert lookup.in_ledger(one) is None


@pytest.mark.parametrize(("wanted", "type_"), [("121.00", 30), ("-121.00", 31)])
@pytest.mark.parametrize("sign", [1, -1])
def test_either_sign_of_the_header_is_read_with_its_type(wanted: str, type_: int, sign: int) -> None:
    one = posting(amount=wanted)
    header(one, amount_fc=sign * Decimal(wanted), type=type_)
    assert lookup.in_ledger(one)


def test_our_own_reference_is_found_whatever_was_changed_since() -> None:
    one = posting()
    header(one, your_ref="changed", amount_fc=Decimal(1), our_ref=one.reference, line_number=2)
    found = lookup.in_ledger(one)
    assert found
    assert (found.ours, found.same) == (True, True)


def test_our_entry_is_asked_for_and_known_by_its_reference(desk: Desk) -> None:
    one = desk.posting()
    made = desk.by_hand(ExternalLinkReference=one.reference)
    found = lookup.in_entries(one, Exact(desk.division))
    assert found
    assert (found.exact_id, found.number, found.ours, found.same) == (
        made["EntryID"],
        str(made["EntryNumber"]),
        True,
        True,
    )


def test_ours_comes_before_one_that_only_looks_the_same(desk: Desk) -> None:
    one = desk.posting()
    desk.by_hand()
    ours = desk.by_hand(amount=50.0, ExternalLinkReference=one.reference)
    found = lookup.in_entries(one, Exact(desk.division))
    assert found
    assert found.exact_id == ours["EntryID"]


@pytest.mark.parametrize(("amount", "same"), [(100.0, True), (100.01, False), (-100.0, False)])
def test_the_same_number_is_the_same_entry_only_with_the_same_amount(
    desk: Desk, amount: float, same: bool
) -> None:
    desk.by_hand(amount=amount)
    found = lookup.in_entries(desk.posting(), Exact(desk.division))
    assert found
    assert (found.ours, found.same) == (False, same)


def test_without_a_number_an_entry_that_has_one_is_not_the_same(desk: Desk) -> None:
    one = desk.posting(number="")
    desk.by_hand(number="another")
    found = lookup.in_entries(one, Exact(desk.division))
    assert found
    assert not found.same
    without = desk.by_hand(number="")
    found = lookup.in_entries(one, Exact(desk.division))
    assert found
    assert (found.exact_id, found.same) == (without["EntryID"], True)


@pytest.mark.parametrize("number", ["it's", "a 'b' c", "100% & more?", "ré/f#1"])
def test_any_number_can_be_asked_for(desk: Desk, number: str) -> None:
    desk.by_hand(number=number)
    found = lookup.in_entries(desk.posting(number=number), Exact(desk.division))
    assert found
    assert found.same


def test_nothing_there_is_nothing_found(desk: Desk) -> None:
    one, exact = desk.posting(), Exact(desk.division)
    assert lookup.in_entries(one, exact) is None
    assert lookup.document(one, exact) is None
    payload = {"Document": "00000000-0000-4000-8000-000000000001", "FileName": "factuur.xml"}
    assert lookup.attachment(ATTACHMENTS, payload, exact) is None


def test_a_document_is_found_by_our_reference_and_its_attachment_by_name(desk: Desk) -> None:
    one, exact = desk.posting(), Exact(desk.division)
    made = exact.post(DOCUMENTS, one.plan["steps"][0]["payload"])
    assert lookup.document(one, exact) == made["ID"]
    payload = {"Document": made["ID"], "FileName": "it's.xml", "Attachment": "eA=="}
    kept = exact.post(ATTACHMENTS, payload)
    assert lookup.attachment(ATTACHMENTS, payload, exact) == kept["ID"]
    assert lookup.attachment(ATTACHMENTS, {**payload, "FileName": "other.xml"}, exact) is None


def test_a_mark_in_what_a_vendor_wrote_is_not_ours(desk: Desk) -> None:
    one, exact = desk.posting(), Exact(desk.division)
    exact.post(DOCUMENTS, {"Subject": f"Anker [{one.reference}] [PK-0000000000AA]", "Type": 20})
    exact.post(DOCUMENTS, {"Subject": f"Anker 1 [{one.reference}-0A0A0A0A]", "Type": 20})
    store.put(lookup.MESSAGES, desk.division.code, {"ID": MESSAGE, "Subject": f"[{one.reference}] [PK-1]"})
    assert (lookup.document(one, exact), lookup.message(one, exact)) == (None, None)
    store.put(lookup.MESSAGES, desk.division.code, {"ID": MESSAGE, "Subject": f"Anker 1 [{one.reference}]"})
    assert lookup.message(one, exact) == MESSAGE


def test_ours_is_found_under_the_supplier_that_it_was_sent_for_before(desk: Desk) -> None:
    buyer = make_buyer(desk.division)
    posting = buyer.posting(look={"earlier_suppliers": [buyer.supplier]})
    other = next(row.key for row in buyer.rows("crm/Accounts") if row.key != buyer.supplier)
    posting.plan["look"]["supplier"] = other
    assert lookup.in_orders(posting, buyer.exact) is None
    made = carry(buyer.posting())  # of the same number and day, but not ours
    assert lookup.in_orders(posting, buyer.exact) is None
    posting.reference = made.reference
    found = lookup.in_orders(posting, buyer.exact)
    assert found is not None
    assert (found.exact_id, found.ours) == (str(made.exact_id), True)
