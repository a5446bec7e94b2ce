"""What a file is, by its bytes and never by its name, and as what a browser may be shown it. Pure."""

import re
from enum import StrEnum

from apps.intake import zip_directory

HEAD = 4096  # bytes that are looked at where no signature decides
PDF_WITHIN = 1024  # a PDF may begin this far into the file (ISO 32000-1, annex H.3)
SHOWN_AS_TEXT = "text/plain; charset=utf-8"


class FileType(StrEnum):
    """The closed list of types; UNKNOWN is everything else. OFFICE is a ZIP that is an xlsx or docx file."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    TIFF = "tiff"
    XML = "xml"
    HTML = "html"
    EML = "eml"
    ZIP = "zip"
    OFFICE = "office"
    TEXT = "text"
    UNKNOWN = "unknown"


_SIGNATURES = (
    (b"%PDF-", FileType.PDF),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"GIF87a", FileType.GIF),
    (b"GIF89a", FileType.GIF),
    (b"II*\0", FileType.TIFF),
    (b"MM\0*", FileType.TIFF),
    (b"PK\x03\x04", FileType.ZIP),
    (b"PK\x05\x06", FileType.ZIP),  # one without a file in it
)
_SHOWN = {FileType.PDF: "application/pdf", FileType.PNG: "image/png", FileType.JPEG: "image/jpeg"}
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_OFFICE_MARK = b"[Content_Types].xml"
_FIRST_TAG = re.compile(
    rb"(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<(!doctype\s+)?([\w.:-]+)", re.DOTALL | re.IGNORECASE
)
_TAGS_OF_HTML = frozenset(
    b"html head body script style meta title link base iframe object embed form table div span img center font".split()
)
_FIELD = re.compile(rb"([!-9;-~]+):[ \t]?[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)")
_MBOX_LINE = re.compile(rb"From [^\r\n]*\r?\n")
_SAYS_MAIL = frozenset((b"from", b"received", b"message-id", b"return-path"))
_FIELDS_OF_MAIL = _SAYS_MAIL | {b"to", b"subject", b"date", b"mime-version", b"delivered-to", b"content-type"}
_NOT_IN_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")


def detect(content: bytes) -> FileType:
    """Return the type of a file. A PDF that begins after other bytes is a PDF as well, unless these decide first."""
    found = signature(content)
    if found is FileType.ZIP:
        return FileType.OFFICE if _is_office(content) else FileType.ZIP
    if found is not FileType.UNKNOWN:
        return found
    head = _plain(content[:HEAD])
    if tag := _FIRST_TAG.match(head):
        return FileType.HTML if tag[2].lower() in _TAGS_OF_HTML else FileType.XML
    if _is_mail(head):
        return FileType.EML
    if b"%PDF-" in content[:PDF_WITHIN]:
        return FileType.PDF
    is_text = bool(head) and not _NOT_IN_TEXT.search(head)
    return FileType.TEXT if is_text else FileType.UNKNOWN


def signature(content: bytes) -> FileType:
    """Return the type that the very first bytes say, UNKNOWN where they say none: stricter than `detect`."""
    return next((kind for start, kind in _SIGNATURES if content.startswith(start)), FileType.UNKNOWN)


def shown_as(content: bytes) -> str | None:
    """Return the MIME type under which a browser may show the bytes in its page, None: as a download only.

    What begins as markup does is shown as plain text, whatever it is: HTML and SVG run scripts (stack facts 7.8).
    """
    if shown := _SHOWN.get(signature(content)):
        return shown
    looks_like_markup = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
    return SHOWN_AS_TEXT if looks_like_markup else None


def _plain(head: bytes) -> bytes:
    """The beginning of a text as single bytes, also of one in UTF-16 or UTF-32."""
    marked = head.startswith(_MARKS) or b"\0" in head[:4]
    wide = marked and head.count(b"\0") * 3 > len(head)
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"") if wide else head


def _is_mail(head: bytes) -> bool:
    """Tell whether the head of a mail begins here: two of its fields at least, one that nothing else has."""
    names: set[bytes] = set()
    start = _MBOX_LINE.match(head)
    at = start.end() if start else 0
    while field := _FIELD.match(head, at):
        names.add(field[1].lower())
        at = field.end()
    return bool(names & _SAYS_MAIL) and len(names & _FIELDS_OF_MAIL) > 1


def _is_office(content: bytes) -> bool:
    try:
        return _OFFICE_MARK in zip_directory.names(content)
    except zip_directory.Damaged:
        return False
