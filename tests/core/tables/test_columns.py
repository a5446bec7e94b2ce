"""Columns of a table, known by their names."""

from dataclasses import replace

import pytest

from apps.core.tables.columns import Columns, plain
from apps.core.tables.unreadable import Unreadable

COLUMNS = Columns({"name": ("name", "name|naam"), "code": ("code", "code|rubriek")}, needed=("name",))
pytestmark = pytest.mark.usefixtures("english")


def test_names_are_compared_without_capitals_accents_and_punctuation() -> None:
    assert plain("  Créditeur-Code_: ") == "crediteur code"


def test_columns_stand_in_any_order_and_cells_lose_their_blanks() -> None:
    rows = [(1, ["Rubriek", "?", "NAAM"]), (3, [" 4 ", "x", " a "]), (4, ["5"])]
    assert COLUMNS.values_in(rows) == [(3, {"code": "4", "name": "a"}), (4, {"code": "5", "name": ""})]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["code"], ["1"]], "does not name these columns: name"),
        ([["name", "naam"], ["1"]], "“naam” stands there twice"),
        ([["name"]], "no row below it"),
    ],
)
def test_what_is_missing_is_told(rows: list[list[str]], words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        COLUMNS.values_in(list(enumerate(rows, start=1)))


def test_columns_that_may_stand_there_once_are_no_different_when_they_are_not_needed() -> None:
    rows = [(1, ["name", "code", "Rubriek"]), (2, ["a", "1", "2"])]
    assert COLUMNS.values_in(rows) == [(2, {"name": "a", "code": "2"})]
    with pytest.raises(Unreadable, match="“Rubriek” stands there twice"):
        replace(COLUMNS, once=True).values_in(rows)


def test_columns_are_called_as_they_stand_there() -> None:
    assert COLUMNS.headings([" Rubriek ", "?", "NAAM"]) == {"code": "Rubriek", "name": "NAAM"}
