"""A list of mappings brought in: shown first, then remembered."""

from typing import Any

import pytest

from apps.people.models import Role, User
from apps.vendors import bringing_in, learning
from apps.vendors.bringing_in import bring_in
from apps.vendors.checking import Status, check
from apps.vendors.models import Mapping, Origin, Question, Scope
from tests import office
from tests.exact.factories import RelationFactory
from tests.office import Books
from tests.vendors.brought import KVK, line, marks
from tests.vendors.factories import MappingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    Mapping.objects.all().delete()
    return made


@pytest.fixture
def user(books: Books) -> User:
    return office.person(Role.BOOKKEEPER, books.client)


def test_the_good_rows_are_remembered_with_who_and_whence(books: Books, user: User, rung: list[Any]) -> None:
    MappingFactory(administration=books.administration, value="72345670")
    rows = [
        line(books, 2),
        line(books, 3, value="12"),
        line(books, 4, value="72345670"),
        line(books, 5, kind="name", value=" Anker en  TOUW "),
    ]
    done = bring_in(rows, marks(check(rows, user)), by=user)
    assert (done.applied, done.moved, done.left) == (3, (), 0)
    mapping = Mapping.objects.get(value=KVK)
    assert (mapping.supplier, mapping.learned_from) == (books.relation.exact_id, user)
    assert (mapping.origin, mapping.scope) == (Origin.IMPORT, Scope.SENDER)
    assert mapping.history.exists()
    assert Mapping.objects.valid().get(value="72345670").supplier == books.relation.exact_id
    name = learning.identity_of([], " Anker en  TOUW ")
    assert Mapping.objects.filter(kind=name.kind, value=name.value).exists()
    assert rung == [("mappings_adopted", books.administration.pk)]


def test_confirming_twice_changes_nothing_more(books: Books, user: User) -> None:
    rows = [line(books)]
    shown = marks(check(rows, user))
    assert bring_in(rows, shown, by=user).applied == 1
    before = Mapping.objects.get().history.count()
    done = bring_in(rows, shown, by=user)
    assert (done.applied, done.moved, done.left) == (0, (), 0)
    assert Mapping.objects.get().history.count() == before


def test_what_others_changed_since_it_was_shown_is_left_and_told(books: Books, user: User) -> None:
    gone = RelationFactory(division=books.division, code="gone")
    rows = [line(books, 2), line(books, 3, value="72345679"), line(books, 4, value="72345670", code="gone")]
    shown = marks(check(rows, user))
    theirs = MappingFactory(administration=books.administration, value=KVK, supplier_name="Theirs")
    gone.blocked = True
    gone.save(update_fields=["blocked"])
    done = bring_in(rows, shown, by=user)
    assert done.applied == 1
    assert [(row.line.number, row.status) for row in done.moved] == [(2, Status.CHANGED), (4, Status.WRONG)]
    theirs.refresh_from_db()
    assert theirs.supplier_name == "Theirs"


def test_a_decision_made_in_between_looking_and_remembering_is_not_overwritten(
    books: Books, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [line(books)]
    verdicts = check(rows, user)
    MappingFactory(administration=books.administration, value=KVK, supplier_name="Theirs")
    monkeypatch.setattr(bringing_in, "check", lambda *_: verdicts)
    done = bring_in(rows, marks(verdicts), by=user)
    assert (done.applied, len(done.moved)) == (0, 1)
    assert Mapping.objects.get().supplier_name == "Theirs"


def test_whoever_lost_the_client_meanwhile_brings_nothing_in(books: Books, user: User) -> None:
    rows = [line(books)]
    shown = marks(check(rows, user))
    user.assignments.all().delete()
    done = bring_in(rows, shown, by=user)
    assert (done.applied, len(done.moved)) == (0, 1)
    assert not Mapping.objects.exists()


def test_a_long_list_is_done_in_parts(books: Books, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing_in, "AT_ONCE", 2)
    rows = [line(books, 2 + n, value=f"7234567{n}") for n in range(5)]
    shown = marks(check(rows, user))
    parts = [bring_in(rows, shown, by=user) for _part in range(4)]
    assert [(part.applied, part.left) for part in parts] == [(2, 3), (2, 1), (1, 0), (0, 0)]
    assert Mapping.objects.count() == 5


def test_rows_that_were_never_shown_are_not_brought_in(books: Books, user: User) -> None:
    assert bring_in([line(books)], {}, by=user).applied == 0
    assert not Mapping.objects.exists()


def test_an_open_question_about_the_identity_is_answered(books: Books, user: User) -> None:
    assert Question.objects.open().filter(pk=books.question.pk).exists()
    rows = [line(books, value="34567892")]
    bring_in(rows, marks(check(rows, user)), by=user)
    books.question.refresh_from_db()
    assert (books.question.supplier, books.question.answered_by) == (books.relation.exact_id, user)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    heard: list[Any] = []
    monkeypatch.setattr("apps.core.queue.ring", lambda *call: heard.append(call))
    return heard
