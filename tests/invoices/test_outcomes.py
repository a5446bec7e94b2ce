"""The machine-readable line of one file: names, shapes and signs are a contract."""

from typing import Any

import pytest

from apps.invoices.outcomes import outcome_of
from apps.invoices.processing import code_one
from tests.invoices.conftest import Books, read_in
from tests.invoices.documents import changed, without_due_date, xml

pytestmark = pytest.mark.django_db

KEYS = (
    "file sha256 outcome reason format kind number issue_date due_date currency net tax payable lines supplier "
    "customer administration status cause"
).split()
FIGURES = "kind number issue_date due_date currency net tax payable lines supplier customer".split()


def line(content: bytes) -> dict[str, Any]:
    received = read_in(content)
    if received.invoice and received.invoice.administration_id:
        code_one(received.invoice)
    return outcome_of("in/factuur.xml", received)


def test_an_invoice_tells_everything(books: Books) -> None:
    found = line(xml())
    assert list(found) == KEYS
    assert len(found.pop("sha256")) == 64
    assert found == {
        "file": "in/factuur.xml",
        "outcome": "invoice",
        "reason": "",
        "format": "bis3",
        "kind": "invoice",
        "number": "2026-0042",
        "issue_date": "2026-09-15",
        "due_date": "2026-10-15",
        "currency": "EUR",
        "net": "100.00",
        "tax": "21.00",
        "payable": "121.00",
        "lines": 1,
        "supplier": {
            "name": "Anker en Touw",
            "country": "NL",
            "vat": "NL8976.20.458.B.01",
            "legal_id": "34567892",
            "iban": "NL47BUNQ0649621411",
        },
        "customer": {
            "name": "Werf De Hoop",
            "country": "NL",
            "vat": "NL809561074B01",
            "legal_id": "17131139",
            "iban": None,
        },
        "administration": books.administration.slug,
        "status": "READY",
        "cause": None,
    }


@pytest.mark.parametrize(
    "content",
    [
        xml(kind="CreditNote"),
        changed(changed(xml(net="-100.00"), "<cbc:Note>Dank", "<cbc:Note>Terug"), ">380<", ">384<"),
    ],
)
def test_a_credit_note_and_a_negative_invoice_are_both_negative(books: Books, content: bytes) -> None:
    found = line(content)
    assert (found["net"], found["tax"], found["payable"]) == ("-100.00", "-21.00", "-121.00")


def test_a_credit_note_of_a_negative_amount_is_a_charge(books: Books) -> None:
    found = line(xml(kind="CreditNote", net="-100.00"))
    assert (found["kind"], found["payable"]) == ("credit_note", "121.00")


def test_what_the_document_does_not_say_is_null(books: Books) -> None:
    assert line(without_due_date(xml()))["due_date"] is None


def test_a_waiting_document_tells_its_cause(books: Books) -> None:
    found = line(xml(kvk="11112222", vat="", iban="", domain="x.example"))
    assert (found["status"], found["cause"]) == ("ATTENTION", "vendor_unknown")


def test_a_document_for_nobody_has_no_administration() -> None:
    found = line(xml())
    assert (found["outcome"], found["administration"], found["cause"]) == ("invoice", None, "not_ours")


def test_a_duplicate_carries_every_figure_and_no_state(books: Books) -> None:
    first, second = line(xml()), line(xml())
    assert list(second) == KEYS
    assert second["outcome"] == "duplicate"
    assert "factuur.xml" in second["reason"]
    assert {name: second[name] for name in FIGURES} == {name: first[name] for name in FIGURES}
    assert (second["administration"], second["status"], second["cause"]) == (
        books.administration.slug,
        None,
        None,
    )


@pytest.mark.parametrize(
    "content", [b"", b"%PDF", b"<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>"]
)
def test_a_rejected_file_tells_why_and_nothing_else(content: bytes) -> None:
    found = line(content)
    assert list(found) == KEYS
    assert found["outcome"] == "rejected"
    assert found["reason"]
    assert {found[name] for name in (*FIGURES, "administration", "status", "cause")} == {None}
