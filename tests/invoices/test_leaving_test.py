"""The end of a trial in a test division: what is decided at once."""

from typing import Any

import pytest

from apps.clients.models import Mode
from apps.exact.models import Division
from apps.invoices.due import divisions_with_work
from apps.invoices.going_live import Refused as CannotGoLive
from apps.invoices.going_live import go_live
from apps.invoices.leaving_test import Contradicts, leave, offered
from apps.invoices.marking import Refused, mark
from apps.invoices.models import Leaving, State
from apps.invoices.processing import end_tests
from apps.people.models import Role, User
from apps.rules.models import VATTable
from apps.vendors.models import IBANCase, Question
from tests.bells import calls, forget, rung
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory
from tests.invoices.conftest import coded
from tests.invoices.documents import anonymous, xml
from tests.invoices.factories import InvoiceFactory
from tests.invoices.trials import Trial, booked, make_trial, read
from tests.people.factories import UserFactory
from tests.posting.factories import PostingFactory
from tests.vendors.factories import IBANCaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial() -> Trial:
    return make_trial()


@pytest.fixture
def owner() -> User:
    made: User = UserFactory(role=Role.ADMINISTRATOR)
    return made


def test_from_now_on_it_is_on_pilot_in_the_real_division(trial: Trial, owner: User) -> None:
    forget()
    leave(trial.administration, trial.real, by=owner)
    administration = trial.administration
    assert (administration.mode, administration.purchase_journal) == (Mode.PILOT, "")
    assert Division.objects.get(administration=administration) == trial.real
    assert trial.test.administration is None
    row = administration.history.first()
    assert row.history_user == owner
    assert trial.test.name in row.history_change_reason
    left, real = trial.test.pk, trial.real.pk
    linked = [*calls("division_linked", left), *calls("division_linked", real)]
    own = [*calls("test_left", real), *calls("apps.exact.tasks.sync_division", real)]
    assert sorted(rung()) == sorted([*linked, *own])


def test_what_was_confirmed_with_the_codes_of_the_test_division_is_forgotten(
    trial: Trial, owner: User
) -> None:
    coded(anonymous())
    assert VATTable.objects.filter(confirmed_at__isnull=False).exists()
    assert Question.objects.exists()
    IBANCaseFactory(administration=trial.administration)
    decided = IBANCaseFactory(administration=trial.administration, accepted=True)
    leave(trial.administration, trial.real, by=owner)
    assert not VATTable.objects.exists()
    assert not Question.objects.exists()
    assert list(IBANCase.objects.all()) == [decided]  # the open one was about a card of the test division


@pytest.mark.parametrize("count", [1, 3])
def test_it_waits_for_what_is_under_way(trial: Trial, owner: User, count: int) -> None:
    for _each in range(count):
        InvoiceFactory(
            administration=trial.administration,
            state=State.POSTING,
            posting=PostingFactory(division=trial.test),
        )
    with pytest.raises(Refused, match=rf"^{count} document"):
        leave(trial.administration, trial.real, by=owner)
    assert trial.test.administration == trial.administration
    assert trial.administration.mode == Mode.AUTOMATIC
    assert not Leaving.objects.exists()


@pytest.mark.parametrize(
    "change", [{"is_test": True}, {"connection": None}, {"administration": "another"}], ids=str
)
def test_the_real_division_is_free_reached_and_no_test(
    trial: Trial, owner: User, change: dict[str, Any]
) -> None:
    if "administration" in change:
        change = {"administration": AdministrationFactory()}
    Division.objects.filter(pk=trial.real.pk).update(**change)
    assert trial.real not in offered(owner)
    with pytest.raises(Refused):
        leave(trial.administration, trial.real, by=owner)
    assert trial.test.administration == trial.administration


def test_divisions_are_offered_to_who_may_see_them(trial: Trial, owner: User) -> None:
    assert list(offered(owner)) == [trial.real]
    assert not offered(UserFactory(role=Role.BOOKKEEPER)).exists()


def test_another_companys_division_is_taken_only_when_somebody_confirms(trial: Trial, owner: User) -> None:
    Division.objects.filter(pk=trial.real.pk).update(chamber_of_commerce="64134164")
    with pytest.raises(Contradicts) as refusal:
        leave(trial.administration, trial.real, by=owner)
    assert "64134164" in str(refusal.value)
    assert "17131139" in str(refusal.value)
    leave(trial.administration, trial.real, by=owner, confirmed=True)
    assert Division.objects.get(administration=trial.administration) == trial.real


def test_only_a_trial_can_be_left_and_only_once(trial: Trial, owner: User) -> None:
    leave(trial.administration, trial.real, by=owner)
    with pytest.raises(Refused):
        leave(trial.administration, DivisionFactory(), by=owner)
    assert Leaving.objects.count() == 1


def test_nothing_is_booked_before_the_documents_started_again(trial: Trial, owner: User) -> None:
    invoice = coded(xml())
    assert invoice.state == State.READY
    assert divisions_with_work() == [trial.test]
    leave(trial.administration, trial.real, by=owner)
    administration = trial.administration
    administration.mode = Mode.AUTOMATIC  # somebody who does not wait for the pilot
    administration.save(update_fields=["mode"])
    assert divisions_with_work() == []


def test_the_pilot_there_ends_no_sooner_than_it_began(trial: Trial, owner: User) -> None:
    leave(trial.administration, trial.real, by=owner)
    read(trial.real)
    with pytest.raises(CannotGoLive, match="nog herkend"):
        go_live(trial.administration, by="Rosa")
    assert trial.administration.mode == Mode.PILOT


def test_the_wrong_division_is_left_only_after_the_documents_arrived_there(trial: Trial, owner: User) -> None:
    invoice = booked(coded(xml()), trial.test)
    leave(trial.administration, trial.real, by=owner)
    with pytest.raises(Refused, match="nog herkend"):
        mark(trial.real, is_test=True, by=owner)  # it was the wrong one
    trial.real.mark(is_test=True)
    right = DivisionFactory(connection=trial.real.connection)
    with pytest.raises(Refused, match="nog herkend"):
        leave(trial.administration, right, by=owner)
    read(trial.real)
    end_tests()
    leave(trial.administration, right, by=owner)
    invoice.refresh_from_db()
    assert invoice.posting is None
