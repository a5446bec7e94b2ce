"""A supplier that is merged, blocked or deleted in Exact turns its mappings into questions."""

from datetime import UTC, datetime

import pytest

from apps.exact.models import Division, Relation
from apps.vendors import stale, tasks
from apps.vendors.models import Mapping, Question, QuestionKind
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, RelationFactory
from tests.vendors.factories import MappingFactory

pytestmark = pytest.mark.django_db

GONE_AT = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def division() -> Division:
    made: Division = DivisionFactory(administration=AdministrationFactory())
    return made


def mapping_to(relation: Relation, **values: object) -> Mapping:
    made: Mapping = MappingFactory(
        administration=relation.division.administration,
        supplier=relation.exact_id,
        supplier_name=relation.name,
        **values,
    )
    return made


def test_a_supplier_that_may_be_booked_on_asks_nothing(division: Division) -> None:
    mapping_to(RelationFactory(division=division))
    assert stale.ask_about(division) == 0
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"gone_at": GONE_AT}, QuestionKind.GONE),
        ({"blocked": True}, QuestionKind.BLOCKED),
        ({"is_supplier": False}, QuestionKind.BLOCKED),
    ],
    ids=["gone", "blocked", "no supplier"],
)
def test_a_mapping_to_a_card_that_is_no_supplier_any_more_becomes_a_question(
    division: Division, values: dict[str, object], kind: str
) -> None:
    mapping = mapping_to(RelationFactory(division=division, **values))
    assert stale.ask_about(division) == 1
    assert stale.ask_about(division) == 1  # the same question
    question = Question.objects.get()
    assert (question.kind, question.identity) == (kind, f"{mapping.kind} {mapping.value}")
    assert question.name == mapping.supplier_name


def test_after_a_merge_the_card_that_has_the_number_now_is_the_first_candidate(division: Division) -> None:
    old = RelationFactory(division=division, name="Anker B.V.", gone_at=GONE_AT)
    merged = RelationFactory(division=division, name="Anker en Touw B.V.", chamber_of_commerce="34567892")
    mapping_to(old, kind="kvk", value="34567892")
    tasks.ask_about_stale(division.pk)
    assert [one["supplier"] for one in Question.objects.get().candidates] == [str(merged.exact_id)]


def test_a_card_of_the_same_name_is_proposed_where_no_number_tells(division: Division) -> None:
    old = RelationFactory(division=division, name="Anker en Touw B.V.", gone_at=GONE_AT)
    new = RelationFactory(division=division, name="Anker & Touw BV")
    mapping_to(old, kind="name", value="anker en touw")
    stale.ask_about(division)
    assert [one["supplier"] for one in Question.objects.get().candidates] == [str(new.exact_id)]


def test_what_was_taken_back_or_meant_one_document_asks_nothing(division: Division) -> None:
    gone = RelationFactory(division=division, gone_at=GONE_AT)
    mapping_to(gone, forgotten_at=GONE_AT)
    mapping_to(gone, kind="document", value="7", scope="document")
    assert stale.ask_about(division) == 0
