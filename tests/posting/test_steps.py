"""Doing one posting: each step is kept before the next, and nothing that may be there is written again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages

from apps.core.causes import Cause
from apps.core.http import OutcomeUnknown, Temporary, Unauthorised
from apps.exact import mirror
from apps.exact.client import Exact
from apps.exact.turns import TurnLost
from apps.intake.models import Original
from apps.posting.lookup import Unsettled
from apps.posting.models import Posting, PostingState
from apps.posting.steps import carry_out
from apps.sandbox import calls, faults, switches, time
from apps.sandbox.exact import documents, store
from apps.sandbox.models import Row
from tests.intake.factories import OriginalFactory
from tests.intake.samples import enclosing, ubl
from tests.posting.conftest import ATTACHMENTS, CONTENT, DOCUMENTS, ENTRIES, WRITES, Desk, again, posted

pytestmark = pytest.mark.django_db


def held() -> None:
    """The lease of the division is still ours."""


def carry(posting: Posting) -> Posting:
    """Carry `posting` out as it is stored now, and return what became of it."""
    fresh = again(posting)
    carry_out(fresh, Exact(fresh.division), held)
    return again(posting)


def settle() -> None:
    """Let the time pass in which a write without an answer may still arrive."""
    time.advance(timedelta(minutes=2))


def assert_once(desk: Desk, posting: Posting) -> None:
    assert {resource: len(rows) for resource, rows in desk.of(posting).items()} == dict.fromkeys(WRITES, 1)


def test_document_attachment_and_entry_are_written_and_hang_together(desk: Desk) -> None:
    posting = carry(desk.posting())
    assert_once(desk, posting)
    rows = desk.of(posting)
    entry, document = rows[ENTRIES][0], rows[DOCUMENTS][0]
    assert (posting.state, posting.adopted) == (PostingState.DONE, False)
    assert (str(posting.exact_id), posting.exact_number) == (entry.key, str(entry.data["EntryNumber"]))
    assert entry.data["Document"] == document.key
    assert entry.key in posting.exact_url
    assert str(desk.division.code) in posting.exact_url
    assert {name: step["state"] for name, step in posting.steps.items()} == {
        "document": "done",
        "attachment": "done",
        "entry": "done",
    }
    assert posted() == 3


def test_nothing_is_written_in_a_turn_that_was_lost_during_the_look_before_it(desk: Desk) -> None:
    posting = desk.posting(steps={"document": {"state": "started"}})

    def renew() -> None:
        if calls.count(DOCUMENTS, method="GET"):
            raise TurnLost

    with pytest.raises(TurnLost):
        carry_out(posting, Exact(desk.division), renew)
    assert posted() == 0


def test_the_attachment_is_the_bytes_as_they_came_in(desk: Desk) -> None:
    posting = carry(desk.posting())
    key = desk.of(posting)[ATTACHMENTS][0].key
    (row,) = Exact(desk.division).find(
        ATTACHMENTS, filter=f"ID eq guid'{key}'", select=("ID", "FileName", "FileSize")
    )
    assert (row["FileName"], row["FileSize"]) == ("factuur.xml", len(CONTENT))


def with_files(desk: Desk) -> Posting:
    """Return a posting of a document with its original, a PDF inside it, and a page made of it."""
    posting = desk.posting()
    content = enclosing(ubl(), ("bon.pdf", b"%PDF-1.7 bon")).encode()
    first = {**posting.plan["steps"][1], "original": OriginalFactory(data=content).pk}
    more = [
        {**first, "name": "attachment 1", "payload": {"FileName": "bon.pdf"}, "enclosed": 1},
        {**first, "name": "page", "payload": {"FileName": "2026-0042.pdf"}, "enclosed": "page"},
    ]
    posting.plan["steps"][1:2] = [first, *more]
    posting.save(update_fields=["plan"])
    return posting


def replan(posting: Posting, plan: dict[str, Any]) -> None:
    Posting.objects.filter(pk=posting.pk).update(plan=plan)


def files_of(desk: Desk, posting: Posting) -> dict[str, bytes]:
    rows = {
        row.data["FileName"]: bytes(documents.content(row.key) or b"")
        for row in desk.of(posting)[ATTACHMENTS]
    }
    assert len(rows) == len(desk.of(posting)[ATTACHMENTS])
    return rows


def test_each_file_is_attached_by_a_call_of_its_own(desk: Desk) -> None:
    posting = carry(with_files(desk))
    files = files_of(desk, posting)
    assert list(files) == ["factuur.xml", "bon.pdf", "2026-0042.pdf"]
    assert files["factuur.xml"].startswith(b"<?xml")
    assert files["bon.pdf"] == b"%PDF-1.7 bon"
    assert files["2026-0042.pdf"].startswith(b"%PDF-")
    assert (posting.state, posted()) == (PostingState.DONE, 5)


def test_a_page_that_cannot_be_made_is_left_out_and_the_entry_is_booked(desk: Desk) -> None:
    posting = desk.posting()  # its original is no invoice that can be read
    page = {**posting.plan["steps"][1], "name": "page", "enclosed": "page"}
    posting.plan["steps"].insert(2, page)
    posting.save(update_fields=["plan"])
    posting = carry(posting)
    assert (posting.state, posting.steps["page"]["state"]) == (PostingState.DONE, "left")
    assert list(files_of(desk, posting)) == ["factuur.xml"]


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("kind", ["dropped_answer", "error_after_commit", "dropped_before"])
def test_no_file_is_attached_twice_whichever_stays_without_an_answer(desk: Desk, kind: str, at: int) -> None:
    posting = with_files(desk)
    whole = posting.plan
    replan(posting, {**whole, "steps": whole["steps"][: 1 + at]})
    carry(posting)
    replan(posting, whole)
    faults.arm(kind, method="POST", path=ATTACHMENTS)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    settle()
    assert carry(posting).state == PostingState.DONE
    assert list(files_of(desk, posting)) == ["factuur.xml", "bon.pdf", "2026-0042.pdf"]
    assert len(desk.of(posting)[DOCUMENTS]) == len(desk.of(posting)[ENTRIES]) == 1


@pytest.mark.parametrize("path", WRITES)
def test_a_spent_limit_keeps_what_was_done_and_nothing_is_looked_for(desk: Desk, path: str) -> None:
    posting = desk.posting()
    faults.arm("too_many", method="POST", path=path)
    with pytest.raises(Temporary):
        carry(posting)
    names = ["document", "attachment", "entry"]
    at = WRITES.index(path)
    assert [again(posting).steps[name]["state"] for name in names[: at + 1]] == ["done"] * at + ["unsent"]
    before = posted()
    time.advance(timedelta(minutes=1))
    carry(posting)
    assert posted() == before + len(WRITES) - at
    assert_once(desk, posting)


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize("kind", ["dropped_answer", "error_after_commit"])
def test_what_was_done_without_an_answer_is_found_and_not_written_again(
    desk: Desk, kind: str, path: str
) -> None:
    posting = desk.posting()
    faults.arm(kind, method="POST", path=path)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    sent = posted(path)
    done = carry(posting)
    assert (done.state, posted(path)) == (PostingState.DONE, sent)
    assert_once(desk, posting)


@pytest.mark.parametrize("path", WRITES)
def test_what_was_never_done_is_written_again_only_after_it_had_time_to_arrive(desk: Desk, path: str) -> None:
    posting = desk.posting()
    faults.arm("dropped_before", method="POST", path=path)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    before = posted()
    with pytest.raises(Unsettled):
        carry(posting)
    assert posted() == before
    settle()
    assert carry(posting).state == PostingState.DONE
    assert_once(desk, posting)


def test_a_look_without_an_answer_leaves_it_open(desk: Desk) -> None:
    posting = desk.posting()
    faults.arm("dropped_answer", method="POST", path=ENTRIES)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    faults.arm("error_before_commit", method="GET", path=ENTRIES)
    with pytest.raises(Temporary):
        carry(posting)
    assert again(posting).steps["entry"]["state"] == "started"
    assert carry(posting).state == PostingState.DONE
    assert_once(desk, posting)


@pytest.mark.parametrize("path", WRITES)
def test_a_look_that_exact_refuses_says_nothing_about_what_was_sent(desk: Desk, path: str) -> None:
    posting = desk.posting()
    faults.arm("dropped_answer", method="POST", path=path)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    settle()
    faults.arm("error_before_commit", method="GET", path=path, status=400)
    before = posted()
    with pytest.raises(Unsettled):
        carry(posting)
    assert (posted(), again(posting).state) == (before, PostingState.WAITING)
    carry(posting)
    assert_once(desk, posting)


def test_an_entry_in_the_ledger_is_adopted_and_nothing_is_posted(desk: Desk) -> None:
    made = desk.by_hand()
    mirror.sync_ledger(desk.division)
    posting = desk.posting()
    before = posted()
    done = carry(posting)
    assert (done.state, done.adopted, str(done.exact_id)) == (PostingState.DONE, True, made["EntryID"])
    assert done.exact_number == str(made["EntryNumber"])
    assert posted() == before
    assert desk.of(posting) == {resource: [] for resource in WRITES}


def test_an_entry_booked_since_the_ledger_was_read_is_adopted_when_exact_says_it_exists(desk: Desk) -> None:
    made = desk.by_hand()
    done = carry(desk.posting())
    assert (done.state, done.adopted, str(done.exact_id)) == (PostingState.DONE, True, made["EntryID"])


def test_an_entry_that_was_deleted_in_exact_is_booked_although_the_mirror_still_shows_it(desk: Desk) -> None:
    made = desk.by_hand()
    mirror.sync_ledger(desk.division)
    Row.objects.filter(resource=ENTRIES, key=made["EntryID"]).delete()
    posting = desk.posting()
    done = carry(posting)
    assert (done.state, done.adopted) == (PostingState.DONE, False)
    assert_once(desk, posting)


def test_our_entry_is_known_although_a_bookkeeper_changed_its_number_since(desk: Desk) -> None:
    posting = desk.posting()
    faults.arm("dropped_answer", method="POST", path=ENTRIES)
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    (entry,) = desk.of(posting)[ENTRIES]
    store.put(ENTRIES, desk.division.code, {**entry.data, "YourRef": "corrected"})
    mirror.sync_ledger(desk.division)
    settle()
    assert carry(posting).state == PostingState.DONE
    assert_once(desk, posting)


def test_what_exact_says_exists_and_is_not_the_same_waits_for_a_person(desk: Desk) -> None:
    desk.by_hand()
    posting = desk.posting()
    posting.plan["look"]["amount"] = "999.99"
    posting.save(update_fields=["plan"])
    posting = carry(posting)
    assert (posting.state, posting.cause) == (PostingState.REFUSED, Cause.POSSIBLE_DOUBLE)


@pytest.mark.parametrize("is_in_the_mirror", [True, False])
def test_an_entry_that_another_document_of_ours_became_is_a_double_and_never_taken_twice(
    desk: Desk, is_in_the_mirror: bool
) -> None:
    first = carry(desk.posting())
    if is_in_the_mirror:
        mirror.sync_ledger(desk.division)
    second = carry(desk.posting())
    assert (second.state, second.cause) == (PostingState.REFUSED, Cause.POSSIBLE_DOUBLE)
    assert first.exact_number in second.words


def test_a_booking_number_that_is_taken_is_no_double(desk: Desk) -> None:
    taken = desk.by_hand(number="other")["EntryNumber"]
    posting = carry(desk.posting(entry={"EntryNumber": taken}))
    assert (posting.state, posting.cause) == (PostingState.REFUSED, Cause.REJECTED_BY_EXACT)
    assert posting.words


def test_a_look_that_is_refused_after_exact_said_it_exists_waits_for_a_person(desk: Desk) -> None:
    desk.by_hand()
    faults.arm("error_before_commit", method="GET", path=ENTRIES, status=400)
    posting = carry(desk.posting())
    assert (posting.state, posting.cause) == (PostingState.REFUSED, Cause.POSSIBLE_DOUBLE)
    assert posting.words.startswith("Bestaat reeds")


def no_cost_centre(desk: Desk) -> dict[str, Any]:
    row = store.find("financial/GLAccounts", desk.division.code, desk.account)
    assert row
    store.put(
        "financial/GLAccounts", desk.division.code, {**row.data, "UseCostcenter": 1, "Costcenter": None}
    )
    return {}


def closed_period(desk: Desk) -> dict[str, Any]:
    switches.set_period(desk.division.code, "60", 2026, 9, closed=True)
    return {}


def blocked_supplier(desk: Desk) -> dict[str, Any]:
    row = store.find("crm/Accounts", desk.division.code, desk.supplier)
    assert row
    store.put("crm/Accounts", desk.division.code, {**row.data, "Blocked": True})
    return {}


def line(desk: Desk, **values: Any) -> dict[str, Any]:
    (known,) = desk.entry()["PurchaseEntryLines"]
    return {"PurchaseEntryLines": [{**known, **values}]}


REFUSALS = [
    (closed_period, Cause.PERIOD_CLOSED),
    (lambda _desk: {"EntryDate": "2040-01-01"}, Cause.PERIOD_CLOSED),
    (lambda desk: line(desk, VATCode="ZZZ"), Cause.NO_VAT_CODE),
    (lambda desk: line(desk, VATCode="20"), Cause.NO_VAT_CODE),
    (lambda desk: line(desk, GLAccount="00000000-0000-4000-8000-000000000001"), Cause.NO_GL_ACCOUNT),
    (no_cost_centre, Cause.COST_CENTRE_MISSING),
    (blocked_supplier, Cause.SUPPLIER_BLOCKED),
    (lambda _desk: {"Journal": "ZZ"}, Cause.REJECTED_BY_EXACT),
]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("prepare", "cause"), REFUSALS)
def test_a_refusal_keeps_exacts_words_and_the_cause_they_mean(
    desk: Desk, prepare: Any, cause: str, language: str
) -> None:
    switches.speak(language)
    posting = carry(desk.posting(entry=prepare(desk)))
    assert (posting.state, posting.cause) == (PostingState.REFUSED, cause), posting.words
    assert posting.words
    assert posting.steps["entry"]["state"] == "refused"
    assert desk.of(posting)[ENTRIES] == []


def test_a_refused_document_is_refused_before_anything_else_is_sent(desk: Desk) -> None:
    posting = desk.posting()
    posting.plan["steps"][0]["payload"]["Account"] = "00000000-0000-4000-8000-000000000001"
    posting.save(update_fields=["plan"])
    assert carry(posting).state == PostingState.REFUSED
    assert posted() == posted(DOCUMENTS) == 1


def test_after_a_refusal_the_next_attempt_uses_the_document_that_is_there(desk: Desk) -> None:
    posting = desk.posting(entry={"Journal": "ZZ"})
    carry(posting)
    fresh = again(posting)
    fresh.plan["steps"][2]["payload"]["Journal"] = "60"
    fresh.state, fresh.finished_at = PostingState.WAITING, None
    fresh.save(update_fields=["plan", "state", "finished_at"])
    assert carry(posting).state == PostingState.DONE
    assert_once(desk, posting)


def test_a_division_that_is_not_granted_writes_nothing_and_is_not_looked_for(desk: Desk) -> None:
    posting = desk.posting()
    switches.grant([])
    with pytest.raises(Unauthorised):
        carry(posting)
    assert again(posting).steps["document"]["state"] == "unsent"


def test_the_lease_is_renewed_before_each_write_and_a_lost_one_stops_before_it(desk: Desk) -> None:
    class Lost(Exception):
        """Another process holds the division."""

    posting, renewals = again(desk.posting()), []

    def renew() -> None:
        renewals.append(posted())
        if len(renewals) == 3:
            raise Lost

    with pytest.raises(Lost):
        carry_out(posting, Exact(posting.division), renew)
    assert renewals == [0, 1, 2]
    assert "entry" not in again(posting).steps


def test_bytes_that_the_archive_lost_are_not_taken_for_sent(desk: Desk) -> None:
    posting = desk.posting()
    original = Original.objects.get(pk=posting.plan["steps"][1]["original"])
    storages["originals"].delete(original.content_name)
    with pytest.raises(FileNotFoundError):
        carry(posting)
    assert "attachment" not in again(posting).steps
