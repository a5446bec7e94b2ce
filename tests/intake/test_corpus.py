"""Documents written by others, read and compared with what their manifest says of them."""

import json
from decimal import Decimal
from typing import Any

import pytest

from apps.intake.detection import Format, NotAnInvoice
from apps.intake.document import Document, Party
from apps.intake.findings import check
from apps.intake.parsing import Unreadable
from apps.intake.ubl import read
from tests.shared import CORPUS, needs_corpus

pytestmark = needs_corpus

ARITHMETIC = {"BR-CO-10", "BR-CO-13", "BR-CO-14", "BR-CO-15", "BR-CO-16", "BR-CO-17"}
OTHER_KINDS = {"CII": Format.CII, "ApplicationResponse": Format.APPLICATION_RESPONSE}

# file name: what differs from the manifest, and why
DIFFERENCES = {
    # the name runs over two lines in the file; it is kept on one line
    "sample-discount-price.xml": {"customer.name"},
    # an embedded file without a name gets the name of its reference
    "SI-UBL-INV-1.2-ok-reference.xml": {"attachments"},
}


def _entries() -> list[dict[str, Any]]:
    manifest = CORPUS / "MANIFEST.json"
    return json.loads(manifest.read_text())["invoices"] if manifest.exists() else []


ENTRIES = _entries()
INVOICES = [entry for entry in ENTRIES if entry["type"] in ("Invoice", "CreditNote")]


def _read(entry: dict[str, Any]) -> Document:
    return read((CORPUS / entry["path"]).read_bytes())


def _party(party: Party) -> dict[str, Any]:
    """A party in the form of the manifest: members without content are left out."""
    texts = {
        name: getattr(party, name)
        for name in ("name", "country", "vat", "legal_id", "legal_scheme", "endpoint", "endpoint_scheme")
    }
    party_ids = [{"id": one.text, "scheme": one.scheme or None} for one in party.party_ids]
    return {name: text for name, text in texts.items() if text} | (
        {"party_ids": party_ids} if party_ids else {}
    )


def _rate(rate: Decimal | None) -> str:
    return "" if rate is None else f"@{rate.normalize():f}"


def _summary(document: Document) -> dict[str, Any]:
    """A document in the form of the manifest."""
    return {
        **{name: getattr(document, name) or None for name in ("customization_id", "type_code", "number")},
        **{name: getattr(document, name) for name in ("line_total", "net", "tax", "gross", "payable")},
        "issue_date": str(document.issue_date),
        "due_date": str(document.due_date) if document.due_date else None,
        "currency": document.currency,
        "lines": len(document.lines),
        **{f"supplier.{name}": value for name, value in _party(document.supplier).items()},
        **{f"customer.{name}": value for name, value in _party(document.customer).items()},
        "ibans": [means.account for means in document.payment_means if means.account],
        "payment_means": document.payment_means[0].code or None if document.payment_means else None,
        "vat_categories": sorted({one.category + _rate(one.rate) for one in document.subtotals}),
        "attachments": [
            {"mime": one.mime, "filename": one.filename, "bytes": None if data is None else len(data)}
            for one in document.attachments
            for data in [one.content()]
        ],
    }


def _expected(entry: dict[str, Any]) -> dict[str, Any]:
    sign = -1 if entry["type"] == "CreditNote" else 1
    totals = ("line_total", "net", "tax", "gross", "payable")
    same = ("customization_id", "type_code", "number", "issue_date", "due_date", "currency", "lines", "ibans")
    return {
        **{name: entry[name] for name in same},
        **{name: None if entry[name] is None else sign * Decimal(entry[name]) for name in totals},
        **{f"supplier.{name}": value for name, value in entry["supplier"].items()},
        **{f"customer.{name}": value for name, value in entry["customer"].items()},
        "payment_means": entry.get("payment_means"),
        "vat_categories": entry["vat_categories"],
        "attachments": entry["attachments"],
    }


@pytest.mark.parametrize("entry", INVOICES, ids=lambda entry: entry["path"])
def test_an_invoice_says_what_its_manifest_says(entry: dict[str, Any]) -> None:
    found, expected = _summary(_read(entry)), _expected(entry)
    differing = {name for name in found | expected if found.get(name) != expected.get(name)}
    assert differing == DIFFERENCES.get(entry["path"].rpartition("/")[2], set())


@pytest.mark.parametrize("entry", INVOICES, ids=lambda entry: entry["path"])
def test_our_arithmetic_agrees_with_the_official_rules(entry: dict[str, Any]) -> None:
    document = _read(entry)
    official = {rule for one in entry.get("observed", {}).values() for rule in one.get("fatal", [])}
    assert {finding.code for finding in check(document)} & ARITHMETIC == official & ARITHMETIC
    assert all(finding.sentence() for finding in check(document))


def test_only_documents_of_an_unclear_nature_or_with_vat_over_other_lines_are_stopped() -> None:
    stopped = {
        entry["path"].rpartition("/")[2]: [f.code for f in check(_read(entry)) if f.blocks]
        for entry in INVOICES
    }
    assert {name: found for name, found in stopped.items() if found} == {
        "SI-UBL-2.0_BR-NL-7_error_381_invoice.xml": ["credit_unclear"],
        "SI-UBL-2.0_BR-NL-7_ok_389.xml": ["self_billed"],
        "SI-UBL-2.0_BR-S-08_error.xml": ["group_differs"],
    }


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if entry["type"] in OTHER_KINDS], ids=lambda entry: entry["path"]
)
def test_another_kind_of_document_is_refused_by_name(entry: dict[str, Any]) -> None:
    with pytest.raises(NotAnInvoice) as caught:
        _read(entry)
    assert caught.value.format is OTHER_KINDS[entry["type"]]
    assert str(caught.value.reason)


@pytest.mark.parametrize(
    "entry",
    [entry for entry in ENTRIES if not entry["path"].lower().endswith(".xml")],
    ids=lambda entry: entry["path"],
)
def test_what_is_no_xml_is_refused_as_such(entry: dict[str, Any]) -> None:
    with pytest.raises(Unreadable) as caught:
        _read(entry)
    assert caught.value.code == "not_xml"
