"""Tables as files in which no cell is a formula."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from apps.core.tables import reading, sheets

# What XML can hold; a lone \r is a line end to it.
WRITTEN = st.text(
    st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cc", "Cs"])
    | st.just("\n")
    | st.just("\t"),
    max_size=40,
)
ANY = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
STARTS = st.sampled_from(["", "=", "+", "-", "@", "\t", "'", "''=", "'t ", "\uff1d"])


def _rows(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    cell = st.builds(str.__add__, STARTS, cells)
    row = st.lists(cell, min_size=2, max_size=4).map(lambda row: ["x", *row])
    return st.lists(row, min_size=1, max_size=5)


@pytest.mark.parametrize("text", ["=1+1", "+31", "-1", "@x", "\tx", "\rx", "'=1", "''@x", "\uff1d1"])
def test_what_could_be_a_formula_is_marked(text: str) -> None:
    assert sheets.guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "NL820", "'t Hoekje", "''", "a=b", "1-2", " =1"])
def test_other_text_stays(text: str) -> None:
    assert sheets.guarded(text) == sheets.unguarded(text) == text


@given(st.builds(str.__add__, STARTS, st.text()))
def test_the_mark_comes_off_again(text: str) -> None:
    assert sheets.unguarded(sheets.guarded(text)) == text


@given(_rows(ANY))
def test_csv_comes_back_as_it_was(rows: list[list[str]]) -> None:
    content = sheets.csv_of(rows)
    assert [cells for _number, cells in reading.read(content)] == rows


@given(_rows(WRITTEN))
def test_xlsx_comes_back_as_it_was(rows: list[list[str]]) -> None:
    content = sheets.xlsx_of(rows, title="Sheet")
    back = [cells for _number, cells in reading.read(content)]
    assert [row + [""] * (5 - len(row)) for row in back] == [row + [""] * (5 - len(row)) for row in rows]


def test_in_xlsx_every_cell_is_text() -> None:
    content = sheets.xlsx_of([["=1+1", "#N/A", "0012", "=HYPERLINK(1)", "\x01bell"]], title="Sheet")
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.data_type for cell in sheet[1]] == ["s"] * 5
    assert [cell.value for cell in sheet[1]] == ["'=1+1", "#N/A", "0012", "'=HYPERLINK(1)", "bell"]
