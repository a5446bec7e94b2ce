import pytest

from apps.core import clock
from apps.exact.models import SyncPlan, SyncState
from apps.preflight import checking
from apps.preflight.models import Preflight
from apps.sandbox import calls
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, SyncPlanFactory, SyncStateFactory
from tests.preflight.factories import PreflightFactory

pytestmark = pytest.mark.django_db


def test_an_administration_without_a_division_is_judged_without_a_call() -> None:
    kept = checking.check(AdministrationFactory())
    assert [(point["key"], point["case"]) for point in kept.points] == [("connection", "unlinked")]
    assert (kept.score, kept.poor) == (0, 1)
    assert kept.checked_at
    assert calls.count() == 0


def test_asking_keeps_the_wish_and_checking_fulfils_it() -> None:
    administration = AdministrationFactory()
    checking.ask(administration)
    assert Preflight.objects.get(administration=administration).asked_at
    assert checking.check(administration).asked_at is None


def test_it_is_checked_by_itself_once_when_the_first_sync_has_ended() -> None:
    division = DivisionFactory(administration=AdministrationFactory())
    plan = SyncPlanFactory(division=division, began_at=clock.now())
    assert checking.never_checked(division.pk) is None
    SyncPlan.objects.filter(pk=plan.pk).update(ended_at=clock.now())
    assert checking.never_checked(division.pk) == division.administration
    PreflightFactory(administration=division.administration)
    assert checking.never_checked(division.pk) is None


def test_unlinked_books_are_checked_once_more_and_then_left_alone() -> None:
    division, left = DivisionFactory(administration=None), PreflightFactory().administration
    assert checking.made_stale(division.pk) == [left.pk]
    assert checking.check(left).says_unlinked
    assert checking.made_stale(division.pk) == []


def test_what_was_found_in_another_division_is_no_word_on_this_one() -> None:
    kept = PreflightFactory(score=40)
    division = DivisionFactory(administration=kept.administration)
    state = SyncStateFactory(division=division, synced_at=None)
    assert checking.made_stale(division.pk) == []
    blank = Preflight.objects.get(pk=kept.pk)
    assert (list(blank.points), blank.score, blank.checked_at) == ([], None, None)
    SyncPlanFactory(division=division, ended_at=clock.now())
    assert checking.never_checked(division.pk) == kept.administration
    SyncState.objects.filter(pk=state.pk).update(trouble="Forbidden")
    assert checking.made_stale(division.pk) == [kept.administration_id]
