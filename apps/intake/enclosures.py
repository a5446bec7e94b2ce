"""The files inside an e-invoice: which go to Exact with it, and what is said about the others. Pure."""

from typing import NamedTuple

from apps.intake import filetypes, reading
from apps.intake.document import Attachment, Document
from apps.intake.filetypes import FileType
from apps.intake.findings import Finding

LARGEST = 7 * 1024 * 1024  # bytes of one file that any country of Exact takes (Exact facts 2.2)
PAGE = "page"
_PDF = ".pdf"
Suffixes = tuple[str, ...]
_SUFFIXES: dict[FileType, Suffixes] = {
    FileType.PDF: (_PDF,),
    FileType.PNG: (".png",),
    FileType.JPEG: (".jpg", ".jpeg"),
    FileType.GIF: (".gif",),
}


class Enclosure(NamedTuple):
    """A file that goes along. `position` counts the document's files from 1; `filename` ends as its bytes say."""

    position: int
    filename: str
    is_pdf: bool


def examine(document: Document, size: int) -> tuple[list[Enclosure], list[Finding]]:
    """Return the PDFs and images that go to Exact with `document`, and a finding for each file that does not.

    `size`: bytes of the e-invoice itself, which may be too large as well. The bytes say what a file is, not its
    name (Exact facts 6.1: PDF and images are what others forward).
    """
    enclosures: list[Enclosure] = []
    findings: list[Finding] = []
    if size > LARGEST:
        findings.append(Finding("original_too_large", {"size": _megabytes(size)}))
    for position, attachment in enumerate(document.attachments, start=1):
        content = attachment.content() or b""
        suffixes = picture_or_pdf(content)
        if trouble := _trouble(attachment, content, suffixes):
            findings.append(trouble)
        else:
            filename = attachment.filename
            named = filename if filename.casefold().endswith(suffixes) else f"{filename}{suffixes[0]}"
            enclosures.append(Enclosure(position, named, _PDF in suffixes))
    return enclosures, findings


def picture_or_pdf(content: bytes) -> Suffixes:
    """Return the endings that a name of this PDF or picture may have, by the bytes; () for anything else."""
    return _SUFFIXES.get(filetypes.signature(content), ())


def _trouble(attachment: Attachment, content: bytes, suffixes: Suffixes) -> Finding | None:
    values = {"file": attachment.filename}
    if not content:
        return Finding("enclosure_unreadable", values)
    if not suffixes:
        return Finding("enclosure_unsafe", values)
    if len(content) > LARGEST:
        return Finding("enclosure_too_large", {**values, "size": _megabytes(len(content))})
    return None


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"


def content_of(original: bytes, enclosed: int | str | None) -> bytes:
    """Return what to attach: the original itself (None), the page made of it (PAGE), or the file at a position.

    Raises Unreadable, IndexError or ValueError when the original has no such file.
    """
    if enclosed is None:
        return original
    document = reading.read(original)
    if enclosed == PAGE:
        from apps.intake import rendering  # the library costs 57 MB, which only who renders shall carry

        return rendering.page(document)
    content = document.attachments[int(enclosed) - 1].content()
    if content is None:
        raise ValueError(f"File {enclosed} is not readable.")
    return content
