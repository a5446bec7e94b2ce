"""Mappings as a table: the columns, and the rows that somebody takes along."""

from typing import Any

import pytest
from django.utils import translation

from apps.core import clock
from apps.core.tables import reading, sheets
from apps.core.tables.reading import Unreadable
from apps.people.models import Role
from apps.vendors.exchange import COLUMNS, export_rows, lines_in
from apps.vendors.models import Mapping, Origin, Scope
from tests import office
from tests.exact.factories import RelationFactory
from tests.office import Books
from tests.vendors.factories import MappingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ENGLISH = "administration;client;kind;value;supplier code;supplier name;scope;decided in;by;when;taken back"
DUTCH = (
    "Administratie;Klant;Soort;Waarde;Crediteurcode;Naam van de crediteur;Reikwijdte;Besloten in;Door;"
    "Wanneer;Teruggenomen"
)


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    Mapping.objects.all().delete()
    return made


def table(*rows: str) -> reading.Rows:
    return reading.read("\n".join(rows).encode())


@pytest.mark.parametrize("header", [ENGLISH, DUTCH])
def test_the_columns_are_known_in_both_languages(header: str) -> None:
    line = lines_in(table(header, "a;b;c;d;e;f;g;h;i;j;k"))[0]
    assert (line.number, line.administration, line.client, line.kind, line.value) == (2, "a", "b", "c", "d")
    assert (line.code, line.name, line.scope, line.origin) == ("e", "f", "g", "h")
    assert (line.by, line.when, line.forgotten) == ("i", "j", "k")


def test_the_columns_stand_in_any_order_among_others_and_rows_may_be_short() -> None:
    rows = table("Value;something;Supplier-code;;KIND;Administration", " 1 ;x;2;;kvk;a", "3", ";;;;;b")
    found = [(line.value, line.code, line.kind, line.administration) for line in lines_in(rows)]
    assert found == [("1", "2", "kvk", "a"), ("3", "", "", ""), ("", "", "", "b")]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["kind;value", "a;b"], "does not name these columns: administration, supplier code"),
        (["34567892;100", "a;b"], "does not name these columns"),
        ([f"{ENGLISH};Soort", "a;b"], "“Soort” stands there twice"),
        ([ENGLISH], "no row below it"),
    ],
)
def test_a_header_that_does_not_do_is_said_why(rows: list[str], words: str) -> None:
    with pytest.raises(Unreadable) as problem:
        lines_in(table(*rows))
    assert words in str(problem.value)


def test_a_hundred_columns_are_one_too_few_when_the_right_ones_are_missing() -> None:
    with pytest.raises(Unreadable, match="does not name"):
        lines_in(table(";".join(f"c{n}" for n in range(100)), "x" * 10))
    wide = lines_in(table(f"{';'.join(f'c{n}' for n in range(100))};{ENGLISH}", ";" * 100 + "a;b;c;d;e"))
    assert wide[0].administration == "a"


def test_every_mapping_has_a_row_with_who_decided_when(books: Books) -> None:
    person = office.person(Role.REVIEWER, books.client)
    card = RelationFactory(division=books.division, code="  77", gone_at=clock.now())
    MappingFactory(
        administration=books.administration,
        kind="name",
        value="=cmd()",
        supplier=card.exact_id,
        supplier_name="+Plus",
        scope=Scope.DOCUMENT,
        origin=Origin.IMPORT,
        learned_from=person,
        forgotten_at=clock.now(),
        forgotten_by=person,
    )
    header, row = export_rows(Mapping.objects.all())
    assert ";".join(header) == ENGLISH
    assert row[:6] == ["ooievaar-bv", "Ooievaar Holding", "name", "=cmd()", "77", "+Plus"]
    assert row[6:9] == ["this document only", "an imported list", str(person)]
    assert str(person) in row[10]
    assert "'=cmd()" in sheets.csv_of([row]).decode()


def test_the_header_of_an_export_is_read_back_in_the_language_of_the_house(books: Books) -> None:
    MappingFactory(administration=books.administration, value="34567892")
    with translation.override("nl"):
        rows = list(export_rows(Mapping.objects.all()))
    assert lines_in(reading.read(sheets.csv_of(rows)))[0].value == "34567892"
    assert len(rows[0]) == len(COLUMNS.known)


def test_an_export_asks_the_same_number_of_times_for_one_row_and_for_many(
    books: Books, django_assert_num_queries: Any
) -> None:
    MappingFactory.create_batch(20, administration=books.administration)
    with django_assert_num_queries(2):
        assert len(list(export_rows(Mapping.objects.all()))) == 21
