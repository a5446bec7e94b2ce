"""A package without purchase orders refuses them in words, and everything else goes on."""

from datetime import timedelta

import pytest

from apps.core.causes import Cause
from apps.posting.drain import drain
from apps.posting.halting import halt_of
from apps.posting.models import Posting, PostingState
from apps.sandbox import faults, switches, time
from apps.sandbox.models import Call
from tests.posting.buying import INVOICES, ORDERS, Buyer, carry, make_buyer
from tests.posting.conftest import Desk, again, posted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buyer(desk: Desk) -> Buyer:
    return make_buyer(desk.division)


def lack_logistics(desk: Desk) -> None:
    switches.lack_rights(ORDERS, INVOICES)


def asked(resource: str = ORDERS) -> int:
    return Call.objects.filter(path=resource).count()


def retry(posting: Posting) -> Posting:
    Posting.objects.filter(pk=posting.pk).update(state=PostingState.WAITING, finished_at=None)
    return carry(posting)


def test_an_order_is_refused_in_words_and_nothing_is_written(desk: Desk, buyer: Buyer) -> None:
    lack_logistics(desk)
    refused = carry(buyer.posting())
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.REJECTED_BY_EXACT)
    assert refused.words.startswith("This package of Exact Online has no purchase orders")
    assert "Exact Online says:" in refused.words
    assert posted() == 0


def test_a_purchase_invoice_names_the_other_way(desk: Desk, buyer: Buyer) -> None:
    lack_logistics(desk)
    refused = carry(buyer.invoice())
    assert refused.state == PostingState.REFUSED
    assert "Choose automatic entry" in refused.words


def test_who_may_look_and_not_write_is_told_too(buyer: Buyer) -> None:
    posting = buyer.posting()
    faults.arm("forbidden", method="POST", path=ORDERS)
    refused = carry(posting)
    assert (refused.state, buyer.orders_of(posting)) == (PostingState.REFUSED, [])
    assert retry(posting).state == PostingState.DONE
    assert set(buyer.counts(posting).values()) == {1}


def test_the_division_goes_on_and_exact_is_asked_only_some_times(desk: Desk, buyer: Buyer) -> None:
    lack_logistics(desk)
    orders = [buyer.posting(f"PO {number}") for number in range(8)]
    entry = desk.posting()
    drained = drain(desk.division)
    assert (drained.refused, drained.done, drained.stopped) == (8, 1, "")
    assert again(entry).state == PostingState.DONE
    assert halt_of(desk.division) is None
    assert asked() == 3
    assert "asked again in an hour" in again(orders[-1]).words


def test_after_an_hour_it_is_asked_again(desk: Desk, buyer: Buyer) -> None:
    lack_logistics(desk)
    for number in range(4):
        carry(buyer.posting(f"PO {number}"))
    switches.lack_rights()
    assert carry(buyer.posting()).state == PostingState.REFUSED
    time.advance(timedelta(hours=1, minutes=1))
    assert carry(buyer.posting()).state == PostingState.DONE


def test_one_that_was_taken_meanwhile_shows_that_it_may_be_asked(desk: Desk, buyer: Buyer) -> None:
    lack_logistics(desk)
    first, *_more = [carry(buyer.posting(f"PO {number}")) for number in range(2)]
    switches.lack_rights()
    assert retry(first).state == PostingState.DONE
    lack_logistics(desk)
    for number in range(3, 6):
        assert carry(buyer.posting(f"PO {number}")).state == PostingState.REFUSED
    assert asked() == 2 + 2 + 3
