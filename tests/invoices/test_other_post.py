"""What is no purchase invoice lies where it belongs, and comes back when a person wants it."""

import pytest

from apps.clients.models import Administration
from apps.core import clock
from apps.intake.keeping import keep
from apps.intake.models import Channel, Hold, Offering, Part, PartKind, PartOutcome
from apps.invoices.models import Invoice
from apps.invoices.receiving import receive
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory
from tests.intake import order_samples, samples
from tests.intake.factories import AllowedSenderFactory, RoutingRuleFactory
from tests.intake.parties import invoice, letter, party
from tests.intake.pdf.test_examining import page, written
from tests.invoices.conftest import Books, coded, read_in

pytestmark = pytest.mark.django_db

OURS = party("Werf B.V.", kvk="17131139")
STRANGER = party("Iemand B.V.", kvk="34567893")


def mailed(
    name: str,
    content: bytes,
    *,
    sender: str = "",
    subject: str = "",
    administration: Administration | None = None,
) -> Part:
    receipt = keep(
        [(name, content)],
        channel=Channel.MAIL,
        sender=sender,
        subject=subject,
        administration=administration,
    )
    receive(receipt.parts.select_related("receipt", "original").get())
    part: Part = receipt.parts.get()
    return part


def again(part: Part) -> Part:
    """Offer it again, as a person does."""
    Offering.objects.create(part=part, at=clock.now(), who="Sanne", was=part.outcome)
    Part.objects.filter(pk=part.pk).update(outcome=PartOutcome.RECEIVED, reason="", settled_by="")
    receive(Part.objects.select_related("receipt", "original").get(pk=part.pk))
    return Part.objects.get(pk=part.pk)


def test_a_sales_invoice_that_a_person_takes_up_again_is_a_purchase_invoice(books: Books) -> None:
    part = mailed("a.xml", invoice(STRANGER, sender=OURS))
    assert (part.outcome, part.kind, part.administration) == (
        PartOutcome.IGNORED,
        PartKind.SALES_INVOICE,
        books.administration,
    )
    assert not Invoice.objects.exists()
    part = again(part)
    assert (part.outcome, part.kind) == (PartOutcome.DOCUMENT, PartKind.INVOICE)


def test_a_scan_that_a_person_takes_up_again_is_rejected_with_its_own_reason(english: None) -> None:
    part = mailed("herinnering.pdf", b"%PDF-1.7")
    assert (part.outcome, part.kind) == (PartOutcome.IGNORED, PartKind.REMINDER)
    part = again(part)
    assert part.outcome == PartOutcome.REJECTED
    assert "PDF" in part.reason


def test_other_post_of_a_sender_that_is_not_taken_waits(books: Books) -> None:
    AllowedSenderFactory(administration=books.administration, pattern="@leverancier.example")
    part = mailed("a.xml", invoice(STRANGER, sender=OURS), sender="x@vreemd.example")
    part.receipt.refresh_from_db()
    assert (part.outcome, part.administration, part.receipt.hold) == (PartOutcome.RECEIVED, None, Hold.SENDER)
    part = mailed("b.xml", invoice(STRANGER, sender=OURS), sender="x@leverancier.example")
    assert (part.outcome, part.administration) == (PartOutcome.IGNORED, books.administration)


def test_the_title_of_a_page_says_what_it_is(english: None) -> None:
    part = mailed(
        "scan.pdf", written(page("Rekeningoverzicht")), administration=AdministrationFactory(name="Werf")
    )
    assert (part.kind, part.settled_by) == (PartKind.STATEMENT, "Postkamer")
    assert part.reason == "This is a statement of account, not an invoice. It lies under Other post of Werf."


def test_a_rule_on_the_text_of_a_page_says_for_whom_it_is() -> None:
    rule = RoutingRuleFactory(evidence="text", comparison="contains", text="herinnering")
    part = mailed("scan.pdf", written(page("Herinnering")))
    assert part.administration == rule.administration


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("order.xml", letter("Order", OURS, STRANGER), "order"),
        ("a.xml", order_samples.sample("zwaluw-bevestiging.xml"), "order_response"),
        ("a.xml", order_samples.sample("zwaluw-wijziging.xml"), "order_change"),
        ("a.xml", order_samples.sample("zwaluw-annulering.xml"), "order_cancellation"),
        ("a.xlsx", order_samples.sample("zwaluw-sheet.xlsx"), "order_sheet"),
        ("a.csv", order_samples.sample("zwaluw-sheet.csv"), "order_sheet"),
        ("orderbevestiging 7.pdf", b"%PDF-1.7", ""),
        ("scan.pdf", written(page("Orderbevestiging 7")), ""),
    ],
)
def test_an_order_is_handed_on_and_stays_unsettled(name: str, content: bytes, form: str) -> None:
    AdministrationIdentifierFactory(kind="kvk", value="17131139")
    part = mailed(name, content)
    assert (part.outcome, part.kind, part.format) == (PartOutcome.RECEIVED, PartKind.ORDER, form)
    assert (part.administration, part.reason) == (None, "")
    assert list(Part.objects.orders_to_read()) == [part]
    assert not Part.objects.unread().exists()


def test_a_pdf_that_carries_an_order_is_handed_on_as_that() -> None:
    writer = page("Inkoop")
    writer.add_attachment("order.xml", order_samples.sample("zwaluw-order.xml"))
    part = mailed("a.pdf", written(writer))
    assert (part.outcome, part.kind, part.format) == (PartOutcome.RECEIVED, PartKind.ORDER, "order")


def test_a_table_that_is_no_order_is_rejected_as_ever(english: None) -> None:
    part = mailed("lijst.csv", b"name;code\r\na;b\r\n")
    assert (part.outcome, part.kind, part.format) == (PartOutcome.REJECTED, "", "")
    assert part.reason == "The file is not XML."


def test_post_of_nobody_is_seen_by_reviewers_alone() -> None:
    part = mailed("r.xml", letter("Reminder", STRANGER, STRANGER))
    assert (part.outcome, part.administration) == (PartOutcome.IGNORED, None)
    assert part.reason


@pytest.mark.parametrize(
    "content", [b"<broken", b"", samples.ubl()[:900].encode(), b"<html>Herinnering</html>"]
)
def test_what_is_broken_xml_stays_rejected_whatever_it_is_called(content: bytes) -> None:
    part = mailed("factuur.xml", content, subject="Herinnering")
    assert part.outcome == PartOutcome.REJECTED


def test_a_note_about_reminders_makes_no_reminder_of_an_invoice(books: Books) -> None:
    found = mailed("herinnering.xml", invoice(OURS, note="Herinnering: aanmaning volgt"), subject="Aanmaning")
    assert found.outcome == PartOutcome.DOCUMENT


def test_a_pdf_that_carries_its_invoice_is_booked_with_the_pdf_as_its_original(books: Books) -> None:
    writer = page("Factuur")
    writer.add_attachment("factuur.xml", invoice(OURS))
    content = written(writer)
    found = coded(content, name="factuur.pdf")
    assert (found.administration, found.number) == (books.administration, "2026-0042")
    assert found.part.original.content() == content
    assert found.payment["is_pdf"]


def test_xml_and_the_pdf_that_carries_it_are_one_document(books: Books) -> None:
    first = coded(invoice(OURS))
    writer = page("Factuur")
    writer.add_attachment("factuur.xml", invoice(OURS))
    received = read_in(written(writer), name="factuur.pdf")
    assert (received.part.outcome, received.part.duplicate_of) == (PartOutcome.DUPLICATE, first.part)
