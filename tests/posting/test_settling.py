"""Orders and purchase invoices: one of each document, whatever gets lost, and nothing beside what is there by hand."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core.causes import Cause
from apps.core.http import OutcomeUnknown, Temporary, Unauthorised
from apps.posting.lookup import Unsettled, in_orders, in_purchase_invoices
from apps.posting.models import Posting, PostingState
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import order_acts, store
from tests.posting.buying import INVOICES, ORDERS, WRITES, Buyer, carry, make_buyer
from tests.posting.conftest import DOCUMENTS, Desk, again, posted

pytestmark = pytest.mark.django_db

UNCLEAR = ("error_before_commit", "error_after_commit", "dropped_before", "dropped_answer")


@pytest.fixture
def buyer(desk: Desk) -> Buyer:
    return make_buyer(desk.division)


def settle() -> None:
    """Let the time pass in which a write without an answer may still arrive."""
    time.advance(timedelta(minutes=2))


def assert_once(buyer: Buyer, posting: Posting, resource: str = ORDERS) -> None:
    counts = buyer.counts(posting, resource)
    assert set(counts.values()) == {1}, counts


def test_an_order_is_written_with_its_document_and_its_number_is_kept(buyer: Buyer) -> None:
    posting = carry(buyer.posting())
    (order,) = buyer.orders_of(posting)
    assert_once(buyer, posting)
    assert (posting.state, posting.adopted) == (PostingState.DONE, False)
    assert (str(posting.exact_id), posting.exact_number) == (order.key, str(order.data["OrderNumber"]))
    assert order.data["Document"] == posting.steps["document"]["id"]
    assert order.key in posting.exact_url
    assert "PurOrderEntry" in posting.exact_url
    calls = list(posting.calls.order_by("pk").values_list("verb", "resource"))
    assert calls == [("GET", ORDERS), *(("POST", resource) for resource in WRITES)]
    assert posting.calls.get(step="order").answer["OrderNumber"] == order.data["OrderNumber"]


def test_a_purchase_invoice_is_written_with_its_document_and_its_number_is_kept(buyer: Buyer) -> None:
    posting = carry(buyer.invoice())
    assert posting.state == PostingState.DONE, posting.words
    assert_once(buyer, posting, INVOICES)
    (row,) = (row for row in buyer.rows(INVOICES) if row.key == str(posting.exact_id))
    assert posting.exact_number == str(row.data["EntryNumber"])
    assert "PurInvoiceEntry" in posting.exact_url


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize("kind", UNCLEAR)
def test_whatever_answer_is_lost_there_is_one_order(buyer: Buyer, kind: str, path: str) -> None:
    posting = buyer.posting()
    faults.arm(kind, method="POST", path=path)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    settle()
    done = carry(posting)
    assert (done.state, done.adopted) == (PostingState.DONE, False)
    assert_once(buyer, posting)


@pytest.mark.parametrize("kind", UNCLEAR)
def test_whatever_answer_is_lost_there_is_one_purchase_invoice(buyer: Buyer, kind: str) -> None:
    posting = buyer.invoice()
    faults.arm(kind, method="POST", path=INVOICES)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    settle()
    done = carry(posting)
    assert (done.state, done.adopted) == (PostingState.DONE, False)
    assert_once(buyer, posting, INVOICES)


def test_what_may_still_arrive_is_not_sent_again_yet(buyer: Buyer) -> None:
    posting = buyer.posting()
    faults.arm("dropped_before", method="POST", path=ORDERS)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    with pytest.raises(Unsettled):
        carry(posting)
    assert buyer.orders_of(posting) == []


def test_our_order_is_known_although_exact_cut_its_number(buyer: Buyer) -> None:
    posting = buyer.posting("PO " + "4" * 80)
    faults.arm("dropped_answer", method="POST", path=ORDERS)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    settle()
    assert carry(posting).state == PostingState.DONE
    assert_once(buyer, posting)


def test_an_order_keyed_in_by_hand_is_taken_and_nothing_is_written(buyer: Buyer) -> None:
    made = buyer.exact.post(ORDERS, buyer.order())
    before = posted()
    done = carry(buyer.posting())
    assert (done.state, done.adopted, str(done.exact_id)) == (
        PostingState.DONE,
        True,
        made["PurchaseOrderID"],
    )
    assert done.exact_number == str(made["OrderNumber"])
    assert (posted(), set(buyer.counts(done).values())) == (before, {0})


def test_the_document_goes_when_somebody_was_faster_meanwhile(buyer: Buyer) -> None:
    posting = buyer.posting()
    faults.arm("dropped_before", method="POST", path=ORDERS)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    buyer.exact.post(ORDERS, buyer.order())
    settle()
    assert carry(posting).adopted
    removal = posting.family().exclude(pk=posting.pk).get()
    assert removal.plan["steps"][0]["used_by"] == ORDERS
    assert carry(removal).state == PostingState.DONE
    assert buyer.counts(posting)[DOCUMENTS] == 0


@pytest.mark.parametrize(
    "values", [{"YourRef": "PO 4712"}, {"OrderDate": "2026-09-16"}, {"quantity": 11}, {"YourRef": None}]
)
def test_what_differs_in_anything_is_another_order(buyer: Buyer, values: dict[str, Any]) -> None:
    buyer.exact.post(ORDERS, buyer.order(**values))
    done = carry(buyer.posting())
    assert (done.state, done.adopted) == (PostingState.DONE, False)


def test_a_number_that_is_used_with_other_figures_is_in_the_way_where_the_plan_says_so(buyer: Buyer) -> None:
    made = buyer.exact.post(ORDERS, buyer.order(quantity=11))
    refused = carry(buyer.posting(look={"unique": True}))
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.POSSIBLE_DOUBLE)
    assert str(made["OrderNumber"]) in refused.words
    assert posted(DOCUMENTS) == 0


@pytest.mark.parametrize("look", [{}, {"unique": True}])
def test_a_cancelled_order_of_somebody_else_is_no_reason(buyer: Buyer, look: dict[str, Any]) -> None:
    made = buyer.exact.post(ORDERS, buyer.order())
    row = store.find(ORDERS, buyer.division.code, made["PurchaseOrderID"])
    assert row
    order_acts.cancel(row)
    done = carry(buyer.posting(look=look))
    assert (done.state, done.adopted) == (PostingState.DONE, False)


def test_our_order_is_the_result_also_when_somebody_cancelled_it(buyer: Buyer) -> None:
    posting = buyer.posting()
    faults.arm("dropped_answer", method="POST", path=ORDERS)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    order_acts.cancel(buyer.orders_of(posting)[0])
    settle()
    assert carry(posting).state == PostingState.DONE
    assert_once(buyer, posting)


def test_an_order_that_another_document_of_ours_became_is_a_double(buyer: Buyer) -> None:
    first = carry(buyer.posting())
    second = carry(buyer.posting())
    assert (second.state, second.cause) == (PostingState.REFUSED, Cause.POSSIBLE_DOUBLE)
    assert first.exact_number in second.words


def test_an_order_number_that_we_sent_and_is_used_is_a_possible_double(buyer: Buyer) -> None:
    made = buyer.exact.post(ORDERS, buyer.order("another"))
    refused = carry(buyer.posting(OrderNumber=made["OrderNumber"]))
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.POSSIBLE_DOUBLE)
    assert refused.words


@pytest.mark.parametrize("number", ["", "it's", "100% & more?"])
def test_an_order_by_hand_is_found_whatever_its_number(buyer: Buyer, number: str) -> None:
    made = buyer.exact.post(ORDERS, buyer.order(number))
    found = in_orders(buyer.posting(number), buyer.exact)
    assert found
    assert (found.exact_id, found.same, found.ours) == (made["PurchaseOrderID"], True, False)


def test_a_credit_note_is_not_taken_for_the_invoice_of_as_much(buyer: Buyer) -> None:
    made = buyer.exact.post(INVOICES, buyer.billed())
    row = store.find(INVOICES, buyer.division.code, made["ID"])
    assert row
    posting = buyer.invoice()
    found = in_purchase_invoices(posting, buyer.exact)
    assert found
    assert found.same
    store.put(INVOICES, buyer.division.code, {**row.data, "Type": 8034})
    found = in_purchase_invoices(posting, buyer.exact)
    assert found
    assert not found.same


def test_a_purchase_invoice_keyed_in_by_hand_is_taken(buyer: Buyer) -> None:
    made = buyer.exact.post(INVOICES, buyer.billed())
    done = carry(buyer.invoice())
    assert (done.state, done.adopted, str(done.exact_id)) == (PostingState.DONE, True, made["ID"])


@pytest.mark.parametrize("kind", ["error_before_commit", "too_many"])
def test_a_look_that_fails_writes_nothing(buyer: Buyer, kind: str) -> None:
    posting = buyer.posting()
    faults.arm(kind, method="GET", path=ORDERS)
    with pytest.raises(Temporary):
        carry(posting)
    assert (posted(), again(posting).steps) == (0, {})


def test_a_look_that_exact_refuses_refuses_the_order(buyer: Buyer) -> None:
    posting = buyer.posting()
    faults.arm("error_before_commit", method="GET", path=ORDERS, status=400)
    refused = carry(posting)
    assert (refused.state, bool(refused.words), posted()) == (PostingState.REFUSED, True, 0)


def test_a_blocked_user_refuses_nothing(buyer: Buyer) -> None:
    posting = buyer.posting()
    faults.arm("forbidden", method="GET", path=ORDERS, reason="BlockedUser")
    with pytest.raises(Unauthorised):
        carry(posting)
    assert again(posting).state == PostingState.WAITING


UNKNOWN = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ({"Item": UNKNOWN}, Cause.ITEM_UNKNOWN),
        ({"VATCode": "ZZZ"}, Cause.NO_VAT_CODE),
        ({"CostCenter": "ZZZ"}, Cause.COST_CENTRE_MISSING),
        ({"QuantityInPurchaseUnits": 0}, Cause.REJECTED_BY_EXACT),
    ],
)
def test_a_refusal_keeps_exacts_words_and_the_cause_they_mean(
    buyer: Buyer, line: dict[str, Any], cause: str, language: str
) -> None:
    switches.speak(language)
    (known,) = buyer.order()["PurchaseOrderLines"]
    refused = carry(buyer.posting(PurchaseOrderLines=[{**known, **line}]))
    assert (refused.state, refused.cause) == (PostingState.REFUSED, cause), refused.words
    assert refused.words
    assert refused.steps["order"]["state"] == "refused"


def test_after_a_refusal_the_next_attempt_uses_the_document_that_is_there(buyer: Buyer) -> None:
    posting = carry(buyer.posting(PurchaseOrderLines=[]))
    assert posting.state == PostingState.REFUSED
    posting.plan["steps"][2]["payload"]["PurchaseOrderLines"] = buyer.order()["PurchaseOrderLines"]
    posting.state, posting.finished_at = PostingState.WAITING, None
    posting.save(update_fields=["plan", "state", "finished_at"])
    assert carry(posting).state == PostingState.DONE
    assert_once(buyer, posting)
