"""In what order the parts of an arrival are read, and what waits for what."""

from typing import Any

import pytest

from apps.core import clock
from apps.intake import scanning
from apps.intake.keeping import keep
from apps.intake.models import Channel, Part, PartOutcome, Receipt
from apps.invoices.processing import process
from tests.intake import order_samples, scanners
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


def outcomes(receipt: Receipt) -> list[str]:
    return list(receipt.parts.order_by("position").values_list("outcome", flat=True))


ORDER = order_samples.sample("zwaluw-order.xml")


@pytest.mark.parametrize("name", ["order.xml", "order.xlsx"])
def test_a_paper_waits_for_the_order_beside_it(name: str) -> None:
    content = ORDER if name == "order.xml" else order_samples.sample("zwaluw-sheet.xlsx")
    receipt = keep([("order.pdf", PDF), (name, content)], channel=Channel.MAIL)
    process(receipt.pk)
    process()  # the sweeper leaves both alone
    assert outcomes(receipt) == [PartOutcome.RECEIVED, PartOutcome.RECEIVED]
    assert [part.filename for part in Part.objects.unread()] == ["order.pdf"]
    [order] = Part.objects.orders_to_read()
    assert order.settle(PartOutcome.REJECTED, reason="unreadable")
    process()
    assert outcomes(receipt) == [PartOutcome.REJECTED, PartOutcome.REJECTED]


def test_a_paper_that_was_handed_on_itself_keeps_no_other_waiting() -> None:
    receipt = keep([("orderbevestiging.pdf", PDF), ("voorwaarden.pdf", PDF + b"2")], channel=Channel.MAIL)
    process(receipt.pk)
    assert outcomes(receipt) == [PartOutcome.RECEIVED, PartOutcome.REJECTED]


def test_an_invoice_beside_an_order_is_booked_and_does_not_wait(books: Books) -> None:
    receipt = keep([("order.xml", ORDER), ("factuur.xml", xml())], channel=Channel.MAIL)
    process(receipt.pk)
    assert outcomes(receipt) == [PartOutcome.RECEIVED, PartOutcome.DOCUMENT]


def test_orders_are_rung_for_once_for_each(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BELLS = {**settings.BELLS, "parts_kept": (), "orders_found": ("apps.orders.tasks.process",)}
    rung: list[tuple[str, ...]] = []
    monkeypatch.setattr("apps.core.queue.async_task", lambda *given: rung.append(given))
    receipt = keep([("order.xml", ORDER), ("1.xml", xml())], channel=Channel.MAIL)
    process(receipt.pk)
    process(receipt.pk)
    assert rung.count(("apps.orders.tasks.process",)) == 1
