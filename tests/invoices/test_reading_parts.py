"""In what order the parts of an arrival are read, and what waits for what."""

from typing import Any

import pytest

from apps.core import clock
from apps.intake import scanning
from apps.intake.keeping import keep
from apps.intake.models import Channel, Part, PartOutcome
from apps.invoices.processing import process
from tests.intake import scanners
from tests.invoices.conftest import Books
from tests.invoices.documents import xml

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 a page"


def test_an_e_invoice_of_whatever_name_is_read_before_the_paper_beside_it(books: Books) -> None:
    receipt = keep([("scan.pdf", PDF), ("factuur.ubl", xml())], channel=Channel.MAIL)
    process(receipt.pk)
    paper, e_invoice = receipt.parts.order_by("position")
    assert (e_invoice.outcome, paper.outcome) == (PartOutcome.DOCUMENT, PartOutcome.ATTACHMENT)
    assert paper.attached_to == e_invoice


def test_a_paper_waits_for_its_e_invoice_that_the_scanner_did_not_answer_for(
    books: Books, settings: Any
) -> None:
    receipt = keep([("1.xml", xml()), ("1.pdf", PDF)], channel=Channel.MAIL)
    paper = receipt.parts.get(position=2).original
    paper.scanned_at = clock.now()
    paper.save(update_fields=["scanned_at"])
    with scanners.answering(None) as address:
        settings.CLAMAV_ADDRESS = address
        process(receipt.pk)
    assert scanning.trouble()
    assert {part.outcome for part in receipt.parts.all()} == {PartOutcome.RECEIVED}
    settings.CLAMAV_ADDRESS = ""
    process(receipt.pk)
    outcomes = Part.objects.filter(receipt=receipt).order_by("position").values_list("outcome", flat=True)
    assert list(outcomes) == [PartOutcome.DOCUMENT, PartOutcome.ATTACHMENT]
