"""The template for orders: recognised, read with all its habits, refused with row and column, and written."""

import string
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from apps.core.identifiers import Kind
from apps.intake.detection import Format
from apps.intake.order import OrderDocument, OrderKind, OrderLine
from apps.intake.order_sheets import example, is_order_sheet, read, written
from apps.intake.order_sheets.columns import COLUMNS, HEAD, LINE
from apps.intake.order_sheets.examples import order
from apps.intake.order_sheets.heads import party
from apps.intake.order_sheets.rows import MOST_LINES
from apps.intake.parsing import Unreadable
from tests.intake import samples
from tests.intake.order_samples import HEADER, book, changed, sample, sheet
from tests.intake.order_samples import LINE as RIGHT

pytestmark = pytest.mark.usefixtures("english")
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as raised:
        read(content)
    return str(raised.value.reason)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_is_recognised_and_reads_back_to_itself(form: str, language: str) -> None:
    with override(language):
        content = example(form)
    assert is_order_sheet(content)
    assert read(content) == order()


def test_the_example_is_a_csv_that_excel_opens_here() -> None:
    content = example("csv")
    assert content.startswith(b"\xef\xbb\xbforder number;order date;")
    assert b";18,95;" in content


@pytest.mark.parametrize("name", ["zwaluw-sheet.xlsx", "zwaluw-sheet.csv"])
def test_the_sample_is_the_example(name: str) -> None:
    assert read(sample(name)) == order()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_columns_go_by_one_name(language: str) -> None:
    assert set(COLUMNS.known) == {*HEAD, *LINE}
    with override(language):
        titles = COLUMNS.titles()
    assert list(COLUMNS.headings(titles)) == [*HEAD, *LINE]
    names = [one for _title, names in COLUMNS.known.values() for one in names.split("|")]
    assert len(names) == len(set(names))


def test_an_order_is_read_from_a_sheet_in_dutch() -> None:
    header = [
        "Ordernr.",
        "Orderdatum",
        "BTW-nummer crediteur",
        "KvK koper",
        "Leverdatum",
        "Artikelcode leverancier",
    ]
    header += [
        "Artikelcode",
        "EAN-code",
        "Aantal",
        "Eenheid",
        "Stukprijs",
        "Korting",
        "BTW %",
        "Leverdatum regel",
    ]
    header += ["Kostenplaats", "Kostendrager", "Projecttekst", "Valuta", "Opmerking"]
    row = [
        "7",
        "1-10-2026",
        "NL897620458B01",
        "64134164",
        "8-10-2026",
        "TB55",
        "M-1",
        "8712345000011",
        "1.200",
        "zak",
    ]
    row += ["€ 18,95", "2,5%", "9", "9-10-2026", "K1", "D2", "Najaar", "€", "graag vroeg"]
    found = read(sheet(row, header=header))
    assert (found.kind, found.format, found.number) == (OrderKind.ORDER, Format.ORDER_SHEET, "7")
    assert (found.issue_date, found.delivery_date, found.currency) == (
        date(2026, 10, 1),
        date(2026, 10, 8),
        "EUR",
    )
    assert found.seller.values(Kind.VAT) == ("NL897620458B01",)
    assert found.buyer.values(Kind.KVK) == ("64134164",)
    assert found.lines == (
        OrderLine(
            position=1,
            number="1",
            seller_item="TB55",
            buyer_item="M-1",
            gtin="8712345000011",
            quantity=Decimal(1200),
            unit="zak",
            price=Decimal("18.95"),
            discount=Decimal("2.5"),
            rate=Decimal(9),
            delivery_date=date(2026, 10, 9),
            cost_centre="K1",
            cost_unit="D2",
            project="Najaar",
        ),
    )


@pytest.mark.parametrize("repeated", [True, False])
def test_the_head_stands_on_each_row_or_on_the_first_alone(repeated: bool) -> None:
    others = {} if repeated else {"order_number": "", "order_date": "", "supplier": ""}
    rows = [changed(), changed(item_code="A-2", **others), changed(item_code="A-3", **others)]
    found = read(sheet(*rows))
    assert (found.number, found.seller.name) == ("4711", "De Zwaluw")
    assert [line.buyer_item for line in found.lines] == ["A-1", "A-2", "A-3"]


def test_the_head_may_have_a_row_of_its_own() -> None:
    head = [*RIGHT[:3], "", "", "", "", ""]
    line = ["", "", "", *RIGHT[3:]]
    found = read(sheet(head, line))
    assert (found.number, len(found.lines), found.lines[0].position) == ("4711", 1, 1)


