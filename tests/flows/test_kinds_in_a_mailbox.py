"""What goes into a digital mailbox: invoices and credit notes, as e-invoice, with a PDF beside it, or as PDF alone."""

from email import message_from_bytes, policy
from typing import Any

import pytest

from apps.clients.models import Package
from apps.exact.models import Division
from apps.intake.keeping import keep
from apps.invoices.delivering import deliver
from apps.invoices.demo import FIXTURES
from apps.invoices.models import Invoice, Kind, Outcome, State
from apps.invoices.processing import process
from apps.sandbox.exact import documents, messages, store
from tests.flows.conftest import BAKERY
from tests.flows.mailboxes import ADDRESS, by_mail, prepare
from tests.intake.pdf.test_examining import page, written
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db
INVOICE = (FIXTURES / "documents" / "01-zwaluw-bloem.xml").read_bytes()
CREDIT = (FIXTURES / "documents" / "06-rietveen-eieren-credit.xml").read_bytes()
PDF = b"%PDF-1.7 factuur"


def in_pdf(content: bytes) -> bytes:
    """Return a PDF that carries its e-invoice: all there is of the document."""
    writer = page("Factuur")
    writer.add_attachment("factuur.xml", content)
    return written(writer)


KINDS: list[Any] = [
    pytest.param(Kind.CREDIT_NOTE, [("credit.xml", CREDIT)], [23], id="credit note"),
    pytest.param(
        Kind.CREDIT_NOTE, [("credit.xml", CREDIT), ("credit.pdf", PDF)], [23, 10], id="credit note with PDF"
    ),
    pytest.param(Kind.CREDIT_NOTE, [("credit.pdf", in_pdf(CREDIT))], [10], id="credit note in a PDF"),
    pytest.param(Kind.INVOICE, [("factuur.pdf", in_pdf(INVOICE))], [10], id="invoice in a PDF"),
    pytest.param(
        Kind.INVOICE, [("factuur.xml", INVOICE), ("factuur.pdf", PDF)], [23, 10], id="invoice with PDF"
    ),
]


@pytest.fixture(params=[Package.EXACT_ONLINE, Package.EXACT_GLOBE])
def bakery_in(request: pytest.FixtureRequest, bakery: Division) -> Division:
    """The bakery, once in Exact Online and once in Exact Globe."""
    return prepare(bakery, request.param)


def came_in(kind: Kind, files: list[tuple[str, bytes]]) -> Invoice:
    process(keep(files, channel="upload").pk)
    invoice = Invoice.objects.get()
    assert invoice.kind == kind
    return invoice


def assert_lies_there(invoice: Invoice, files: list[tuple[str, bytes]]) -> None:
    """Check that one document came of it, with all its files and a proposal."""
    invoice.refresh_from_db()
    assert (invoice.state, invoice.outcome) == (State.DONE, Outcome.HANDED_OVER), invoice.detail
    (document,) = (
        row
        for row in store.rows(documents.DOCUMENTS, BAKERY)
        if invoice.posting and invoice.posting.reference in row.data["Subject"]
    )
    assert document.data["ProposedEntryStatus"] == messages.OPEN
    rows = store.rows("documents/DocumentAttachments", BAKERY)
    of_it = [row for row in rows if row.data["Document"] == document.key]
    assert {row.data["FileName"]: documents.content(row.key) for row in of_it} == dict(files)


@pytest.mark.parametrize(("kind", "files", "types"), KINDS)
def test_by_api(bakery_in: Division, kind: Kind, files: list[tuple[str, bytes]], types: list[int]) -> None:
    invoice = came_in(kind, files)
    deliver(bakery_in, at_once=True)
    assert [row.data["Type"] for row in store.rows(messages.MESSAGES, BAKERY)] == [messages.PURCHASE_INVOICE]
    sent = {row.data["AttachmentFileName"]: row.data["Type"] for row in store.rows(messages.FILES, BAKERY)}
    assert sent == dict(zip((name for name, _content in files), types, strict=True))
    assert_lies_there(invoice, files)


@pytest.mark.parametrize(("kind", "files", "types"), KINDS)
def test_by_mail(
    bakery_in: Division,
    server: MailServer,
    kind: Kind,
    files: list[tuple[str, bytes]],
    types: list[int],
) -> None:
    by_mail()
    invoice = came_in(kind, files)
    deliver(bakery_in, at_once=True)
    ((to, content),) = server.mails
    mail = message_from_bytes(content, policy=policy.default)
    kinds = [part.get_content_type() for part in mail.iter_attachments()]
    assert (to, kinds) == (
        ADDRESS,
        ["application/pdf" if one == messages.PDF else "application/xml" for one in types],
    )
    messages.take_mail(content, to=to)
    assert_lies_there(invoice, files)
