"""Questions about vendors, and the answers that are never asked for again."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connections

from apps.exact.models import Relation
from apps.vendors import learning
from apps.vendors.evidence import Card, Decision, Key, Match, Outcome, Vendor
from apps.vendors.learning import answer, ask, identity_of, remember, remembered
from apps.vendors.matching import SupplierIndex
from apps.vendors.models import Mapping, Question, QuestionKind, Scope
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, RelationFactory
from tests.intake.factories import PartFactory
from tests.people.factories import UserFactory
from tests.vendors.factories import MappingFactory, QuestionFactory

pytestmark = pytest.mark.django_db

KVK, VAT = Key("kvk", "34567892"), Key("vat", "NL897620458B01")
UNKNOWN = Match(Outcome.UNKNOWN)


def test_a_vendor_is_known_by_its_strongest_number_else_by_its_name() -> None:
    assert identity_of([VAT, KVK], "Anker") == VAT
    assert identity_of([], "  Anker   en TOUW ") == Key("name", "anker en touw")


def test_a_name_that_grows_by_case_folding_is_found_again() -> None:
    administration = AdministrationFactory()
    identity = identity_of([], "ß" * 255)
    remember(administration, identity, RelationFactory(), by=UserFactory())
    assert identity in remembered(administration, [identity])


def test_what_was_decided_counts_in_its_own_administration_and_for_its_own_kind() -> None:
    mapping = MappingFactory(kind="kvk", value="34567892")
    MappingFactory(kind="kvk", value="34567892")
    MappingFactory(administration=mapping.administration, kind="oin", value="34567892")
    found = remembered(mapping.administration, [KVK, VAT])
    assert found == {KVK: Decision(str(mapping.supplier), source=mapping.pk)}


def test_asking_twice_keeps_one_question_and_shows_the_candidates_of_today() -> None:
    administration = AdministrationFactory()
    first = ask(administration, identity=KVK, name="Anker", party={"vat": "x"}, match=UNKNOWN)
    cards = [Card(str(n), str(n), f"Card {n}", True, frozenset({KVK if n < 3 else VAT})) for n in range(5)]
    conflict = SupplierIndex.build(cards).match(Vendor(keys=(VAT, KVK)))
    second = ask(administration, identity=KVK, name="Anker again", party={}, match=conflict)
    assert second.pk == first.pk
    assert second.kind == QuestionKind.CONFLICT
    assert len(second.candidates) == learning.SHOWN_CANDIDATES
    assert second.shown[0]["evidence"]
    assert (second.name, second.party["vat"]) == ("Anker", "x")


def test_another_administration_is_asked_by_itself() -> None:
    for administration in (AdministrationFactory(), AdministrationFactory()):
        ask(administration, identity=KVK, name="Anker", party={}, match=UNKNOWN)
    assert Question.objects.open().count() == 2


def test_an_answer_is_remembered_with_who_gave_it_and_its_history() -> None:
    question, person = QuestionFactory(), UserFactory()
    kind, value = question.party["identity"]
    relation = RelationFactory()
    assert answer(question, relation, by=person)
    mapping = Mapping.objects.get(administration=question.administration, kind=kind, value=value)
    assert (mapping.supplier, mapping.learned_from) == (relation.exact_id, person)
    other = remember(question.administration, Key(kind, value), RelationFactory(), by=person)
    mapping.refresh_from_db()
    assert (mapping.forgotten_by, mapping.history.count()) == (person, 2)
    assert list(Mapping.objects.valid()) == [other]
    question.refresh_from_db()
    assert question.supplier == relation.exact_id
    assert not Question.objects.open().exists()


def test_the_second_answer_loses_and_changes_nothing() -> None:
    question, relation = QuestionFactory(), RelationFactory()
    assert answer(question, relation, by=UserFactory())
    assert not answer(question, RelationFactory(), by=UserFactory())
    assert Mapping.objects.get().supplier == relation.exact_id


def test_an_answered_question_may_be_asked_again() -> None:
    question = QuestionFactory()
    answer(question, RelationFactory(), by=UserFactory())
    again = ask(
        question.administration,
        identity=Key(*question.party["identity"]),
        name="Anker",
        party={},
        match=UNKNOWN,
    )
    assert again.pk != question.pk


def test_what_was_learned_is_carried_over_to_the_same_card_of_another_division() -> None:
    before, now = DivisionFactory(), DivisionFactory()
    card = {"code": "10023", "name": "Anker B.V.", "chamber_of_commerce": "34567892"}
    old, new = RelationFactory(division=before, **card), RelationFactory(division=now, **card)
    mapping = MappingFactory(supplier=old.exact_id)
    kept = learning.carry_over(mapping.administration, before=before, now=now)
    mapping.refresh_from_db()
    assert (kept, mapping.supplier, mapping.supplier_name) == ((1, 0), new.exact_id, "Anker B.V.")
    assert learning.carry_over(mapping.administration, before=before, now=now) == (0, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"code": "10024"},
        {"name": "Touw B.V."},
        {"chamber_of_commerce": "64134164"},
        {"vat_number": "NL897620458B01"},
        {"is_supplier": False},
        {"blocked": True},
    ],
    ids=str,
)
def test_what_may_be_another_card_is_forgotten_and_asked_again(other: dict[str, object]) -> None:
    before, now = DivisionFactory(), DivisionFactory()
    card = {"code": "10023", "name": "Anker B.V.", "chamber_of_commerce": "34567892"}
    old = RelationFactory(division=before, **card)
    RelationFactory(division=now, **{**card, **other})
    mapping = MappingFactory(supplier=old.exact_id)
    elsewhere = MappingFactory(supplier=old.exact_id)
    assert learning.carry_over(mapping.administration, before=before, now=now) == (0, 1)
    assert list(Mapping.objects.all()) == [elsewhere]


def test_only_open_questions_are_withdrawn() -> None:
    asked = QuestionFactory()
    answered = QuestionFactory(administration=asked.administration)
    answer(answered, RelationFactory(), by=UserFactory())
    learning.forget_questions(asked.administration)
    assert list(Question.objects.all()) == [answered]


def test_an_answer_keeps_what_the_person_saw_and_the_document_it_came_from() -> None:
    part = PartFactory()
    question = QuestionFactory(
        part=part, party={"identity": list(KVK), "keys": [str(VAT), str(KVK)]}, identity=str(KVK)
    )
    mapping = answer(question, RelationFactory(), by=UserFactory())
    assert mapping
    assert (mapping.part, mapping.seen, mapping.scope) == (part, [list(VAT)], Scope.SENDER)
    assert remembered(question.administration, [KVK])[KVK].seen == {VAT}


def test_an_answer_for_one_document_says_nothing_of_the_sender() -> None:
    question = QuestionFactory(part=PartFactory())
    mapping = answer(question, RelationFactory(), by=UserFactory(), scope=Scope.DOCUMENT)
    assert mapping
    key = learning.document_key(question.part_id)
    assert (mapping.kind, mapping.value) == key
    assert set(remembered(question.administration, [key, Key(*question.party["identity"])])) == {key}


def test_the_same_decision_again_changes_nothing() -> None:
    administration, relation = AdministrationFactory(), RelationFactory()
    first = remember(administration, KVK, relation, by=UserFactory())
    assert remember(administration, KVK, relation, by=UserFactory()) == first
    assert first.history.count() == 1


def test_the_same_decision_before_more_numbers_adds_what_was_seen() -> None:
    administration, relation, person = AdministrationFactory(), RelationFactory(), UserFactory()
    iban = Key("iban", "NL47BUNQ0649621411")
    first = remember(administration, KVK, relation, by=person, seen=[KVK, VAT])
    second = remember(administration, KVK, relation, by=person, seen=[KVK, iban])
    assert first == second
    assert remembered(administration, [KVK])[KVK].seen == {VAT, iban}


def test_a_decision_is_taken_back_once_and_stays_to_be_seen() -> None:
    mapping, person = MappingFactory(), UserFactory()
    assert mapping.take_back(by=person)
    assert not mapping.take_back(by=UserFactory())
    mapping.refresh_from_db()
    assert mapping.forgotten_by == person
    assert remembered(mapping.administration, [Key(mapping.kind, mapping.value)]) == {}
    again = remember(mapping.administration, Key(mapping.kind, mapping.value), RelationFactory(), by=person)
    assert again != mapping


def answer_at_once(gate: threading.Barrier, key: Key, question: Question, card: Relation) -> None:
    """Answer in a thread of its own, when all others are ready to."""
    person = UserFactory()
    gate.wait()
    try:
        answer(question, card, by=person, key=key)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_questions_answered_at_once_under_one_number_leave_one_decision() -> None:
    administration = AdministrationFactory()
    cards = RelationFactory.create_batch(2, division=DivisionFactory(administration=administration))
    for number in range(8):
        key, gate = Key("domain", f"{number}.example.nl"), threading.Barrier(2)
        asked = [
            QuestionFactory(
                administration=administration,
                identity=f"kvk {value}",
                party={"identity": ["kvk", value], "keys": [str(key)]},
            )
            for value in (f"1234567{number}", f"2234567{number}")
        ]

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(partial(answer_at_once, gate, key), asked, cards))
        assert Mapping.objects.valid().filter(value=key.value).count() == 1