def test_excel_gives_dates_figures_percentages_and_what_formulas_came_to() -> None:
    header = [*HEADER, "VAT %", "Delivery date", "GTIN"]
    row = [
        4711,
        datetime(2026, 10, 1),
        "De Zwaluw",
        12.345,
        "Meel",
        1.234,
        0.1 + 0.2,
        0.1,
        0.09,
        date(2026, 10, 8),
    ]
    content = book([*row, 8712345000011], header=header, formats={"H2": "0%", "I2": "0.0%"})
    found = read(content)
    [line] = found.lines
    assert (found.number, found.issue_date, found.delivery_date) == (
        "4711",
        date(2026, 10, 1),
        date(2026, 10, 8),
    )
    assert (line.buyer_item, line.gtin) == ("12.345", "8712345000011")
    assert (line.quantity, line.price) == (Decimal("1.234"), Decimal("0.3"))
    assert (line.discount, line.rate) == (Decimal(10), Decimal(9))


def test_texts_of_excel_that_may_be_two_figures_are_asked_about() -> None:
    row = [*RIGHT[:5], "1.234", 12.5, ""]
    assert refusal(book(row)) == (
        "Row 2, column “Quantity”: “1.234” can be read in two ways. Write it without a mark between the thousands."
    )
    assert read(book([*RIGHT[:5], "12,5", 12.5, ""])).lines[0].quantity == Decimal("12.5")


def test_a_formula_that_was_never_computed_is_an_empty_cell() -> None:
    row = [*RIGHT[:5], "=1+1", 12.5, ""]
    assert refusal(book(row)) == "Row 2, column “Quantity”: this must be filled in."


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"quantity": "veel"}, "Row 2, column “Quantity”: “veel” is not a number."),
        ({"quantity": ""}, "Row 2, column “Quantity”: this must be filled in."),
        ({"price": "1,5 per zak"}, "column “Price”: “1,5 per zak” is not a number."),
        ({"discount": "120"}, "column “Discount %”: “120” is not a percentage from 0 to 100."),
        ({"discount": "-5%"}, "“-5” is not a percentage"),
        (
            {"order_date": "32-1-2026"},
            "column “Order date”: “32-1-2026” is not a date. Write it as 31-12-2026.",
        ),
        ({"order_date": ""}, "column “Order date”: this must be filled in."),
        ({"order_number": ""}, "column “Order number”: this must be filled in."),
        ({"supplier": ""}, "column “Supplier”: no supplier is named."),
        ({"item_code": "", "description": ""}, "column “Item code”: no item is named."),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_column(cells: dict[str, str], words: str) -> None:
    assert words in refusal(sheet(changed(**cells)))


def test_columns_that_a_sheet_lacks_are_named_by_their_titles() -> None:
    content = sheet(
        ["7", "1-10-2026", "A-1", "3"], header=["Order number", "Order date", "Item code", "Quantity"]
    )
    assert "column “supplier”: no supplier is named" in refusal(content)
    assert "does not name these columns: order date" in refusal(
        sheet(["7", "A-1", "3"], header=["Order number", "Item code", "Quantity"])
    )


@pytest.mark.parametrize(
    ("header", "cell", "words"),
    [
        ("Currency", "euros", "“euros” is not a currency. Write EUR, for example."),
        ("GTIN", "8,71235E+12", "“8,71235E+12” was shortened by the spreadsheet."),
        ("Delivery date", "soon", "column “Delivery date”: “soon” is not a date."),
        ("Unit price", "3", "Column “Unit price” stands there twice."),
    ],
)
def test_what_is_wrong_in_other_columns_is_said(header: str, cell: str, words: str) -> None:
    assert words in refusal(sheet([*RIGHT, cell], header=[*HEADER, header]))


def test_the_first_five_faults_are_named_and_the_others_counted() -> None:
    words = refusal(sheet(*(changed(quantity="x", price="y") for _row in range(4))))
    assert words.count("is not a number.") == 5
    assert words.endswith("3 more cells are wrong.")


def test_several_orders_in_one_file_are_refused_with_the_rows_that_name_them() -> None:
    words = refusal(sheet(changed(), changed(), changed(order_number="4712")))
    assert words == (
        "Row 4 names order 4712, and row 2 order 4711. One file holds one order: make a file for each."
    )


def test_what_belongs_to_the_whole_order_is_the_same_on_each_row() -> None:
    words = refusal(sheet(changed(), changed(supplier="Anders")))
    assert words == (
        "Row 3, column “Supplier”: “Anders” differs from “De Zwaluw” in row 2, and belongs to the whole order."
    )
    assert read(sheet(changed(), changed(supplier="DE ZWALUW"))).seller.name == "De Zwaluw"


def test_a_sheet_without_lines_has_no_order() -> None:
    words = "The sheet has no lines: every row must say what is ordered."
    assert refusal(sheet([*RIGHT[:3], "", "", "", "", ""])) == words


