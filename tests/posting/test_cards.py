"""Writing cards: looked for before anything is sent, kept before anything is looked at again."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core.causes import Cause
from apps.core.http import OutcomeUnknown, Temporary, Unauthorised
from apps.exact.client import Exact
from apps.posting.lookup import Unsettled
from apps.posting.models import ACCOUNT, BANK, Method, Posting, PostingState
from apps.posting.steps import carry_out
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from tests.posting.conftest import Desk, again
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db

ACCOUNTS, BANK_ACCOUNTS = "crm/Accounts", "crm/BankAccounts"
IBAN = "NL81RABO0312345678"


def held() -> None:
    """The lease of the division is still ours."""


def carry(posting: Posting) -> Posting:
    fresh = again(posting)
    carry_out(fresh, Exact(fresh.division), held)
    return again(posting)


def supplier(desk: Desk, **values: Any) -> Posting:
    posting: Posting = PostingFactory(division=desk.division, method=Method.SUPPLIER)
    known = values.pop("known", [])
    card = {"Name": "De Knoop", "VATNumber": "NL812345678B01", "IsSupplier": True, **values}
    posting.plan = {
        "steps": [
            {"name": ACCOUNT, "resource": ACCOUNTS, "payload": {**card, "SearchCode": posting.reference}},
            {
                "name": BANK,
                "resource": BANK_ACCOUNTS,
                "payload": {"BankAccount": IBAN, "Main": True},
                "needs": {"Account": ACCOUNT},
            },
        ],
        "look": {"known": known},
    }
    posting.save(update_fields=["plan"])
    return posting


def filling(desk: Desk, **payload: Any) -> Posting:
    posting: Posting = PostingFactory(division=desk.division, method=Method.CARD)
    step = {"name": "card", "resource": ACCOUNTS, "payload": payload, "fills": desk.supplier}
    posting.plan = {"steps": [step], "look": {}}
    posting.save(update_fields=["plan"])
    return posting


def by_hand(desk: Desk, **values: Any) -> dict[str, Any]:
    return Exact(desk.division).post(ACCOUNTS, {"Name": "De Knoop", "IsSupplier": True, **values})


def named(desk: Desk, name: str = "De Knoop") -> list[str]:
    return [row.key for row in store.rows(ACCOUNTS, desk.division.code) if row.data["Name"] == name]


def lost(posting: Posting, kind: str = "dropped_answer", path: str = ACCOUNTS) -> None:
    faults.arm(kind, method="POST", path=path)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    time.advance(timedelta(minutes=2))


def test_the_result_is_the_card(desk: Desk) -> None:
    posting = carry(supplier(desk))
    (key,) = named(desk)
    row = store.find(ACCOUNTS, desk.division.code, key)
    assert row
    assert (posting.state, str(posting.exact_id)) == (PostingState.DONE, key)
    assert (posting.exact_number, posting.adopted) == (row.data["Code"].strip(), False)
    assert {name: step["state"] for name, step in posting.steps.items()} == {ACCOUNT: "done", BANK: "done"}
    assert list(posting.calls.order_by("pk").values_list("verb", "step", "resource")) == [
        ("GET", "look", ACCOUNTS),
        ("POST", ACCOUNT, ACCOUNTS),
        ("GET", "look", BANK_ACCOUNTS),
        ("POST", BANK, BANK_ACCOUNTS),
    ]


def test_after_a_lost_answer_it_is_found_by_our_reference(desk: Desk) -> None:
    posting = supplier(desk)
    lost(posting)
    done = carry(posting)
    assert (str(done.exact_id), done.adopted) == (*named(desk), False)


def test_it_is_too_early_to_send_again_what_may_still_arrive(desk: Desk) -> None:
    posting = supplier(desk)
    faults.arm("dropped_before", method="POST", path=ACCOUNTS)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    with pytest.raises(Unsettled):
        carry(posting)
    assert named(desk) == []
    time.advance(timedelta(minutes=2))
    assert carry(posting).state == PostingState.DONE


def test_somebody_elses_card_with_its_number_is_in_the_way(desk: Desk) -> None:
    made = by_hand(desk, VATNumber="NL812345678B01")
    refused = carry(supplier(desk))
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.POSSIBLE_DOUBLE)
    assert f"{made['Code']} De Knoop" in refused.words
    assert len(named(desk)) == 1


def test_somebody_elses_card_of_the_same_name_is_not(desk: Desk) -> None:
    by_hand(desk)
    assert carry(supplier(desk)).state == PostingState.DONE
    assert len(named(desk)) == 2


@pytest.mark.parametrize(
    ("values", "known", "adopted"),
    [
        ({}, False, True),
        ({}, True, False),
        ({"VATNumber": "NL001234567B01"}, False, False),
        ({"VATNumber": "NL812345678B01"}, True, True),
    ],
)
def test_after_a_lost_answer_a_new_namesake_is_taken_unless_it_is_another_company(
    desk: Desk, values: dict[str, Any], known: bool, adopted: bool
) -> None:
    made = None
    if known:
        made = by_hand(desk)
    posting = supplier(desk, known=[made["ID"]] if made else [])
    lost(posting, "dropped_before")
    if made and values:
        Exact(desk.division).put(ACCOUNTS, made["ID"], values)
    elif made is None:
        by_hand(desk, **values)
    done = carry(posting)
    assert (done.state, done.adopted) == (PostingState.DONE, adopted)
    assert len(named(desk)) == (1 if adopted else 2)


def test_a_card_that_another_of_our_postings_made_is_not_taken_twice(desk: Desk) -> None:
    first, second = supplier(desk), supplier(desk)
    lost(second, "dropped_before")
    assert carry(first).state == PostingState.DONE
    refused = carry(second)
    assert (refused.state, refused.cause, len(named(desk))) == (
        PostingState.REFUSED,
        Cause.POSSIBLE_DOUBLE,
        1,
    )


def test_an_account_is_found_however_it_is_written(desk: Desk) -> None:
    posting = supplier(desk)
    lost(posting, "dropped_answer", BANK_ACCOUNTS)
    (row,) = [one for one in store.rows(BANK_ACCOUNTS, desk.division.code) if one.data["BankAccount"] == IBAN]
    store.put(BANK_ACCOUNTS, desk.division.code, {**row.data, "BankAccount": "NL81 RABO 0312 3456 78"})
    done = carry(posting)
    assert (done.state, done.steps[BANK]["id"]) == (PostingState.DONE, row.key)


def test_words_that_we_do_not_know_become_a_refusal_when_nothing_is_there(desk: Desk) -> None:
    posting = supplier(desk)
    posting.keep(ACCOUNT, state="started", said="Iets anders")
    time.advance(timedelta(minutes=2))
    refused = carry(posting)
    assert (refused.state, refused.words, named(desk)) == (PostingState.REFUSED, "Iets anders", [])


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_who_may_not_do_this_to_cards_is_told(desk: Desk, verb: str) -> None:
    posting = supplier(desk)
    faults.arm("forbidden", method=verb, path=ACCOUNTS)
    refused = carry(posting)
    assert (refused.state, bool(refused.words), named(desk)) == (PostingState.REFUSED, True, [])


def test_a_connection_that_is_blocked_as_a_whole_refuses_nothing(desk: Desk) -> None:
    posting = supplier(desk)
    faults.arm("forbidden", method="POST", path=ACCOUNTS, reason="BlockedUser")
    with pytest.raises(Unauthorised):
        carry(posting)
    assert again(posting).steps[ACCOUNT]["state"] == "unsent"


def test_a_look_that_is_refused_says_nothing_about_what_was_sent(desk: Desk) -> None:
    posting = supplier(desk)
    lost(posting)
    faults.arm("forbidden", method="GET", path=ACCOUNTS)
    with pytest.raises(Unsettled):
        carry(posting)
    assert carry(posting).state == PostingState.DONE
    assert len(named(desk)) == 1


def test_a_full_minute_writes_nothing_and_leaves_nothing_to_look_for(desk: Desk) -> None:
    posting = supplier(desk)
    faults.arm("too_many", method="POST", path=ACCOUNTS)
    with pytest.raises(Temporary):
        carry(posting)
    assert again(posting).steps[ACCOUNT]["state"] == "unsent"
    time.advance(timedelta(minutes=1))
    assert carry(posting).state == PostingState.DONE


def test_only_empty_fields_of_a_card_are_filled_in(desk: Desk) -> None:
    row = store.find(ACCOUNTS, desk.division.code, desk.supplier)
    assert row
    store.put(ACCOUNTS, desk.division.code, {**row.data, "Email": "a@b.nl", "GlnNumber": None})
    posting = carry(filling(desk, Email="c@d.nl", GlnNumber="8719333012341"))
    after = store.find(ACCOUNTS, desk.division.code, desk.supplier)
    assert after
    assert (after.data["Email"], after.data["GlnNumber"]) == ("a@b.nl", "8719333012341")
    assert (posting.state, posting.exact_id) == (PostingState.DONE, None)
    (call,) = posting.calls.filter(verb="PUT")
    assert (call.step, call.status) == ("card", 204)


def test_a_card_that_lacks_nothing_is_not_touched(desk: Desk) -> None:
    row = store.find(ACCOUNTS, desk.division.code, desk.supplier)
    assert row
    store.put(ACCOUNTS, desk.division.code, {**row.data, "Email": "a@b.nl"})
    posting = carry(filling(desk, Email="c@d.nl"))
    assert (posting.state, posting.calls.filter(verb="PUT").count()) == (PostingState.DONE, 0)


def test_a_card_that_is_gone_is_told(desk: Desk) -> None:
    posting = filling(desk, Email="c@d.nl")
    posting.plan["steps"][0]["fills"] = "3b2ae8b4-5f5c-4c3f-9b5e-111111111111"
    posting.save(update_fields=["plan"])
    refused = carry(posting)
    assert (refused.state, bool(refused.words)) == (PostingState.REFUSED, True)


def test_what_exact_refuses_comes_with_its_words(desk: Desk) -> None:
    switches.speak("en")
    refused = carry(supplier(desk, Country="NLD"))
    assert (refused.state, refused.cause) == (PostingState.REFUSED, Cause.REJECTED_BY_EXACT)
    assert refused.words == "Invalid: Country (NLD)"
