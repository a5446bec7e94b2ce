"""Each call of a posting is kept with Exact's answer, and nothing else is."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core.http import OutcomeUnknown, Rejected, Temporary
from apps.exact.budget import Purpose
from apps.exact.client import Exact
from apps.posting.models import Posting, PostingCall
from apps.posting.recording import LOOK, recorded
from apps.posting.steps import carry_out
from apps.sandbox import faults, switches, time
from tests.posting.conftest import ATTACHMENTS, DOCUMENTS, ENTRIES, Desk, again

pytestmark = pytest.mark.django_db


def held() -> None:
    """The lease of the division is still ours."""


def carry(posting: Posting) -> None:
    fresh = again(posting)
    carry_out(fresh, Exact(fresh.division), held)


def calls(posting: Posting, *fields: str) -> list[tuple[Any, ...]]:
    return list(posting.calls.order_by("pk").values_list(*fields))


def test_each_write_is_kept_with_the_answer(desk: Desk) -> None:
    posting = desk.posting()
    carry(posting)
    assert calls(posting, "verb", "step", "resource", "status") == [
        ("POST", "document", DOCUMENTS, 201),
        ("POST", "attachment", ATTACHMENTS, 201),
        ("POST", "entry", ENTRIES, 201),
    ]
    entry = posting.calls.get(step="entry")
    assert entry.answer["EntryID"] == str(again(posting).exact_id)
    assert "PurchaseEntryLines" not in entry.answer
    assert entry.words == ""


def test_a_refusal_is_kept_with_its_words(desk: Desk) -> None:
    posting = desk.posting(entry={"Journal": "no such journal"})
    carry(posting)
    refused = posting.calls.get(step="entry")
    assert refused.status >= 400
    assert refused.words == again(posting).words != ""


def test_a_call_without_an_answer_has_status_nought_and_the_look_after_it_is_kept(desk: Desk) -> None:
    posting = desk.posting()
    faults.arm("dropped_answer", path=ENTRIES, method="POST")
    with pytest.raises(OutcomeUnknown):
        carry(posting)
    assert posting.calls.get(step="entry").status == 0
    time.advance(timedelta(minutes=2))
    carry(posting)
    look = posting.calls.get(step=LOOK)
    assert (look.verb, look.resource, look.status, look.answer) == ("GET", ENTRIES, 200, {"rows": 1})


def test_what_the_budget_kept_back_is_no_call(desk: Desk) -> None:
    posting = desk.posting()
    switches.change(minute_limit=1)
    exact = recorded(Exact(desk.division, Purpose.POSTING), posting)
    with pytest.raises(Temporary):
        for _call in range(3):
            exact.find(ENTRIES, filter="EntryNumber eq 1", select=("EntryID",))
    assert posting.calls.count() == exact.calls < 3


def test_a_deletion_is_kept_too(desk: Desk) -> None:
    posting = desk.posting()
    carry(posting)
    posting = again(posting)
    exact = recorded(Exact(desk.division), posting)
    assert posting.exact_id
    exact.delete(ENTRIES, posting.exact_id)
    with pytest.raises(Rejected):
        exact.delete(ENTRIES, posting.exact_id)
    assert calls(posting, "verb", "status")[-2:] == [("DELETE", 204), ("DELETE", 404)]
    steps = PostingCall.objects.filter(verb="DELETE").values_list("step", flat=True)
    assert list(steps) == ["entry", "entry"]