@pytest.mark.parametrize("count", [200, MOST_LINES])
def test_hundreds_of_lines_are_read(count: int) -> None:
    rows = [changed(item_code=f"A-{number}", quantity=str(number)) for number in range(1, count + 1)]
    found = read(sheet(*rows))
    assert len(found.lines) == count
    assert found.lines[-1].quantity == count


def test_too_many_lines_are_refused() -> None:
    words = "The sheet has more than 5000 lines. Make several orders of it."
    assert refusal(sheet(*([RIGHT] * (MOST_LINES + 1)))) == words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in this file"),
        (b"PK\x03\x04" + b"\x00" * 100, "no table"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old Excel file"),
        (b"name;code\na;b\n", "does not name these columns: order number, order date, quantity"),
    ],
)
def test_what_is_no_sheet_is_refused_in_the_words_of_tables(content: bytes, words: str) -> None:
    assert words in refusal(content)
    assert not is_order_sheet(content)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (HEADER, True),
        (("Bestelnummer", "Aantal", "EAN"), True),
        (("Order number", "Quantity"), False),
        (("Order number", "Item code"), False),
        (("Quantity", "Item code"), False),
        (("Invoice number", *HEADER), False),
        (("Factuurdatum", *HEADER), False),
        (("account", "amount"), False),
    ],
)
def test_a_sheet_is_known_by_its_first_row(header: Sequence[str], expected: bool) -> None:
    assert is_order_sheet(sheet(RIGHT, header=header)) is expected
    assert is_order_sheet(book(RIGHT, header=header)) is expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        samples.ubl().encode(),
        b"<html>",
        b"From: a@b.nl\nTo: c@d.nl\n\nhi",
        b"\x89PNG\r\n\x1a\n\0",
    ],
)
def test_other_files_are_no_sheets(content: bytes) -> None:
    assert not is_order_sheet(content)


TEXTS = st.text(string.ascii_letters + string.digits + " =+-@'é€.,;\"&", max_size=30).map(
    lambda text: " ".join(text.split())
)
NAMES = TEXTS.filter(bool)
FIGURES = st.decimals(min_value="-99999", max_value="999999", places=4)
PERCENTAGES = st.none() | st.decimals(min_value=0, max_value=100, places=2)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@st.composite
def lines(draw: Any) -> OrderLine:
    return OrderLine(
        number=draw(NAMES),
        name=draw(NAMES),
        seller_item=draw(TEXTS),
        buyer_item=draw(TEXTS),
        gtin=draw(st.text(string.digits, max_size=14)),
        quantity=draw(FIGURES),
        unit=draw(TEXTS),
        price=draw(st.none() | FIGURES),
        discount=draw(PERCENTAGES),
        rate=draw(PERCENTAGES),
        delivery_date=draw(st.none() | DAYS),
        cost_centre=draw(TEXTS),
        cost_unit=draw(TEXTS),
        project=draw(TEXTS),
    )


@st.composite
def documents(draw: Any) -> OrderDocument:
    numbered = enumerate(draw(st.lists(lines(), min_size=1, max_size=4)), start=1)
    return OrderDocument(
        kind=OrderKind.ORDER,
        format=Format.ORDER_SHEET,
        number=draw(NAMES),
        issue_date=draw(DAYS),
        currency=draw(st.sampled_from(["", "EUR", "USD"])),
        seller=party(draw(NAMES), draw(TEXTS), draw(TEXTS)),
        seller_code=draw(TEXTS),
        buyer=party("", draw(TEXTS), draw(TEXTS)),
        administration=draw(TEXTS),
        buyer_reference=draw(TEXTS),
        delivery_date=draw(st.none() | DAYS),
        lines=tuple(replace(line, position=position) for position, line in numbered),
    )


@given(documents())
def test_what_is_written_reads_back_equal(document: OrderDocument) -> None:
    content = written(document)
    assert is_order_sheet(content)
    assert read(content) == document


def test_a_price_of_several_is_written_as_that_of_one() -> None:
    line = OrderLine(
        quantity=Decimal(120), price=Decimal("107.75"), price_base=Decimal(100), description="Meel\nfijn"
    )
    found = read(written(replace(order(), lines=(line,)))).lines[0]
    assert (found.price, found.name, found.worth) == (Decimal("1.0775"), "Meel", line.worth)


@given(st.lists(st.lists(TEXTS | st.text(max_size=20), max_size=9), min_size=1, max_size=3))
def test_any_rows_are_an_order_or_refused_with_a_reason(rows: list[list[str]]) -> None:
    content = sheet(RIGHT, *rows)
    try:
        found = read(content)
    except Unreadable as error:
        assert str(error.reason)
    else:
        assert found.number == "4711"
