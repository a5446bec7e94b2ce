"""The outbox row: what is due, in which order, and what each act keeps."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from apps.core import clock
from apps.core.causes import Cause
from apps.posting.models import OPEN, Posting, PostingState
from tests.clients.factories import AdministrationFactory, AssignmentFactory
from tests.exact.factories import DivisionFactory
from tests.people.factories import UserFactory
from tests.posting.conftest import again
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db


def test_the_most_urgent_comes_first_and_what_has_no_due_date_last() -> None:
    none, late, soon = (PostingFactory(due_date=day) for day in (None, date(2026, 12, 1), date(2026, 10, 1)))
    assert list(Posting.objects.due(clock.now())) == [soon, late, none]


@pytest.mark.parametrize("state", OPEN)
def test_an_open_posting_is_due_when_its_time_has_come(state: str) -> None:
    posting = PostingFactory(state=state)
    assert list(Posting.objects.due(clock.now())) == [posting]
    assert not Posting.objects.due(clock.now() - timedelta(minutes=1)).exists()
    assert Posting.objects.due(datetime.max.replace(tzinfo=UTC)).exists()


def test_a_finished_posting_is_never_due() -> None:
    PostingFactory(state=PostingState.DONE, finished_at=clock.now(), exact_id=uuid4())
    PostingFactory(state=PostingState.REFUSED, finished_at=clock.now(), cause=Cause.NO_VAT_CODE)
    assert not Posting.objects.due(clock.now()).exists()
    assert not Posting.objects.open().exists()


def test_an_attempt_is_counted_before_it_is_made() -> None:
    posting = PostingFactory()
    posting.claim()
    assert (again(posting).state, again(posting).attempts, posting.attempts) == (PostingState.SENDING, 1, 1)


def test_a_kept_step_is_stored_at_once_and_adds_to_what_was_known() -> None:
    posting = PostingFactory()
    posting.keep("document", state="started")
    assert again(posting).asked_at
    posting.keep("document", state="done", id="x")
    posting.keep("entry", state="refused")
    assert again(posting).steps == {"document": {"state": "done", "id": "x"}, "entry": {"state": "refused"}}


def test_only_a_write_that_begins_moves_the_moment_of_asking() -> None:
    asked = clock.now() - timedelta(hours=1)
    posting = PostingFactory(asked_at=asked)
    posting.keep("entry", state="done", id="x")
    assert again(posting).asked_at == asked


def test_a_result_is_kept_for_good_and_clears_the_words() -> None:
    posting, key = PostingFactory(words="no answer", state=PostingState.UNCLEAR), uuid4()
    posting.finish(exact_id=str(key), number="26700001", url="https://exact.example", adopted=True)
    kept = again(posting)
    assert (kept.state, kept.exact_id, kept.exact_number, kept.adopted, kept.words) == (
        PostingState.DONE,
        key,
        "26700001",
        True,
        "",
    )
    assert kept.finished_at


def test_a_refusal_keeps_exacts_words_and_the_cause() -> None:
    posting = PostingFactory()
    posting.refuse(cause=Cause.NO_VAT_CODE, words="Ongeldige referentie: Btw-code")
    kept = again(posting)
    assert (kept.state, kept.cause, kept.words) == (
        PostingState.REFUSED,
        Cause.NO_VAT_CODE,
        "Ongeldige referentie: Btw-code",
    )


@pytest.mark.parametrize(
    "values",
    [
        {"state": PostingState.DONE},
        {"state": PostingState.DONE, "exact_id": uuid4()},
        {"state": PostingState.REFUSED, "finished_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"finished_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
def test_the_database_refuses_a_state_without_what_it_implies(values: dict[str, object]) -> None:
    posting = PostingFactory()
    with pytest.raises(IntegrityError):
        Posting.objects.filter(pk=posting.pk).update(**values)


def test_postings_are_seen_by_those_who_work_for_the_client() -> None:
    administration = AdministrationFactory()
    posting = PostingFactory(division=DivisionFactory(administration=administration))
    assert not Posting.objects.visible_to(UserFactory()).exists()
    mine = AssignmentFactory(client=administration.client).user
    assert list(Posting.objects.visible_to(mine)) == [posting]
