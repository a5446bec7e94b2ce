"""Invented documents, each from XML to the entry lines that Exact gets."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from apps.exact.models import Relation, VATCode
from apps.invoices.coding import code
from apps.invoices.delivering import plan_of
from apps.invoices.models import Invoice
from apps.rules.models import VATTable
from apps.sandbox.exact import booking
from tests.exact.factories import FinancialPeriodFactory, VATCodeFactory, VATPercentageFactory
from tests.invoices.conftest import Books, coded
from tests.invoices.vat_documents import Item, Paper, xml
from tests.rules.factories import VATTableFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

# scenario: code, type, reverse charge, percentage
TABLE = {
    "nl_high": ("VH", "E", False, "0.21"),
    "nl_low": ("VL", "E", False, "0.09"),
    "nl_zero": ("V0", "B", False, "0"),
    "nl_exempt": ("VV", "N", False, "0"),
    "nl_reverse": ("RC", "E", True, "0.21"),
    "eu_goods": ("EG", "E", True, "0.21"),
    "eu_services": ("ED", "E", True, "0.21"),
    "import": ("IM", "E", True, "0.21"),
    "non_eu_services": ("DB", "E", True, "0.21"),
    "margin": ("MA", "N", False, "0"),
    "foreign": ("BB", "N", False, "0"),
    "outside": ("GB", "N", False, "0"),
}


@pytest.fixture
def table(books: Books) -> Books:
    """Books with a code for each scenario; the low rate with its history."""
    VATTable.objects.all().delete()
    VATCode.objects.all().delete()
    Relation.objects.update(vat_number="")
    for scenario, (name, type_, charged, percentage) in TABLE.items():
        made = VATCodeFactory(
            division=books.division, code=name, type=type_, charged=charged, percentage=Decimal(percentage)
        )
        VATTableFactory(administration=books.administration, scenario=scenario, vat_code=name)
        if name == "VL":
            for old, start, end in (("0.06", None, date(2018, 12, 31)), ("0.09", date(2019, 1, 1), None)):
                VATPercentageFactory(
                    division=books.division,
                    vat_code=made.exact_id,
                    percentage=Decimal(old),
                    start_date=start,
                    end_date=end,
                )
    return books


def entry_of(invoice: Invoice, books: Books) -> list[dict[str, Any]]:
    plan = plan_of(invoice, books.division, "PK-1")
    entry = next(step["payload"] for step in plan["steps"] if step["name"] == "entry")
    lines: list[dict[str, Any]] = entry["PurchaseEntryLines"]
    return lines


def made(line: dict[str, Any], day: str = "2026-09-15") -> Decimal:
    """What Exact makes of a line: what the supplier gets for it."""
    known = VATCode.objects.get(code=line["VATCode"])
    percentage = known.percentage or Decimal(0)
    if known.code == "VL" and day < "2019":
        percentage = Decimal("0.06")
    vat = booking.decimal(line["VATAmountFC"]) if "VATAmountFC" in line else None
    rule = booking.VATRule(known.type, known.charged, percentage)
    return booking.amounts(booking.decimal(line["AmountFC"]), rule, vat).payable


german = partial(Paper, country="DE", vat="DE811907980")
belgian = partial(Paper, country="BE", vat="BE0403170701")
american = partial(Paper, country="US", vat="")
MIXED = (
    Item("100.00"),
    Item("50.00", rate="9", name="Koffie"),
    Item("10.00", is_charge=True, name="Verzending"),
    Item("5.00", rate="9", is_charge=False, name="Korting"),
    Item("-20.00", name="Retour"),
)

# name: the document; (VAT code, AmountFC, VATAmountFC or None) of each line; findings about VAT
CASES: dict[str, tuple[Paper, list[tuple[str, float, float | None]], set[str]]] = {
    "Dutch 9 %": (Paper([Item("100.00", rate="9", name="Brood")]), [("VL", 100.0, None)], set()),
    "exempt": (Paper([Item("100.00", "E", "0", reason="Zorg")]), [("VV", 100.0, None)], set()),
    "margin scheme": (
        Paper([Item("5000.00", "E", "0", "Gebruikte auto", "VATEX-EU-F")]),
        [("MA", 5000.0, None)],
        {"margin_scheme"},
    ),
    "domestic reverse charge": (
        Paper([Item("1000.00", "AE", "0", "Schilderwerk", "VATEX-EU-AE", "Btw verlegd")]),
        [("RC", 1000.0, None)],
        set(),
    ),
    "domestic reverse charge without the customer's number": (
        Paper([Item("1000.00", "AE", "0", "Schilderwerk", "VATEX-EU-AE")], buyer_vat=""),
        [("RC", 1000.0, None)],
        {"reverse_without_buyer_number"},
    ),
    "goods from the EU": (
        german([Item("800.00", "K", "0", "Machine", "VATEX-EU-IC")], delivery_country="NL"),
        [("EG", 800.0, None)],
        set(),
    ),
    "goods from the EU delivered elsewhere": (
        german([Item("800.00", "K", "0", "Machine", "VATEX-EU-IC")], delivery_country="FR"),
        [("EG", 800.0, None)],
        {"delivered_elsewhere"},
    ),
    "services from the EU": (
        belgian([Item("250.00", "AE", "0", "Adviesuren september", "VATEX-EU-AE")]),
        [("ED", 250.0, None)],
        set(),
    ),
    "goods or services from the EU": (
        belgian([Item("250.00", "AE", "0", "Conform offerte", "VATEX-EU-AE")]),
        [("ED", 250.0, None)],
        {"goods_or_services"},
    ),
    "import": (
        american([Item("4000.00", "G", "0", "Machine onderdelen", "VATEX-EU-G")]),
        [("IM", 4000.0, None)],
        set(),
    ),
    "services from outside the EU": (
        american([Item("99.00", "O", None, "Software licence 2026", "VATEX-EU-O")]),
        [("DB", 99.0, None)],
        set(),
    ),
    "foreign VAT": (belgian([Item("100.00", name="Brandstof")]), [("BB", 121.0, None)], {"foreign_vat"}),
    "small business": (
        Paper([Item("300.00", "E", "0", "Tuinonderhoud")], vat="", note="Kleineondernemersregeling (KOR)"),
        [("GB", 300.0, None)],
        {"small_business"},
    ),
    "no VAT number": (Paper([Item("100.00")], vat=""), [("VH", 100.0, None)], {"vat_without_number"}),
    "mixed rates with allowances and charges": (
        Paper(MIXED),
        [
            ("VH", 100.0, None),
            ("VL", 50.0, None),
            ("VH", -20.0, None),
            ("VH", 10.0, None),
            ("VL", -5.0, None),
        ],
        set(),
    ),
    "prepaid": (Paper([Item("100.00")], prepaid="50.00"), [("VH", 100.0, None)], set()),
    "payable rounded": (Paper([Item("99.99")], rounding="0.01"), [("VH", 99.99, None)], set()),
    # 0.12 at 21 % is 0.0252: three lines of 0.03, but 0.08 for all of them together
    "rounded by rate": (
        Paper([Item("0.12"), Item("0.12"), Item("0.12")]),
        [("VH", 0.12, 0.02), ("VH", 0.12, None), ("VH", 0.12, None)],
        set(),
    ),
    "a sender that rounds otherwise": (
        Paper([Item("100.00"), Item("33.33")], stated_tax={"21": "28.01"}),
        [("VH", 100.0, 21.01), ("VH", 33.33, None)],
        set(),
    ),
    "foreign currency": (
        Paper([Item("10.10"), Item("20.20", rate="9")], currency="USD", exchange="0.9"),
        [("VH", 10.1, None), ("VL", 20.2, None)],
        set(),
    ),
    # booked on a day on which Exact reckons with 9 %
    "credit of before the low rate changed": (
        Paper([Item("100.00", rate="6", name="Brood")], kind="CreditNote"),
        [("VL", -100.0, -6.0)],
        {"vat_rate_of_before"},
    ),
    "low rate of before": (
        Paper([Item("100.00", rate="6", name="Brood")], day="2018-11-02"),
        [("VL", 100.0, None)],
        set(),
    ),
    "delivered before the low rate changed": (
        Paper([Item("100.00", rate="6", name="Brood")], day="2019-01-10", delivered="2018-12-28"),
        [("VL", 100.0, 6.0)],
        set(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_from_xml_to_the_entry(name: str, table: Books) -> None:
    paper, expected, findings = CASES[name]
    year = int(paper.day[:4])
    if year != 2026:
        FinancialPeriodFactory(
            division=table.division, start_date=date(year, 1, 1), end_date=date(year, 12, 31)
        )
    invoice = coded(xml(paper))
    assert (invoice.cause, invoice.detail) == ("", "")
    entry = entry_of(invoice, table)
    found = [(line["VATCode"], line["AmountFC"], line.get("VATAmountFC")) for line in entry]
    assert found == expected
    assert sum((made(line, paper.day) for line in entry), Decimal(0)) == invoice.gross
    about_vat = {one["code"] for one in invoice.findings} - ELSE
    assert about_vat == findings


ELSE = {"due_date_missing", "prepaid", "rounded", "supplier_unidentified", "entry_moved"}


@pytest.mark.parametrize(
    ("included", "type_", "amounts"),
    [("VI", "I", [121.0, 10.89, -6.05]), ("VX", "E", [100.0, 9.0, -5.0])],
)
def test_codes_that_include_vat_lead_to_the_same_entry(
    included: str, type_: str, amounts: list[float], table: Books
) -> None:
    VATCodeFactory(division=table.division, code=included, type=type_, percentage=Decimal("0.21"))
    VATTable.objects.filter(scenario="nl_high").update(vat_code=included)
    invoice = coded(xml(Paper([Item("100.00"), Item("9.00"), Item("-5.00")])))
    entry = entry_of(invoice, table)
    assert [line["AmountFC"] for line in entry] == amounts
    assert not any("VATAmountFC" in line for line in entry)
    assert sum((made(line) for line in entry), Decimal(0)) == invoice.gross == Decimal("125.84")


def test_a_rate_that_is_none_waits_and_says_so(table: Books) -> None:
    invoice = coded(xml(Paper([Item("100.00", rate="6", name="Brood")])))
    assert invoice.cause == "no_vat_code"
    assert [one["code"] for one in invoice.findings] == ["vat_rate_not_valid"]


def test_findings_of_an_earlier_coding_are_taken_back(table: Books) -> None:
    invoice = coded(xml(Paper([Item("1.00"), Item("2.00"), Item("3.00", "Z", "0")], vat="")))
    assert [one["values"] for one in invoice.findings if one["code"] == "vat_without_number"] == [
        {"rate": "21", "lines": "1-2"}
    ]
    invoice.vendor = {**invoice.vendor, "vat": "NL897620458B01"}
    code(invoice)
    assert "vat_without_number" not in {one["code"] for one in invoice.findings}
