"""What is attached to a document in Exact: the original, the files inside it, a page for people. Pure."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings

from apps.intake.enclosures import LARGEST, PAGE
from apps.invoices.models import Invoice
from apps.posting import file_names
from apps.posting.file_names import told_apart
from apps.posting.messages import plain

_LEFT_OUT = ("enclosure_too_large", "enclosure_unsafe")
_UNSAFE = re.compile(r'[<>:"/\\|?*\s]+')


def subject(invoice: Invoice, reference: str) -> str:
    """Return the subject of the document or message of `invoice`: it ends in `reference` as a mark, the only one."""
    named = plain(f"{invoice.vendor_name[:80]} {invoice.number[:60]}").replace("[PK-", "(PK-")
    return f"{named} [{reference}]".strip()


def steps(invoice: Invoice) -> list[dict[str, Any]]:
    """Return the steps that attach files, each a call (Exact facts 6.1): one file per POST, none above LARGEST.

    First the original as it came in; then the PDFs and images inside it, and those that came beside it; without a
    PDF among them a page made of it, when the setting RENDER_PDF says so. Names differ on one document, so that each
    file is found by its name.
    """
    taken: set[str] = set()
    return [
        {
            "name": name,
            "resource": "documents/DocumentAttachments",
            "key": "ID",
            "payload": {"FileName": told_apart(filename, taken)},
            "original": original,
            "needs": {"Document": "document"},
            **({} if enclosed is None else {"enclosed": enclosed}),
        }
        for name, filename, original, enclosed in _files(invoice)
    ]


def _files(invoice: Invoice) -> Iterator[tuple[str, str, str, int | str | None]]:
    """Yield name of the step, file name, original, and what of that it is (intake.enclosures.content_of)."""
    enclosures, beside = invoice.payment.get("enclosures", []), invoice.payment.get("files", [])
    document = invoice.part.original_id
    if invoice.payment.get("size", 0) <= LARGEST:
        yield "attachment", invoice.part.filename, document, None
    for position, filename, _is_pdf in enclosures:
        yield f"attachment {position}", filename, document, position
    for number, (original, filename, _is_pdf) in enumerate(beside, start=1):
        yield f"file {number}", filename, original, None
    is_there = any(is_pdf for _which, _filename, is_pdf in (*enclosures, *beside))
    if settings.RENDER_PDF and not (is_there or invoice.payment.get("is_pdf")):
        name = f"{_UNSAFE.sub('-', invoice.number)[:60].strip('-.') or 'document'}.pdf"
        yield PAGE, name, document, PAGE


class MailboxFile(NamedTuple):
    """A file for a digital mailbox; `enclosed`: what of the original it is (intake.enclosures.content_of)."""

    name: str
    original: str
    enclosed: int | str | None = None


def files_for_mailbox(invoice: Invoice) -> Iterator[MailboxFile]:
    """Yield the original as it came in and the PDFs with it: a mailbox reads invoices, so no pictures and no page."""
    taken: set[str] = set()
    for name, filename, original, enclosed in _files(invoice):
        if name == "attachment" or (name != PAGE and filename.casefold().endswith(".pdf")):
            yield MailboxFile(told_apart(filename, taken), original, enclosed)


def left_out(invoice: Invoice, reference: str) -> str:
    """Return the sentence for the document in Exact about files that were not sent, "" when all were."""
    findings = [one for one in invoice.findings if one["code"] in _LEFT_OUT]
    files = [str(one["values"]["file"]) for one in findings]
    if invoice.payment.get("size", 0) > LARGEST:
        files.insert(0, invoice.part.filename)
    return file_names.left_out(files, reference)
