"""The first day of an administration: proposals from the ledger, and accepting them."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.exact.models import Relation
from apps.people.models import Role, User
from apps.vendors import first_day
from apps.vendors.evidence import Key
from apps.vendors.models import Mapping, Origin
from tests import office
from tests.exact.factories import LedgerLineFactory, RelationFactory
from tests.office import Books
from tests.vendors.factories import MappingFactory

pytestmark = pytest.mark.django_db

KVK = "72345678"


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    Mapping.objects.all().delete()
    return made


@pytest.fixture
def user(books: Books) -> User:
    return office.person(Role.BOOKKEEPER, books.client)


def booked(books: Books, card: Relation, times: int, *, days: int = 10, **values: Any) -> None:
    day = clock.today() - timedelta(days=days)
    filled = {"type": 30, "date": day, "division": books.division, **values}
    for _time in range(times):
        header = LedgerLineFactory(relation=card.exact_id, **filled)
        LedgerLineFactory(relation=card.exact_id, line_number=1, entry_id=header.entry_id, **filled)


def twins(books: Books) -> tuple[Relation, Relation]:
    return tuple(RelationFactory.create_batch(2, division=books.division, chamber_of_commerce=KVK))


def look(books: Books) -> Any:
    return first_day.look(books.administration, books.division)


def test_entries_of_last_year_are_counted_once_each(books: Books) -> None:
    first, second = twins(books)
    booked(books, first, 3, days=365)
    booked(books, first, 1, days=2, type=31)
    booked(books, second, 5, days=366)
    booked(books, second, 2, type=20)
    booked(books, second, 2, gone_at=clock.now())
    found = look(books)
    assert (found.booked, found.ready) == (1, 0)
    proposal = found.proposals[0]
    assert (proposal.key, proposal.card.supplier) == (Key("kvk", KVK), str(first.exact_id))
    assert (proposal.booked.times, proposal.booked.last) == (4, clock.today() - timedelta(days=2))


def test_another_division_says_nothing_here(books: Books) -> None:
    other = office.books("Zwijgzaam")
    booked(other, books.relation, 5)
    assert look(books).booked == 0


def test_accepting_remembers_the_chosen_ones_with_who_and_whence(books: Books, user: User) -> None:
    first, _second = twins(books)
    nameless = RelationFactory(division=books.division, name="Zwaluw Dak")
    booked(books, first, 2)
    booked(books, nameless, 3)
    proposals = look(books).proposals
    assert len(proposals) == 2
    token = next(one.token for one in proposals if one.key.kind == "name")
    assert first_day.accept(books.administration, books.division, {token, "made up"}, by=user) == 1
    mapping = Mapping.objects.get()
    assert (mapping.kind, mapping.value, mapping.supplier) == ("name", "zwaluw dak", nameless.exact_id)
    assert (mapping.origin, mapping.learned_from) == (Origin.HISTORY, user)
    assert first_day.accept(books.administration, books.division, {token}, by=user) == 0
    found = look(books)
    assert (found.ready, [one.key.kind for one in found.proposals]) == (1, ["kvk"])


def test_a_decision_of_somebody_else_is_not_overwritten(books: Books, user: User) -> None:
    first, second = twins(books)
    booked(books, first, 2)
    token = look(books).proposals[0].token
    MappingFactory(administration=books.administration, value=KVK, supplier=second.exact_id)
    assert first_day.accept(books.administration, books.division, {token}, by=user) == 0
    assert Mapping.objects.get().supplier == second.exact_id


def test_what_was_taken_back_is_not_proposed_again(books: Books, user: User) -> None:
    first, _second = twins(books)
    booked(books, first, 2)
    MappingFactory(
        administration=books.administration, value=KVK, supplier=first.exact_id, forgotten_at=clock.now()
    )
    assert not look(books).proposals


def test_the_number_of_queries_does_not_grow(books: Books, django_assert_max_num_queries: Any) -> None:
    for _number in range(15):
        booked(books, RelationFactory(division=books.division), 3)
    with django_assert_max_num_queries(8):
        assert len(look(books).proposals) == 15
