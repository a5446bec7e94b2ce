"""What is attached to a document in Exact, under which names."""

from typing import Any

import pytest
from pytest_django import Settings

from apps.intake.enclosures import LARGEST, PAGE
from apps.intake.models import Part
from apps.invoices.attaching import left_out, steps, subject
from apps.invoices.models import Invoice


def invoice(*enclosures: tuple[int, str, bool], number: str = "2026-0042", **values: Any) -> Invoice:
    payment = {"enclosures": enclosures, "size": values.pop("size", 1000)}
    part = Part(filename="factuur.xml", original_id="ab" * 32)
    return Invoice(part=part, number=number, payment=payment, **values)


def files(one: Invoice) -> list[tuple[str, str, Any]]:
    return [(step["name"], step["payload"]["FileName"], step.get("enclosed")) for step in steps(one)]


def test_an_e_invoice_without_a_pdf_goes_with_a_page_made_of_it() -> None:
    assert files(invoice()) == [("attachment", "factuur.xml", None), (PAGE, "2026-0042.pdf", PAGE)]


def test_a_pdf_inside_takes_the_place_of_the_page() -> None:
    assert files(invoice((2, "factuur.pdf", True))) == [
        ("attachment", "factuur.xml", None),
        ("attachment 2", "factuur.pdf", 2),
    ]


def test_an_image_inside_is_no_page() -> None:
    assert [name for name, *_rest in files(invoice((1, "foto.png", False)))] == [
        "attachment",
        "attachment 1",
        PAGE,
    ]


def test_the_page_can_be_switched_off(settings: Settings) -> None:
    settings.RENDER_PDF = False
    assert files(invoice()) == [("attachment", "factuur.xml", None)]


def test_doubled_names_are_told_apart_also_from_the_originals() -> None:
    one = invoice((1, "Factuur.XML", False), (2, "bon.pdf", True), (3, "bon.pdf", True), (4, "bon", False))
    assert [name for _step, name, _enclosed in files(one)] == [
        "factuur.xml",
        "Factuur (2).XML",
        "bon.pdf",
        "bon (2).pdf",
        "bon",
    ]


@pytest.mark.parametrize(
    ("number", "name"), [("../../etc", "etc.pdf"), ("A/B:7 x", "A-B-7-x.pdf"), ("", "document.pdf")]
)
def test_the_name_of_the_page_is_a_safe_one(number: str, name: str) -> None:
    assert files(invoice(number=number))[-1][1] == name


def test_an_original_larger_than_exact_takes_is_left_out_and_the_document_says_so() -> None:
    large = invoice(size=LARGEST + 1)
    assert [name for name, *_rest in files(large)] == [PAGE]
    assert "factuur.xml" in left_out(large, "PK-1")
    assert "PK-1" in left_out(large, "PK-1")


def test_files_left_out_are_named_in_the_document_and_nothing_is_said_without_any() -> None:
    findings = [{"code": "enclosure_unsafe", "values": {"file": "uren.csv"}, "cause": ""}]
    assert "uren.csv" in left_out(invoice(findings=findings), "PK-1")
    assert left_out(invoice(), "PK-1") == ""


def test_every_file_hangs_on_the_document_and_is_taken_from_the_original() -> None:
    for step in steps(invoice((1, "foto.png", False))):
        assert (step["resource"], step["key"]) == ("documents/DocumentAttachments", "ID")
        assert (step["needs"], step["original"]) == ({"Document": "document"}, "ab" * 32)


def test_a_subject_has_our_mark_alone_and_at_its_end() -> None:
    said = subject(invoice(number="[PK-000000000001]", vendor_name="Kwaad [\x00PK-2]\r\nBV"), "PK-3")
    assert said == "Kwaad (PK-2] BV (PK-000000000001] [PK-3]"
    assert subject(invoice(number="", vendor_name=""), "PK-3") == "[PK-3]"
