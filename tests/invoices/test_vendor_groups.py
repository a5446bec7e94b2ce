"""The groups of unmapped vendors: what is shown, in which order, and what is filled in for a person to agree with."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.core import clock
from apps.invoices.models import Invoice, State
from apps.invoices.vendor_groups import groups_of, narrowed, waiting
from apps.people.models import Role, User
from apps.vendors.models import QuestionKind
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, RelationFactory
from tests.invoices.factories import InvoiceFactory
from tests.people.factories import UserFactory
from tests.vendors.factories import MappingFactory, QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    made: User = UserFactory(role=Role.ADMINISTRATOR)
    return made


def asked(number: str, documents: int, **values: Any) -> Any:
    """A question with so many waiting documents."""
    administration = (
        values.pop("administration", None)
        or DivisionFactory(administration=AdministrationFactory()).administration
    )
    question = QuestionFactory(administration=administration, number=number, **values)
    for _each in range(documents):
        InvoiceFactory(
            administration=administration,
            question=question,
            state=State.ATTENTION,
            cause="vendor_unknown",
            vendor_key=f"kvk {number}",
        )
    return question


def test_vendors_are_grouped_over_administrations_the_most_documents_first(admin: User) -> None:
    asked("11111111", 1)
    asked("22222222", 2, name="Eneco")
    asked("22222222", 1, name="Eneco")
    asked("33333333", 0)  # nobody waits for it
    first, second = groups_of(waiting(admin), admin)
    assert (first.identity, first.name, first.documents, first.administrations) == (
        "kvk 22222222",
        "Eneco",
        3,
        2,
    )
    assert first.amount == Decimal("363.00")
    assert [row.documents for row in first.rows] == [2, 1]
    assert second.identity == "kvk 11111111"


def test_a_question_about_the_mapping_itself_is_shown_without_documents(admin: User) -> None:
    question = asked("11111111", 0, kind=QuestionKind.GONE)
    assert groups_of(waiting(admin), admin) == []
    MappingFactory(
        administration=question.administration, kind="kvk", value="11111111"
    )  # to a card that is gone
    assert len(groups_of(waiting(admin), admin)) == 1


def test_a_bookkeeper_sees_only_the_own_clients(admin: User) -> None:
    question = asked("11111111", 1)
    asked("11111111", 1)
    person = UserFactory()
    person.assignments.create(client=question.administration.client)
    (group,) = groups_of(waiting(person), person)
    assert [row.question for row in group.rows] == [question]


def test_the_page_can_be_narrowed(admin: User) -> None:
    one = asked("11111111", 1, name="Eneco", asked_at=clock.now() - timedelta(days=5))
    asked("22222222", 3, kind=QuestionKind.CONFLICT)
    every = waiting(admin)
    assert narrowed(every, {"q": "enec"}).get() == one
    assert narrowed(every, {"days": "3"}).get() == one
    assert narrowed(every, {"kind": "conflict"}).count() == 1
    assert narrowed(every, {"administration": str(one.administration_id)}).get() == one
    assert narrowed(every, {"administration": "²", "kind": "x", "days": "x"}).count() == 2
    assert [group.identity for group in groups_of(every, admin, least=Decimal(300))] == ["kvk 22222222"]


def test_what_other_administrations_do_with_this_sender_is_suggested_and_never_applied(admin: User) -> None:
    question = asked("11111111", 1)
    here = RelationFactory(division=question.administration.division, name="Eneco Zakelijk")
    RelationFactory(division=question.administration.division, name="Eneco Zakelijk", blocked=True)
    for _each in range(2):
        MappingFactory(kind="kvk", value="11111111", supplier_name="Eneco Zakelijk")
    InvoiceFactory(vendor_key="kvk 11111111", supplier=here.exact_id, supplier_name="Eneco Zakelijk")
    (group,) = groups_of(waiting(admin), admin)
    (row,) = group.rows
    assert row.chosen == str(here.exact_id)
    assert "3" in row.choices[0].elsewhere
    question.refresh_from_db()
    assert question.answered_at is None


def test_two_different_habits_elsewhere_suggest_nothing(admin: User) -> None:
    question = asked("11111111", 1)
    for name in ("Eneco", "Stedin"):
        RelationFactory(division=question.administration.division, name=name)
        MappingFactory(kind="kvk", value="11111111", supplier_name=name)
    (group,) = groups_of(waiting(admin), admin)
    assert group.rows[0].chosen == ""
    assert len(group.rows[0].choices) == 2
    assert group.undecided == 1


def test_a_name_alone_is_remembered_for_one_document_unless_somebody_says_otherwise(admin: User) -> None:
    question = asked("11111111", 1)
    question.party = {"identity": ["name", "eneco"], "keys": []}
    question.identity = "name eneco"
    question.save(update_fields=["party", "identity"])
    (group,) = groups_of(waiting(admin), admin)
    assert group.is_weak


def test_the_page_costs_as_many_queries_for_many_groups_as_for_few(
    admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        for _each in range(2):
            asked(f"1111{number:04}", 1)
    with django_assert_max_num_queries(8):
        assert len(groups_of(waiting(admin), admin)) == 12
    assert Invoice.objects.count() == 24
