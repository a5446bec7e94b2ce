"""Cases about changed accounts: opened once, called about, decided by a second person."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core import clock
from apps.exact.models import Relation
from apps.people.models import User
from apps.vendors import iban_cases, numbers_to_call
from apps.vendors.evidence import Card
from apps.vendors.iban_cases import CaseRefused, accept, open_cases, record_call, reject, reopen
from apps.vendors.models import CaseState, IBANCase, NumberSource
from tests.bells import calls, rung
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, RelationFactory
from tests.people.factories import UserFactory
from tests.vendors.factories import IBANCaseFactory

pytestmark = pytest.mark.django_db

NEW, OTHER, OLD = "NL91ABNA0417164300", "NL20INGB0001234567", "NL47BUNQ0649621411"
PHONE = "020-1234567"


def card() -> Card:
    return Card(str(uuid4()), "10023", "Anker en Touw B.V.", usable=True)


@pytest.fixture
def relation() -> Relation:
    made: Relation = RelationFactory(
        division=DivisionFactory(administration=AdministrationFactory()), phone=PHONE
    )
    return made


@pytest.fixture
def case(relation: Relation) -> IBANCase:
    made: IBANCase = IBANCaseFactory(
        administration=relation.division.administration, supplier=relation.exact_id
    )
    return made


def called(case: IBANCase, by: User, **how: Any) -> None:
    record_call(case, **{"by": by, "number": PHONE, "source": "card", "spoke_to": "Ada", **how})


# opening


def test_a_case_is_opened_once_for_each_account_and_rings_once() -> None:
    administration, supplier = AdministrationFactory(), card()
    first = open_cases(administration, supplier, [NEW, OTHER, NEW], part=None, known={OLD})
    rings = [call for case in first for call in calls("account_asked", case.pk)]
    assert rung() == rings
    again = open_cases(administration, supplier, [NEW], part=None, known=set())
    assert [one.iban for one in first] == [NEW, OTHER]
    assert again == [first[0]]
    assert (first[0].known, first[0].supplier_name) == ([OLD], supplier.name)
    assert rung() == rings
    assert first[0].history.count() == 1


def test_the_same_account_of_another_supplier_or_administration_is_another_case() -> None:
    one, administration = card(), AdministrationFactory()
    for books, supplier in ((administration, one), (administration, card()), (AdministrationFactory(), one)):
        open_cases(books, supplier, [NEW], part=None, known={OLD})
    assert IBANCase.objects.count() == 3


def test_an_account_as_long_as_a_document_can_make_it_is_one_case() -> None:
    administration, supplier = AdministrationFactory(), card()
    for _ in range(2):
        open_cases(administration, supplier, ["X" * 200], part=None, known={OLD})
    assert len(IBANCase.objects.get().iban) == iban_cases.LONGEST


@pytest.mark.django_db(transaction=True)
def test_workers_that_open_the_same_case_at_the_same_time_open_one() -> None:
    administration, supplier, gate = AdministrationFactory(), card(), threading.Barrier(4)

    def run(_number: int) -> int:
        gate.wait()
        try:
            (made,) = open_cases(administration, supplier, [NEW], part=None, known={OLD})
            return made.pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        keys = set(pool.map(run, range(4)))
    (key,) = keys
    assert IBANCase.objects.get().pk == key
    assert rung() == calls("account_asked", key)


def test_open_cases_go_with_the_division_and_decided_ones_stay(case: IBANCase) -> None:
    decided = IBANCaseFactory(accepted=True, administration=case.administration)
    elsewhere = IBANCaseFactory()
    iban_cases.forget_open(case.administration)
    assert set(IBANCase.objects.all()) == {decided, elsewhere}


# calling


def test_a_call_is_kept_with_who_called_whom_at_which_number(case: IBANCase) -> None:
    person = UserFactory()
    called(case, person, note="in the morning")
    case.refresh_from_db()
    assert (case.state, case.called_by, case.called_number) == (CaseState.CALLED, person, PHONE)
    assert (case.number_source, case.spoke_to, case.note) == (NumberSource.CARD, "Ada", "in the morning")
    change = case.history.latest()
    assert (change.history_user, change.state) == (person, CaseState.CALLED)
    assert PHONE in change.history_change_reason


@pytest.mark.parametrize(
    "how",
    [
        {"number": ""},
        {"number": "  "},
        {"number": "n.v.t."},
        {"spoke_to": " "},
        {"number": "010-7654321"},
        {"source": ""},
        {"source": "invoice"},
        {"source": "known"},
        {"source": "known", "note": " "},
        {
            "source": "known",
            "note": "says the invoice",
            "number": "06 12345678",
            "on_documents": ["+31 6 12 34 56 78"],
        },
    ],
    ids=str,
)
def test_a_call_that_proves_nothing_is_refused_and_changes_nothing(
    case: IBANCase, how: dict[str, Any]
) -> None:
    with pytest.raises(CaseRefused, match=r"\."):
        called(case, UserFactory(), **how)
    case.refresh_from_db()
    assert (case.state, case.history.count()) == (CaseState.OPEN, 1)


@pytest.mark.parametrize(
    "how",
    [
        {"number": "+31 (0)20 123 45 67"},
        {"on_documents": [PHONE]},  # it stands on the card as well: nobody forged that
        {"number": "06-12345678", "source": "known", "note": "from the contract of 2024"},
    ],
    ids=str,
)
def test_a_number_of_the_card_or_one_we_had_counts(case: IBANCase, how: dict[str, Any]) -> None:
    called(case, UserFactory(), **how)
    assert case.state == CaseState.CALLED


def test_without_a_telephone_on_the_card_no_number_is_the_cards(case: IBANCase, relation: Relation) -> None:
    Relation.objects.update(phone="")
    with pytest.raises(CaseRefused):
        called(case, UserFactory())
    called(case, UserFactory(), source="known", note="from the yearbook")
    assert case.state == CaseState.CALLED


@pytest.mark.parametrize("values", [{"gone_at": "now"}, {"blocked": True}], ids=str)
def test_a_card_that_is_gone_or_blocked_by_now_can_still_be_called(
    case: IBANCase, relation: Relation, values: dict[str, Any]
) -> None:
    values = {name: clock.now() if value == "now" else value for name, value in values.items()}
    Relation.everything.update(**values)
    assert numbers_to_call.card_of(case) == relation
    called(case, UserFactory())
    assert case.state == CaseState.CALLED


# deciding


def test_a_second_person_accepts_and_the_account_is_learned(case: IBANCase) -> None:
    first, second = UserFactory(), UserFactory()
    called(case, first)
    with pytest.raises(CaseRefused):
        accept(case, by=first)
    accept(case, by=second)
    assert (case.state, case.decided_by) == (CaseState.ACCEPTED, second)
    assert iban_cases.accepted(case.administration, case.supplier) == {case.iban}
    assert iban_cases.standing(case.administration, case.supplier) == []
    assert [change.history_user for change in case.history.order_by("pk")] == [None, first, second]
    assert iban_cases.factoring() == frozenset()


def test_an_account_of_a_factoring_company_is_known_in_the_whole_firm(case: IBANCase) -> None:
    called(case, UserFactory())
    accept(case, by=UserFactory(), is_factoring=True)
    assert iban_cases.factoring() == {case.iban}
    assert iban_cases.accepted(AdministrationFactory(), case.supplier) == frozenset()
    reopen(case, by=UserFactory(), note="it is not")
    assert iban_cases.factoring() == frozenset()


def test_nobody_accepts_before_a_call(case: IBANCase) -> None:
    with pytest.raises(CaseRefused):
        accept(case, by=UserFactory())
    assert case.history.count() == 1


def test_nobody_accepts_after_the_one_who_called_is_gone(case: IBANCase) -> None:
    person = UserFactory()
    called(case, person)
    person.delete()
    case.refresh_from_db()
    with pytest.raises(CaseRefused):
        accept(case, by=UserFactory())


def test_one_person_may_reject_and_says_why(case: IBANCase) -> None:
    person = UserFactory()
    called(case, person)
    with pytest.raises(CaseRefused):
        reject(case, by=person, note=" ")
    reject(case, by=person, note="They know of no other account.")
    assert (case.state, case.decided_by) == (CaseState.REJECTED, person)
    assert iban_cases.standing(case.administration, case.supplier) == [case]
    assert iban_cases.accepted(case.administration, case.supplier) == frozenset()


@pytest.mark.parametrize("trait", ["called", "accepted", "rejected"])
def test_what_was_decided_can_be_reopened_and_begins_anew(trait: str) -> None:
    case = IBANCaseFactory(**{trait: True})
    with pytest.raises(CaseRefused):
        reopen(case, by=UserFactory(), note="")
    reopen(case, by=UserFactory(), note="nobody answered")
    assert (case.state, case.called_by, case.called_number, case.decided_at) == (
        CaseState.OPEN,
        None,
        "",
        None,
    )
    with pytest.raises(CaseRefused):
        reopen(case, by=UserFactory(), note="again")


ACTS: dict[str, Callable[[IBANCase], None]] = {
    "call": lambda case: called(case, UserFactory(), source="known", note="contract"),
    "accept": lambda case: accept(case, by=UserFactory()),
    "reject": lambda case: reject(case, by=UserFactory(), note="no"),
}


@pytest.mark.parametrize("trait", ["accepted", "rejected"])
@pytest.mark.parametrize("act", sorted(ACTS))
def test_what_is_decided_stays_decided(trait: str, act: str) -> None:
    case = IBANCaseFactory(**{trait: True})
    with pytest.raises(CaseRefused):
        ACTS[act](case)


@pytest.mark.parametrize("act", ["accept", "reject"])
def test_who_decides_on_what_a_colleague_changed_is_told(case: IBANCase, act: str) -> None:
    called(case, UserFactory())
    stale = IBANCase.objects.get(pk=case.pk)
    reopen(case, by=UserFactory(), note="another number")
    called(case, UserFactory())  # in the same state again, and yet another call
    with pytest.raises(CaseRefused):
        ACTS[act](stale)
    case.refresh_from_db()
    assert case.state == CaseState.CALLED


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_decide_at_the_same_time_one_does() -> None:
    case, gate = IBANCaseFactory(called=True), threading.Barrier(2)
    rows = [IBANCase.objects.get(pk=case.pk) for _ in range(2)]

    def run(act: str) -> bool:
        row = rows.pop()
        gate.wait()
        try:
            ACTS[act](row)
        except CaseRefused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, ["accept", "reject"])) == [False, True]
    assert case.history.count() == 2


STEPS = st.lists(
    st.tuples(st.sampled_from(["call", "accept", "reject", "reopen"]), st.integers(0, 2)), max_size=14
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_people_do_nobody_ever_calls_and_accepts(steps: list[tuple[str, int]]) -> None:
    case, people = IBANCaseFactory(), [UserFactory() for _ in range(3)]
    for act, number in steps:
        by = people[number]
        try:
            if act == "call":
                called(case, by, source="known", note="contract")
            elif act == "accept":
                accept(case, by=by)
            else:
                {"reject": reject, "reopen": reopen}[act](case, by=by, note="because")
        except CaseRefused:
            continue
    changes = list(case.history.order_by("pk"))
    for change in changes:
        if change.state == CaseState.ACCEPTED:
            assert change.called_by_id != change.decided_by_id == change.history_user_id
    assert (case.state == CaseState.ACCEPTED) == bool(iban_cases.accepted(case.administration, case.supplier))


# what the database itself refuses


@pytest.mark.parametrize(
    "values",
    [
        {"state": CaseState.CALLED},
        {"state": CaseState.ACCEPTED, "decided_at": "now"},
        {"state": CaseState.REJECTED},
        {"decided_at": "now"},
    ],
    ids=str,
)
def test_the_database_holds_no_half_case(values: dict[str, Any]) -> None:
    case = IBANCaseFactory()
    values = {name: clock.now() if value == "now" else value for name, value in values.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        IBANCase.objects.filter(pk=case.pk).update(**values)


def test_the_database_takes_no_acceptance_by_the_one_who_called() -> None:
    case = IBANCaseFactory(called=True)
    values = {"state": CaseState.ACCEPTED, "decided_by": case.called_by, "decided_at": clock.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        IBANCase.objects.filter(pk=case.pk).update(**values)


def test_the_database_takes_no_second_case_about_an_account(case: IBANCase) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        IBANCaseFactory(administration=case.administration, supplier=case.supplier, iban=case.iban)
