"""What bringing in a list of mappings would do, row by row."""

from typing import Any

import pytest

from apps.core.tables.reading import read
from apps.core.tables.sheets import csv_of, xlsx_of
from apps.people.models import Role, User
from apps.vendors.checking import Status, check, counts
from apps.vendors.evidence import Key
from apps.vendors.exchange import export_rows, lines_in
from apps.vendors.models import Mapping
from tests import office
from tests.clients.factories import AdministrationIdentifierFactory
from tests.exact.factories import RelationFactory
from tests.office import Books
from tests.vendors.brought import KVK, line, one
from tests.vendors.factories import MappingFactory, SharedDomainFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    Mapping.objects.all().delete()
    return made


@pytest.fixture
def user(books: Books) -> User:
    return office.person(Role.BOOKKEEPER, books.client)


def test_a_row_about_nothing_known_is_new(books: Books, user: User) -> None:
    found = one(books, user, value=f"{KVK} Amersfoort")
    assert (found.status, found.key, found.words) == (Status.NEW, Key("kvk", KVK), "")
    assert found.card == books.relation


def test_a_row_that_says_what_is_there_is_the_same(books: Books, user: User) -> None:
    MappingFactory(administration=books.administration, value=KVK, supplier=books.relation.exact_id)
    assert one(books, user).status is Status.SAME


def test_a_row_that_contradicts_is_a_change_with_old_and_new(books: Books, user: User) -> None:
    MappingFactory(administration=books.administration, value=KVK, supplier_name="Old Supplier")
    found = one(books, user)
    assert found.status is Status.CHANGED
    assert found.words == f"Old Supplier becomes {books.relation.name}"


def test_exact_pads_codes_with_blanks(books: Books, user: User) -> None:
    card = RelationFactory(division=books.division, code="               501")
    assert one(books, user, code="501").card == card


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"administration": "nobody"}, "There is no administration with the short name “nobody”."),
        ({"administration": ""}, "There is no administration"),
        ({"code": ""}, "no supplier code"),
        ({"code": "nothing"}, "has no card with code nothing"),
        ({"code": "blocked"}, "blocked in Exact"),
        ({"code": "customer"}, "no supplier"),
        ({"code": "twice"}, "Several suppliers"),
        ({"kind": "horoscope"}, "no kind of identity"),
        ({"value": "123"}, "cannot be a number of this kind"),
        ({"value": "99999998"}, "for want of a number"),
        ({"value": "61111111"}, "one of our own administrations"),
        ({"kind": "peppol", "value": "0106:61111111"}, "one of our own administrations"),
        ({"kind": "domain", "value": "info@gmail.com"}, "Many vendors write from gmail.com"),
        ({"kind": "domain", "value": "portal.example"}, "Many vendors write from portal.example"),
    ],
)
def test_a_row_that_cannot_be_brought_in_is_said_why(
    values: dict[str, str], words: str, books: Books, user: User
) -> None:
    AdministrationIdentifierFactory(kind="kvk", value="61111111")
    SharedDomainFactory(domain="portal.example")
    RelationFactory(division=books.division, code="blocked", blocked=True)
    RelationFactory(division=books.division, code="customer", is_supplier=False)
    RelationFactory.create_batch(2, division=books.division, code="twice")
    found = one(books, user, **values)
    assert found.status is Status.WRONG
    assert words in found.words


def test_an_administration_that_one_may_not_see_reads_as_one_that_is_not_there(
    books: Books, user: User
) -> None:
    other = office.books("Zwijgzaam")
    hidden = one(books, user, administration=other.administration.slug, code=other.relation.code)
    absent = one(books, user, administration="nobody")
    assert hidden.words.replace(other.administration.slug, "nobody") == absent.words
    assert (hidden.administration, hidden.card, hidden.key) == (None, None, None)


def test_a_card_of_another_administration_is_no_card(books: Books, user: User) -> None:
    other = office.books("Zwijgzaam")
    RelationFactory(division=other.division, code="only-theirs")
    assert one(books, user, code="only-theirs").status is Status.WRONG


def test_rows_that_stand_there_twice_count_once_and_contradicting_ones_not_at_all(
    books: Books, user: User
) -> None:
    RelationFactory(division=books.division, code="other")
    rows = [
        line(books, 2),
        line(books, 3, value=f"KvK {KVK}"),
        line(books, 4, value="72345679"),
        line(books, 5, value="72345679", code="other"),
    ]
    found = check(rows, user)
    assert [verdict.status for verdict in found] == [Status.NEW, Status.WRONG, Status.WRONG, Status.WRONG]
    assert found[1].words == "The same stands in row 2 already."
    assert found[2].words == found[3].words == "Rows 4, 5 map this to different suppliers."
    assert dict(counts(found)) == {**dict.fromkeys(Status, 0), Status.NEW: 1, Status.WRONG: 3}


def test_what_was_taken_back_or_was_for_one_document_is_left_out(books: Books, user: User) -> None:
    assert one(books, user, forgotten="2026-02-03").status is Status.LEFT_OUT
    assert one(books, user, scope="Alleen dit document").status is Status.LEFT_OUT
    assert one(books, user, scope="always for this sender").status is Status.NEW


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_brought_in_again_changes_nothing(form: str, books: Books, user: User) -> None:
    for number in range(3):
        MappingFactory(
            administration=books.administration, value=f"7234567{number}", supplier=books.relation.exact_id
        )
    for kind, value in (("vat", "NL820098394B01"), ("name", "=anker"), ("domain", "anker.example")):
        MappingFactory(
            administration=books.administration, kind=kind, value=value, supplier=books.relation.exact_id
        )
    rows = export_rows(Mapping.objects.visible_to(user))
    content = csv_of(rows) if form == "csv" else xlsx_of(rows, title="x")
    found = check(lines_in(read(content)), user)
    assert {verdict.status for verdict in found} == {Status.SAME}
    assert len(found) == 6


def test_the_number_of_queries_does_not_grow_with_the_rows(
    books: Books, user: User, django_assert_max_num_queries: Any
) -> None:
    rows = [line(books, 2 + n, value=f"7{n:07}") for n in range(300)]
    with django_assert_max_num_queries(6):
        assert len(check(rows, user)) == 300
