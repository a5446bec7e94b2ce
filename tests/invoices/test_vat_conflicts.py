"""VAT codes that contradict the document: told, a person looks, and the entry is what the document says."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.exact.models import VATCode
from apps.invoices.amounts import amounts_of
from apps.invoices.entry_lines import entry_lines, share_json
from apps.invoices.models import Invoice, InvoiceLine, State, ValueSource
from apps.invoices.vat_conflicts import conflicts
from apps.rules.books import Books as Codes
from apps.rules.conditions import Share
from tests.exact.factories import VATCodeFactory
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import changed, xml
from tests.invoices.test_checks import again, chosen, told
from tests.rules.factories import BookingRuleFactory

D = Decimal
HIGH = VATCode(code="V21", type="E", percentage=D("0.21"))
REVERSE = VATCode(code="VR", type="E", percentage=D("0.21"), charged=True)
NONE = VATCode(code="V0", type="B", percentage=D(0))
CODES = Codes({}, {}, {code.code: code for code in (HIGH, REVERSE, NONE)}, frozenset(), frozenset())


def line(code: str, tax: str, rate: str | None = "21", net: str = "100", **more: Any) -> InvoiceLine:
    return InvoiceLine(
        position=more.pop("position", 1),
        net=D(net),
        tax=D(tax),
        rate=None if rate is None else D(rate),
        gl_code="4000",
        vat_code=code,
        **{"split": [], **more},
    )


def found(*lines: InvoiceLine) -> list[tuple[str, dict[str, str]]]:
    return [(one.code, dict(one.values)) for one in conflicts(lines, CODES)]


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (line("VR", "21"), "vat_code_reverse"),
        (line("VR", "-21", net="-100"), "vat_code_reverse"),
        (line("V21", "0", "0"), "vat_code_charges"),
        (line("V21", "0", None), "vat_code_charges"),
        (line("V21", "0", "21"), "vat_code_charges"),
        (line("V21", "21"), ""),
        (line("VR", "0", "0"), ""),
        (line("V0", "0", "0"), ""),
        (line("V0", "21"), ""),  # foreign VAT is cost
        (line("V21", "0", "0", net="0"), ""),
        (line("gone", "0", "0"), ""),
    ],
)
def test_a_code_that_contradicts_its_line(one: InvoiceLine, code: str) -> None:
    assert [kind for kind, _values in found(one)] == ([code] if code else [])


def test_a_line_without_vat_by_rounding_contradicts_nothing_in_a_document_with_vat() -> None:
    assert found(line("V21", "21"), line("V21", "0", net="0.03")) == []
    assert found(line("V21", "21"), line("V21", "0", "0", position=2)) == [
        ("vat_code_charges", {"value": "V21", "lines": "2"})
    ]


def test_lines_with_the_same_code_are_told_once() -> None:
    many = [line("VR", "21", position=place) for place in (1, 2, 3)]
    assert found(*many) == [("vat_code_reverse", {"value": "VR"})]
    assert found(*many, line("V21", "21", position=4)) == [
        ("vat_code_reverse", {"value": "VR", "lines": "1-3"})
    ]


def test_the_codes_of_parts_count() -> None:
    shares = (Share(percentage=D(50), gl_code="4000"), Share(gl_code="4100", vat_code="VR"))
    split = [share_json(share, "id") for share in shares]
    assert found(line("V21", "21", split=split)) == [("vat_code_reverse", {"value": "VR"})]


@given(
    net=st.integers(-1_000_000, 1_000_000),
    tax=st.integers(-210_000, 210_000),
    type_=st.sampled_from("EIBN"),
    percentage=st.sampled_from([None, "0", "0.09", "0.21"]),
    charged=st.booleans(),
)
def test_the_supplier_gets_what_the_document_says_with_any_code(
    net: int, tax: int, type_: str, percentage: str | None, charged: bool
) -> None:
    one = line("X", str(D(tax) / 100), net=str(D(net) / 100))
    code = VATCode(code="X", type=type_, charged=charged)
    (part,) = entry_lines([one])
    sent = amounts_of(part, code, None if percentage is None else D(percentage))
    on_top = type_ == "E" and not charged  # where nothing is sent, Exact computes the VAT of the document
    gets = sent.amount + (part.tax if sent.vat is None else sent.vat) if on_top else sent.amount
    assert gets == one.net + (one.tax or 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("who", ["person", "rule"])
def test_a_code_for_reverse_charge_on_a_document_with_vat_asks_for_a_person(books: Books, who: str) -> None:
    VATCodeFactory(division=books.division, code="VR", charged=True)
    if who == "rule":
        BookingRuleFactory(administration=books.administration, vat_code="VR", gl_code="")
    invoice = coded(xml())
    if who == "person":
        assert invoice.state == State.READY
        chosen(invoice, vat_code="VR")
    invoice = again(invoice)
    assert invoice.state == State.PROPOSED
    assert "reverse charge" in invoice.proposed_because
    assert told(invoice)["vat_code_reverse"] == {"value": "VR"}
    InvoiceLine.objects.filter(invoice=invoice).update(vat_code="V21", vat_source=ValueSource.PERSON)
    if who == "person":
        assert told(again(invoice)) == {}
        assert Invoice.objects.get(pk=invoice.pk).state == State.READY


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_a_code_with_vat_on_a_document_without_asks_for_a_person(books: Books) -> None:
    content = changed(xml(), "<cbc:Percent>21</cbc:Percent>", "<cbc:Percent>0</cbc:Percent>")
    content = changed(changed(content, ">21.00<", ">0.00<"), ">121.00<", ">100.00<")
    content = changed(content, "<cbc:ID>S</cbc:ID>", "<cbc:ID>Z</cbc:ID>")
    invoice = coded(content)
    chosen(invoice, vat_code="V21")
    invoice = again(invoice)
    assert (invoice.state, invoice.gross) == (State.PROPOSED, D(100))
    assert told(invoice)["vat_code_charges"] == {"value": "V21"}
