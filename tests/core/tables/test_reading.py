"""Uploaded tables: of every usual make, and of every bad one."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from apps.core.tables import reading, sheets
from apps.core.tables.reading import Unreadable, read

TEXT = "administratie;waarde\nbloem;Café Zürich €\n"
ROWS = [(1, ["administratie", "waarde"]), (2, ["bloem", "Café Zürich €"])]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_code_and_the_separator_are_found(coding: str, separator: str) -> None:
    assert read(TEXT.replace(";", separator).encode(coding)) == ROWS


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\n"])
def test_line_ends_and_empty_lines_do_not_matter(end: str) -> None:
    assert [cells for _number, cells in read(TEXT.replace("\n", end).encode())] == [row for _n, row in ROWS]


def test_excels_line_about_the_separator_is_passed_over() -> None:
    assert read(b"sep=|\r\na|b;c\r\n") == [(2, ["a", "b;c"])]


def test_rows_have_the_number_that_a_spreadsheet_shows() -> None:
    assert [number for number, _cells in read(b"a;b\n\n ; \nc;d\n")] == [1, 4]


def test_a_cell_that_was_marked_loses_its_mark() -> None:
    assert read(b"a;b\n'=1;'t Hoekje\n")[1] == (2, ["=1", "'t Hoekje"])


def workbook(*rows: Any, fill: Callable[[Workbook], None] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if fill:
        fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_numbers_dates_and_formulas_of_excel_become_text() -> None:
    row = (34567892, 1234.0, 1.5, date(2026, 2, 3), datetime(2026, 2, 3, 14, 5), True, None, "=1+1", "x")
    found = read(workbook(row))
    assert found == [
        (1, ["34567892", "1234", "1.5", "2026-02-03 00:00:00", "2026-02-03 14:05:00", "True", "", "", "x"])
    ]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1234.0, "General", "1234"),
        (1.5, "General", "1.5"),
        (1.234, "General", "1.2340"),
        (0.1 + 0.2, "General", "0.3"),
        (1e-7, "General", "0.0000001"),
        (1e21, "General", "1000000000000000000000"),
        (0.21, "0%", "21%"),
        (0.12345, "0.00%", "12.3450%"),
        (-7, "#,##0", "-7"),
        (8712345000011, "0", "8712345000011"),
        (True, "0%", "True"),
        ("1.234", "General", "1.234"),
        (date(2026, 2, 3), "dd-mm-yy", "2026-02-03 00:00:00"),
    ],
)
def test_figures_can_be_read_in_one_way_alone(value: Any, form: str, text: str) -> None:
    def shown(book: Workbook) -> None:
        book.worksheets[0]["B1"].number_format = form

    assert read(workbook(("a", value), fill=shown), figures=True) == [(1, ["a", text])]


def test_the_first_row_is_read_alone() -> None:
    assert reading.first_row(b"\n;\na;b\nc;d\n" + b";" * 300) == ["a", "b"]
    assert reading.first_row(workbook((), ("a", 1))) == ["a", "1"]
    assert reading.first_row(b"\n\n") == []


def test_only_the_first_sheet_is_read() -> None:
    content = workbook(("a", "b"), fill=lambda book: book.create_sheet("Other").append(["secret"]))
    assert read(content) == [(1, ["a", "b"])]


def packed(*files: tuple[str, bytes], of: bytes = b"") -> bytes:
    """A zip of `files`, beside those of the workbook `of` that are not called the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files:
            made.writestr(name, content)
        if of:
            with zipfile.ZipFile(io.BytesIO(of)) as old:
                for one in old.infolist():
                    if one.filename not in dict(files):
                        made.writestr(one, old.read(one))
    return out.getvalue()


BOOK = workbook(("a", "b"))
SHEET = "xl/worksheets/sheet1.xml"
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in this file"),
        (b"\n\n;;\n", "nothing in this file"),
        (workbook(), "nothing in this file"),
        (b"x" * (reading.MOST_BYTES + 1), "larger than 5 MB"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old Excel file"),
        (b"PK\x03\x04" + b"\x00" * 100, "no table"),
        (BOOK[: len(BOOK) // 2], "no table"),
        (packed(("a.txt", b"no workbook")), "no table"),
        (b"\xff\xfe\x00\xd8", "no table"),
        (b"\x89PNG\x00\r\n\x81\x8d", "no table"),
        (b"caf\x81", "no table"),
        (b'a;"' + b"x" * 200_000, "no table"),
        (b"a\n" * (reading.MOST_ROWS + 2), "more than 20,000 rows"),
        (b"\n" * 100_001 + b"a", "more than 20,000 rows"),
        (b";" * 200 + b"a", "more than 200 columns"),
        (workbook(["x"] * 201), "more than 200 columns"),
        (packed(("xl/vbaProject.bin", b"x"), of=BOOK), "macros"),
        (packed(("xl/externalLinks/externalLink1.xml", b"<x/>"), of=BOOK), "other files"),
        (packed(("xl/embeddings/evil.bin", b"x"), of=BOOK), "other files"),
        (packed((SHEET, b" " * (41 * 1024 * 1024)), of=BOOK), "too large"),
        (packed(("xl/styles.xml", b"<" + b" " * (3 * 1024 * 1024)), of=BOOK), "too large"),
        (packed(*((f"{n}.txt", b"") for n in range(600))), "too large"),
        (
            packed((SHEET, b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), of=BOOK),
            "no table",
        ),
        (
            packed((SHEET, '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16")), of=BOOK),
            "no table",
        ),
    ],
    # Not by size: a workbook holds the second that it was made in, and each process collects its own.
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_what_is_no_table_or_means_harm_is_refused_in_words(
    content: bytes, words: str, english: None
) -> None:
    with pytest.raises(Unreadable) as problem:
        read(content)
    assert words in str(problem.value)


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is() -> None:
    cell = '<c r="A1" t="inlineStr"><is><t>x</t></is></c>'
    row = f'<sheetData><row r="1">{cell}</row></sheetData>'
    lying = f'<worksheet {SPACE}><dimension ref="A1:XFD1048576"/>{row}</worksheet>'
    assert read(packed((SHEET, lying.encode()), of=BOOK)) == [(1, ["x"])]
    far = f'<worksheet {SPACE}><sheetData><row r="99999999999">{cell}</row></sheetData></worksheet>'
    with pytest.raises(Unreadable):
        read(packed((SHEET, far.encode()), of=BOOK))


@given(st.binary(max_size=300))
def test_whatever_is_uploaded_is_rows_or_refused(content: bytes) -> None:
    for each in (content, b"PK\x03\x04" + content, b"\xff\xfe" + content):
        try:
            assert read(each)
        except Unreadable as problem:
            assert str(problem)


def test_a_workbook_with_bytes_changed_is_rows_or_refused() -> None:
    dice = random.Random(5)  # noqa: S311 - the same bytes each time
    whole = sheets.xlsx_of([["administratie", "waarde"], ["bloem", "x"]], title="x")
    for _attempt in range(150):
        broken = bytearray(whole)
        for _change in range(dice.randrange(1, 8)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            read(bytes(broken))
        except Unreadable:
            continue


def test_a_character_that_no_database_holds_is_left_out() -> None:
    assert reading.read("code;na\x00me\n1\x00;Anker\n".encode("utf-16")) == [
        (1, ["code", "name"]),
        (2, ["1", "Anker"]),
    ]
