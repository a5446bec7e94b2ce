"""New items: looked for before anything is sent, by code and barcode; their links with suppliers by the mirror."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core.causes import Cause
from apps.core.http import OutcomeUnknown
from apps.posting.items import says_link_exists
from apps.posting.lookup import Unsettled
from apps.posting.models import ITEM, SUPPLIER_ITEM, Method, Posting, PostingState
from apps.sandbox import faults, time
from apps.sandbox.exact import store
from tests.posting.buying import ITEMS, SUPPLIER_ITEMS, Buyer, carry, make_buyer
from tests.posting.conftest import Desk
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db

UNCLEAR = ("error_before_commit", "error_after_commit", "dropped_before", "dropped_answer")
FEED = "sync/Logistics/SupplierItem"


@pytest.fixture
def buyer(desk: Desk) -> Buyer:
    return make_buyer(desk.division)


def link(buyer: Buyer, **values: Any) -> dict[str, Any]:
    unit = store.by_mark("logistics/Units", buyer.division.code, "stuk")
    assert unit
    known = {"Supplier": buyer.supplier, "ItemUnit": unit.key, "PurchaseUnit": "doos", "PurchasePrice": 12.5}
    return {**known, "PurchaseUnitFactor": 12.0, "SupplierItemCode": "T-100", **values}


def new_item(buyer: Buyer, **values: Any) -> Posting:
    posting: Posting = PostingFactory(division=buyer.division, method=Method.ITEM)
    payload = {"Code": "TOUW10", "Description": "Touw 10 mm", "Unit": "stuk", "IsPurchaseItem": True}
    payload |= {"Barcode": "8712345678906", "SearchCode": posting.reference, **values}
    posting.plan = {
        "steps": [
            {"name": ITEM, "resource": ITEMS, "payload": payload},
            {
                "name": SUPPLIER_ITEM,
                "resource": SUPPLIER_ITEMS,
                "payload": link(buyer),
                "needs": {"Item": ITEM},
            },
        ],
        "look": {},
    }
    posting.save(update_fields=["plan"])
    return posting


def new_link(buyer: Buyer, item: str) -> Posting:
    posting: Posting = PostingFactory(division=buyer.division, method=Method.ITEM)
    step = {"name": SUPPLIER_ITEM, "resource": SUPPLIER_ITEMS, "payload": link(buyer, Item=item)}
    posting.plan = {"steps": [step], "look": {}}
    posting.save(update_fields=["plan"])
    return posting


def by_hand(buyer: Buyer, **values: Any) -> dict[str, Any]:
    return buyer.exact.post(ITEMS, {"Code": "TOUW10", "Description": "Touw 10 mm", **values})


def made(buyer: Buyer) -> tuple[list[str], int]:
    """The items of that code, and how many links they have."""
    items = [row.key for row in buyer.rows(ITEMS) if row.data["Code"] == "TOUW10"]
    return items, sum(row.data["Item"] in items for row in buyer.rows(SUPPLIER_ITEMS))


def test_the_result_is_the_item_with_its_link(buyer: Buyer) -> None:
    done = carry(new_item(buyer))
    assert done.state == PostingState.DONE, done.words
    assert made(buyer) == ([str(done.exact_id)], 1)
    assert (done.exact_number, done.adopted) == ("TOUW10", False)
    assert {name: step["state"] for name, step in done.steps.items()} == {ITEM: "done", SUPPLIER_ITEM: "done"}


@pytest.mark.parametrize("path", [ITEMS, SUPPLIER_ITEMS])
@pytest.mark.parametrize("kind", UNCLEAR)
def test_whatever_answer_is_lost_there_is_one_item_and_one_link(buyer: Buyer, kind: str, path: str) -> None:
    posting = new_item(buyer)
    faults.arm(kind, method="POST", path=path)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    time.advance(timedelta(minutes=2))
    done = carry(posting)
    assert (done.state, done.adopted) == (PostingState.DONE, False)
    assert made(buyer) == ([str(done.exact_id)], 1)


def test_without_our_reference_it_is_known_by_code_and_description_after_a_lost_answer(buyer: Buyer) -> None:
    posting = new_item(buyer, SearchCode="TOUW")
    faults.arm("dropped_answer", method="POST", path=ITEMS)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    time.advance(timedelta(minutes=2))
    done = carry(posting)
    assert (done.state, done.adopted) == (PostingState.DONE, True)
    assert made(buyer) == ([str(done.exact_id)], 1)


@pytest.mark.parametrize("path", [ITEMS, SUPPLIER_ITEMS])
def test_what_may_still_arrive_is_not_sent_again_yet(buyer: Buyer, path: str) -> None:
    posting = new_item(buyer)
    faults.arm("dropped_before", method="POST", path=path)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    with pytest.raises(Unsettled):
        carry(posting)


@pytest.mark.parametrize("values", [{}, {"Code": "ANDERS", "Barcode": "8712345678906"}])
def test_somebody_elses_item_with_its_code_or_barcode_is_in_the_way(
    buyer: Buyer, values: dict[str, Any]
) -> None:
    there = by_hand(buyer, **values)
    refused = carry(new_item(buyer))
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.POSSIBLE_DOUBLE)
    assert f"{there['Code']} Touw 10 mm" in refused.words


def test_somebody_elses_item_of_another_description_is_in_the_way_also_after_a_lost_answer(
    buyer: Buyer,
) -> None:
    posting = new_item(buyer)
    faults.arm("dropped_before", method="POST", path=ITEMS)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    by_hand(buyer, Description="Heel iets anders")
    time.advance(timedelta(minutes=2))
    refused = carry(posting)
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.POSSIBLE_DOUBLE)


def test_an_item_that_is_there_gets_its_link_alone(buyer: Buyer) -> None:
    item = by_hand(buyer)["ID"]
    done = carry(new_link(buyer, item))
    assert (done.state, str(done.exact_id)) == (PostingState.DONE, done.steps[SUPPLIER_ITEM]["id"])
    assert made(buyer) == ([item], 1)


def test_a_link_that_is_there_is_not_made_twice(buyer: Buyer) -> None:
    item = by_hand(buyer)["ID"]
    there = buyer.exact.post(SUPPLIER_ITEMS, link(buyer, Item=item))
    done = carry(new_link(buyer, item))
    assert (done.state, str(done.exact_id)) == (PostingState.DONE, there["ID"])
    assert made(buyer) == ([item], 1)


def test_a_link_that_exact_says_it_has_is_left_as_it_is(buyer: Buyer) -> None:
    posting = new_item(buyer)
    posting.keep(ITEM, state="done", id=by_hand(buyer)["ID"], number="TOUW10")
    posting.keep(SUPPLIER_ITEM, state="left", said="Gegeven bestaat reeds.")
    assert carry(posting).state == PostingState.DONE


def test_a_link_alone_that_exact_says_it_has_is_for_a_person(buyer: Buyer) -> None:
    posting = new_link(buyer, by_hand(buyer)["ID"])
    posting.keep(SUPPLIER_ITEM, state="left", said="Gegeven bestaat reeds.")
    refused = carry(posting)
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.POSSIBLE_DOUBLE)


@pytest.mark.parametrize(
    ("resource", "words", "is_there"),
    [
        (SUPPLIER_ITEMS, "Gegeven bestaat reeds.", True),
        (SUPPLIER_ITEMS, "Must be: Unique - Supplier, Item", True),
        (SUPPLIER_ITEMS, "Verplicht: Inkoopprijs", False),
        (ITEMS, "Gegeven bestaat reeds.", False),
    ],
)
def test_words_about_a_link_that_is_there(resource: str, words: str, is_there: bool) -> None:
    assert says_link_exists({"resource": resource}, words) is is_there


@pytest.mark.parametrize("path", [ITEMS, FEED])
def test_who_may_not_look_at_items_is_told(buyer: Buyer, path: str) -> None:
    faults.arm("forbidden", method="GET", path=path)
    refused = carry(new_item(buyer))
    assert (refused.state, bool(refused.words)) == (PostingState.REFUSED, True)


def test_what_exact_refuses_comes_with_its_words(buyer: Buyer) -> None:
    refused = carry(new_item(buyer, Unit="ZZZ", ItemGroup="00000000-0000-4000-8000-000000000001"))
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.REJECTED_BY_EXACT)
    assert refused.words
