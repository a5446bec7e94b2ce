"""Which PDFs and pictures belong to the order that they came with."""

from typing import Any

import pytest

from apps.core import clock
from apps.intake.models import Hold, Part, PartKind, PartOutcome, Receipt
from apps.intake.order_papers import is_paper, papers_of, waits_for_an_order
from tests.intake import samples, scanners
from tests.intake.factories import OriginalFactory, PartFactory, ReceiptFactory
from tests.intake.pdf.test_examining import page, written

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 a page"


@pytest.fixture
def receipt() -> Receipt:
    made: Receipt = ReceiptFactory()
    return made


def part_of(receipt: Receipt, filename: str, content: bytes = PDF, **values: Any) -> Part:
    position = receipt.parts.count() + 1
    made: Part = PartFactory(
        receipt=receipt,
        filename=filename,
        original=OriginalFactory(data=content + b"\n" * position),
        position=position,
        **values,
    )
    return made


@pytest.fixture
def order(receipt: Receipt) -> Part:
    return part_of(receipt, "order.xml", b"<Order/>", kind=PartKind.ORDER, format="order")


def test_papers_beside_an_order_belong_to_it_in_their_order(receipt: Receipt, order: Part) -> None:
    two = part_of(receipt, "B.PDF")
    one = part_of(receipt, "a.png", b"\x89PNG\r\n\x1a\n")
    part_of(receipt, "c.pdf", b"no pdf at all")
    part_of(receipt, "d.docx")
    part_of(receipt, "e.pdf", outcome=PartOutcome.REJECTED, reason="x")
    part_of(ReceiptFactory(), "elsewhere.pdf")
    assert papers_of(order) == [two, one]


@pytest.mark.parametrize(
    "values",
    [
        {"filename": "other.xml", "kind": PartKind.ORDER, "format": "order"},
        {"filename": "bevestiging.pdf", "kind": PartKind.ORDER},
        {"filename": "factuur.xml"},
        {"filename": "factuur.xml", "outcome": PartOutcome.DOCUMENT, "format": "bis3"},
        {"filename": "scan.pdf", "outcome": PartOutcome.DOCUMENT},
    ],
)
def test_beside_another_document_nothing_is_certain(
    values: dict[str, Any], receipt: Receipt, order: Part
) -> None:
    part_of(receipt, "a.pdf")
    part_of(receipt, **values)
    assert papers_of(order) == []


def test_a_pdf_that_carries_an_invoice_is_a_document_of_its_own(receipt: Receipt, order: Part) -> None:
    for content in (samples.ubl().encode(), b"<broken"):
        writer = page("Factuur")
        writer.add_attachment("a.xml", content)
        part_of(receipt, f"{len(content)}.pdf", written(writer))
    assert [paper.filename for paper in papers_of(order)] == ["7.pdf"]


def test_what_somebody_said_is_no_attachment_is_none(receipt: Receipt, order: Part) -> None:
    paper = part_of(receipt, "a.pdf")
    paper.offerings.create(at=clock.now(), who="Sanne", was=PartOutcome.ATTACHMENT)
    assert papers_of(order) == []


def test_a_paper_with_a_virus_goes_along_with_nothing(receipt: Receipt, order: Part, settings: Any) -> None:
    paper = part_of(receipt, "a.pdf")
    with scanners.answering(None) as address:
        settings.CLAMAV_ADDRESS = address
        assert papers_of(order) == []
    paper.refresh_from_db()
    assert paper.outcome == PartOutcome.RECEIVED


def test_a_paper_of_which_the_bytes_are_gone_stays_behind(receipt: Receipt, order: Part) -> None:
    paper = part_of(receipt, "a.pdf")
    paper.original.content_name = "nowhere"
    paper.original.save(update_fields=["content_name"])
    assert papers_of(order) == []


@pytest.mark.parametrize(
    ("filename", "changes", "waits"),
    [
        ("a.pdf", {}, True),
        ("a.JPG", {}, True),
        ("a.xlsx", {}, False),
        ("a.xml", {}, False),
        ("a.pdf", {"format": ""}, False),
        ("a.pdf", {"kind": ""}, False),
        ("a.pdf", {"outcome": PartOutcome.DOCUMENT}, False),
        ("a.pdf", {"outcome": PartOutcome.REJECTED, "reason": "x"}, False),
    ],
)
def test_a_paper_waits_while_an_order_beside_it_is_neither_stored_nor_refused(
    filename: str, changes: dict[str, str], waits: bool, receipt: Receipt, order: Part
) -> None:
    Part.objects.filter(pk=order.pk).update(**changes)
    assert waits_for_an_order(part_of(receipt, filename)) is waits
    assert not waits_for_an_order(part_of(ReceiptFactory(), filename))
    assert is_paper(filename) is (filename[-3:] != "xml" and filename[-4:] != "xlsx")


def test_a_part_is_handed_on_once_and_settled_after_that(receipt: Receipt) -> None:
    part = part_of(receipt, "a.xml")
    same = Part.objects.get(pk=part.pk)
    assert part.hand_on(PartKind.ORDER, "order")
    assert (part.kind, part.format, part.outcome) == (PartKind.ORDER, "order", PartOutcome.RECEIVED)
    assert not same.hand_on(PartKind.ORDER)
    assert same.settle(PartOutcome.DOCUMENT)
    assert not part.hand_on(PartKind.REMINDER)


def test_orders_of_a_receipt_that_is_held_wait_too(receipt: Receipt, order: Part) -> None:
    assert list(Part.objects.orders_to_read()) == [order]
    Receipt.objects.filter(pk=receipt.pk).update(hold=Hold.SENDER)
    assert not Part.objects.orders_to_read().exists()
