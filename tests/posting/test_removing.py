"""Taking out of Exact what we wrote there: nothing that is not ours, nothing that was processed, and never half."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core.causes import Cause
from apps.core.http import OutcomeUnknown, Temporary, Unauthorised
from apps.exact.client import Exact
from apps.posting import removing
from apps.posting.drain import drain
from apps.posting.health import left_behind
from apps.posting.models import Halt, Method, Posting, PostingState
from apps.posting.steps import carry_out
from apps.sandbox import faults
from apps.sandbox.exact import order_acts, store
from apps.sandbox.models import Call, Row
from tests.posting.buying import INVOICES, ORDERS, Buyer, make_buyer
from tests.posting.conftest import ATTACHMENTS, DOCUMENTS, ENTRIES, Desk, again
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db
CODES = {DOCUMENTS: 0, ATTACHMENTS: 0, ENTRIES: 0}


def carry(posting: Posting) -> Posting:
    fresh = again(posting)
    carry_out(fresh, Exact(fresh.division), lambda: None)
    return again(posting)


def removal_of(posting: Posting, **changes: str) -> Posting:
    """A posting that takes entry and document of `posting` out of Exact."""
    document = posting.steps["document"]["id"]
    steps = [
        {"name": "entry", "resource": ENTRIES, "removes": str(posting.exact_id), "ours": posting.reference},
        {"name": "document", "resource": DOCUMENTS, "removes": document, "ours": posting.reference},
    ]
    plan = {"steps": [{**step, **changes} for step in steps], "look": {}}
    made: Posting = PostingFactory(division=posting.division, method=Method.REMOVAL, plan=plan)
    return made


def removed(desk: Desk, posting: Posting) -> dict[str, int]:
    return {resource: len(rows) for resource, rows in desk.of(posting).items()}


def deletions() -> int:
    return Call.objects.filter(method="DELETE").count()


def test_entry_and_document_go_and_the_files_with_it(desk: Desk) -> None:
    booked = carry(desk.posting())
    removal = carry(removal_of(booked))
    assert (removal.state, removal.exact_id, deletions()) == (PostingState.DONE, None, 2)
    assert removed(desk, booked) == CODES


@pytest.mark.parametrize("path", [ENTRIES, DOCUMENTS])
@pytest.mark.parametrize(
    "kind", ["error_before_commit", "error_after_commit", "dropped_before", "dropped_answer"]
)
def test_whatever_answer_is_lost_at_the_end_both_are_gone_and_nothing_is_removed_twice(
    desk: Desk, kind: str, path: str
) -> None:
    booked = carry(desk.posting())
    removal = removal_of(booked)
    faults.arm(kind, method="DELETE", path=path)
    with pytest.raises(OutcomeUnknown):
        carry(removal)
    removal = carry(removal)
    assert (removal.state, removed(desk, booked)) == (PostingState.DONE, CODES)
    assert deletions() == 3 - (kind in ("error_after_commit", "dropped_answer"))


def test_what_is_gone_already_is_not_asked_for_again(desk: Desk) -> None:
    booked = carry(desk.posting())
    Exact(desk.division).delete(ENTRIES, booked.exact_id)  # type: ignore[arg-type]
    assert carry(removal_of(booked)).state == PostingState.DONE
    assert removed(desk, booked) == CODES
    assert not Call.objects.filter(status=404).exists()


def test_an_entry_that_goes_in_between_is_gone_too(desk: Desk) -> None:
    booked = carry(desk.posting())
    removal = removal_of(booked)
    faults.arm("dropped_answer", method="DELETE", path=ENTRIES)
    with pytest.raises(OutcomeUnknown):
        carry(removal)
    assert removed(desk, booked)[ENTRIES] == 0
    assert carry(removal).state == PostingState.DONE


def test_a_processed_entry_stays_and_its_document_with_it(desk: Desk) -> None:
    booked = carry(desk.posting())
    row = desk.of(booked)[ENTRIES][0]
    store.put(ENTRIES, desk.division.code, {**row.data, "Status": 50})
    removal = carry(removal_of(booked))
    assert (removal.state, deletions()) == (PostingState.REFUSED, 0)
    assert "verwerkt" in removal.words
    assert removed(desk, booked) == {DOCUMENTS: 1, ATTACHMENTS: 1, ENTRIES: 1}


def test_what_exact_refuses_to_remove_stays_with_its_words(desk: Desk) -> None:
    booked = carry(desk.posting())
    removal = removal_of(booked)
    row = desk.of(booked)[ENTRIES][0]
    faults.arm("error_before_commit", method="DELETE", path=ENTRIES)
    with pytest.raises(OutcomeUnknown):
        carry(removal)
    again(removal).keep("entry", said="Kan niet worden verwijderd")  # words that nobody knows yet
    removal = carry(removal)
    assert (removal.state, removal.cause) == (PostingState.REFUSED, Cause.REJECTED_BY_EXACT)
    assert removal.words == "Kan niet worden verwijderd"
    assert desk.of(booked)[ENTRIES][0].key == row.key


def test_what_does_not_carry_our_reference_is_never_removed(desk: Desk) -> None:
    booked = carry(desk.posting())
    removal = carry(removal_of(booked, ours="PK-SOMEBODYELSE"))
    assert (removal.state, deletions()) == (PostingState.REFUSED, 0)


def test_a_document_that_may_not_be_removed_is_left_behind_and_counted(desk: Desk) -> None:
    booked = carry(desk.posting())
    faults.arm("forbidden", method="DELETE", path=DOCUMENTS)
    removal = carry(removal_of(booked))
    assert removal.state == PostingState.DONE
    assert (str(removal.left_behind), left_behind()) == (booked.steps["document"]["id"], 1)
    assert removed(desk, booked) == {DOCUMENTS: 1, ATTACHMENTS: 1, ENTRIES: 0}


def test_a_user_who_may_do_nothing_any_more_keeps_the_removal_waiting(desk: Desk) -> None:
    booked = carry(desk.posting())
    removal = removal_of(booked)
    faults.arm("forbidden", method="DELETE", path=ENTRIES, reason="BlockedUser")
    with pytest.raises(Unauthorised):
        carry(removal)
    assert again(removal).steps["entry"]["state"] == "unsent"
    assert removed(desk, booked)[ENTRIES] == 1


def test_a_spent_limit_keeps_the_removal_waiting(desk: Desk) -> None:
    booked = carry(desk.posting())
    removal = removal_of(booked)
    faults.arm("too_many", method="DELETE", path=DOCUMENTS)
    with pytest.raises(Temporary):
        carry(removal)
    assert again(removal).steps["entry"]["state"] == "done"


def test_refused_removals_halt_no_bookings(desk: Desk) -> None:
    for number in range(4):
        booked = carry(desk.posting(f"N-{number}"))
        row = desk.of(booked)[ENTRIES][0]
        store.put(ENTRIES, desk.division.code, {**row.data, "Status": 50})
        removal_of(booked)
    assert drain(desk.division).refused == 4
    assert not Halt.objects.exists()


def test_an_earlier_document_goes_before_the_new_one_is_made(desk: Desk) -> None:
    first = carry(desk.posting())
    Exact(desk.division).delete(ENTRIES, first.exact_id)  # type: ignore[arg-type]
    posting = desk.posting("2026-0043")
    earlier = {
        "name": "earlier document",
        "resource": DOCUMENTS,
        "removes": first.steps["document"]["id"],
        "ours": first.reference,
    }
    posting.plan["steps"].insert(0, earlier)
    posting.save(update_fields=["plan"])
    assert carry(posting).state == PostingState.DONE
    assert removed(desk, first)[DOCUMENTS] == 0
    assert removed(desk, posting)[DOCUMENTS] == 1


def test_a_file_is_attached_to_a_document_that_is_there(desk: Desk) -> None:
    booked = carry(desk.posting())
    attachment = booked.plan["steps"][1]
    step = {
        **attachment,
        "payload": {"FileName": "trail.pdf", "Document": booked.steps["document"]["id"]},
        "needs": {},
    }
    plan = {"steps": [step], "look": {}}
    posting = PostingFactory(division=desk.division, method=Method.FILE, plan=plan)
    faults.arm("dropped_answer", method="POST", path=ATTACHMENTS)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    assert carry(posting).state == PostingState.DONE
    names = [row.data["FileName"] for row in desk.of(booked)[ATTACHMENTS]]
    assert sorted(names) == ["factuur.xml", "trail.pdf"]


def test_what_was_withdrawn_is_booked_anew_with_the_document_that_is_still_there(desk: Desk) -> None:
    booked = carry(desk.posting())
    Exact(desk.division).delete(ENTRIES, booked.exact_id)  # type: ignore[arg-type]
    booked.withdraw()
    assert (booked.state, booked.exact_id) == (PostingState.WITHDRAWN, None)
    Posting.objects.filter(pk=booked.pk).update(state=PostingState.WAITING, finished_at=None)
    assert carry(booked).state == PostingState.DONE
    assert removed(desk, booked) == {DOCUMENTS: 1, ATTACHMENTS: 1, ENTRIES: 1}


def test_what_was_withdrawn_is_booked_anew_also_when_its_document_is_gone(desk: Desk) -> None:
    booked = carry(desk.posting())
    carry(removal_of(booked))
    booked.withdraw()
    Posting.objects.filter(pk=booked.pk).update(state=PostingState.WAITING, finished_at=None)
    assert carry(booked).state == PostingState.DONE
    assert removed(desk, booked) == {DOCUMENTS: 1, ATTACHMENTS: 1, ENTRIES: 1}


# orders and purchase invoices


def removal_of_order(buyer: Buyer, booked: Posting, **more: Any) -> Posting:
    """A posting that takes order and document of `booked` out of Exact."""
    name, resource = ("order", ORDERS) if booked.method == Method.ORDER else ("purchase invoice", INVOICES)
    seen = {"as_booked": booked.plan["look"], **more}
    first = removing.step(name, resource, str(booked.exact_id), booked, **seen)
    steps = [first, removing.step("document", DOCUMENTS, booked.steps["document"]["id"], booked)]
    plan = {"steps": steps, "look": {}}
    made: Posting = PostingFactory(division=booked.division, method=Method.REMOVAL, plan=plan)
    return made


def test_an_order_and_its_document_go(desk: Desk) -> None:
    buyer = make_buyer(desk.division)
    booked = carry(buyer.posting())
    assert carry(removal_of_order(buyer, booked)).state == PostingState.DONE
    assert set(buyer.counts(booked).values()) == {0}


def test_a_purchase_invoice_and_its_document_go(desk: Desk) -> None:
    buyer = make_buyer(desk.division)
    booked = carry(buyer.invoice())
    assert carry(removal_of_order(buyer, booked)).state == PostingState.DONE
    assert set(buyer.counts(booked, INVOICES).values()) == {0}


@pytest.mark.parametrize(
    "kind", ["error_before_commit", "error_after_commit", "dropped_before", "dropped_answer"]
)
def test_whatever_answer_is_lost_the_order_goes_once(desk: Desk, kind: str) -> None:
    buyer = make_buyer(desk.division)
    booked = carry(buyer.posting())
    removal = removal_of_order(buyer, booked)
    faults.arm(kind, method="DELETE", path=ORDERS)
    with pytest.raises(OutcomeUnknown):
        carry(removal)
    assert carry(removal).state == PostingState.DONE
    assert set(buyer.counts(booked).values()) == {0}


@pytest.mark.parametrize("act", [order_acts.receive, order_acts.cancel, order_acts.complete])
def test_an_order_that_somebody_went_on_with_stays(desk: Desk, act: Callable[[Row], Row]) -> None:
    buyer = make_buyer(desk.division)
    booked = carry(buyer.posting())
    act(buyer.orders_of(booked)[0])
    removal = carry(removal_of_order(buyer, booked))
    assert (removal.state, removal.cause, deletions()) == (
        PostingState.REFUSED,
        Cause.REJECTED_BY_EXACT,
        0,
    )
    assert set(buyer.counts(booked).values()) == {1}


@pytest.mark.parametrize(
    "values", [{"YourRef": "other"}, {"OrderDate": "2026-09-16"}, {"AmountFC": 1.0}, {"Description": "PO"}]
)
def test_an_order_that_was_changed_or_is_not_ours_any_more_stays(desk: Desk, values: dict[str, Any]) -> None:
    buyer = make_buyer(desk.division)
    booked = carry(buyer.posting())
    (row,) = buyer.orders_of(booked)
    store.put(ORDERS, desk.division.code, {**row.data, **values})
    removal = carry(removal_of_order(buyer, booked))
    assert (removal.state, bool(removal.words), deletions()) == (PostingState.REFUSED, True, 0)


def test_a_processed_purchase_invoice_stays(desk: Desk) -> None:
    buyer = make_buyer(desk.division)
    booked = carry(buyer.invoice())
    row = store.find(INVOICES, desk.division.code, str(booked.exact_id))
    assert row
    store.put(INVOICES, desk.division.code, {**row.data, "Status": 50})
    removal = carry(removal_of_order(buyer, booked))
    assert (removal.state, deletions()) == (PostingState.REFUSED, 0)


def test_a_document_that_an_order_hangs_on_stays(desk: Desk) -> None:
    buyer = make_buyer(desk.division)
    booked = carry(buyer.posting())
    (step,) = removing.leavings(booked)
    plan = {"steps": [step], "look": {}}
    removal = carry(PostingFactory(division=desk.division, method=Method.REMOVAL, plan=plan))
    assert (removal.state, removal.left_behind, deletions()) == (PostingState.DONE, None, 0)
    assert set(buyer.counts(booked).values()) == {1}
