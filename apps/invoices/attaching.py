"""What is attached to a document in Exact: the original, the files inside it, a page for people. Pure."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apps.intake.document import LANGUAGE
from apps.intake.enclosures import LARGEST, PAGE
from apps.invoices.models import Invoice

_LEFT_OUT = ("enclosure_too_large", "enclosure_unsafe")
_UNSAFE = re.compile(r'[<>:"/\\|?*\s]+')


def steps(invoice: Invoice) -> list[dict[str, Any]]:
    """Return the steps that attach files, each a call (Exact facts 6.1): one file per POST, none above LARGEST.

    First the original as it came in; then the PDFs and images inside it; without a PDF among them a page made of
    it, when the setting RENDER_PDF says so. Names differ on one document, so that each file is found by its name.
    """
    taken: set[str] = set()
    return [
        {
            "name": name,
            "resource": "documents/DocumentAttachments",
            "key": "ID",
            "payload": {"FileName": _told_apart(filename, taken)},
            "original": invoice.part.original_id,
            "needs": {"Document": "document"},
            **({} if enclosed is None else {"enclosed": enclosed}),
        }
        for name, filename, enclosed in _files(invoice)
    ]


def _files(invoice: Invoice) -> Iterator[tuple[str, str, int | str | None]]:
    """Yield name of the step, file name, and what of the original it is (intake.enclosures.content_of)."""
    enclosures = invoice.payment.get("enclosures", [])
    if invoice.payment.get("size", 0) <= LARGEST:
        yield "attachment", invoice.part.filename, None
    for position, filename, _is_pdf in enclosures:
        yield f"attachment {position}", filename, position
    if settings.RENDER_PDF and not any(is_pdf for _position, _filename, is_pdf in enclosures):
        yield PAGE, f"{_UNSAFE.sub('-', invoice.number)[:60].strip('-.') or 'document'}.pdf", PAGE


def _told_apart(filename: str, taken: set[str]) -> str:
    stem, dot, suffix = filename.rpartition(".")
    name, number = filename, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem} ({number}).{suffix}" if dot else f"{filename} ({number})"
    taken.add(name.casefold())
    return name


def left_out(invoice: Invoice, reference: str) -> str:
    """Return the sentence for the document in Exact about files that were not sent, "" when all were."""
    findings = [one for one in invoice.findings if one["code"] in _LEFT_OUT]
    files = [str(one["values"]["file"]) for one in findings]
    if invoice.payment.get("size", 0) > LARGEST:
        files.insert(0, invoice.part.filename)
    if not files:
        return ""
    with translation.override(LANGUAGE):
        words = _("Not attached here: %(files)s. Postkamer keeps it under %(reference)s.")
        return words % {"files": ", ".join(files), "reference": reference}
