"""Which files of a mail are no documents: logos, signatures, cards. Each rule has its sentence. Pure.

An XML, PDF, ZIP or office file is never dropped, whatever else is said of it (limits as eConnect facts 4).
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.intake import filetypes
from apps.intake.filetypes import FileType
from apps.intake.mail.leaves import Leaf

SMALL_PICTURE = 10 * 1024  # bytes

_DOCUMENTS = {FileType.PDF, FileType.XML, FileType.ZIP, FileType.OFFICE, FileType.EML}
_DOCUMENT_STARTS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")  # the older office files
_DOCUMENT_NAME = re.compile(
    r"\.(?:xml|ubl|pdf|zip|docx?|docm|xlsx?|xlsm|xlsb|pptx?|od[tsp]|rtf|csv|edi|eml|msg)\s*$", re.IGNORECASE
)
_PICTURE_STARTS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_PICTURE_NAME = re.compile(r"\.(?:png|jpe?g|gif|bmp|svg|webp|ico|tiff?|heic|emz|wmz)\s*$", re.IGNORECASE)
_SOCIAL = re.compile(
    r"facebook|linked-?in|twitter|instagram|youtube|whats-?app|pinterest|tiktok|(?:^|[_-])(?:fb|ig|x)-?(?:icon|logo)",
    re.IGNORECASE,
)
_SIGNATURES = {
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
    "application/pgp-keys",
}
_REPORTS = {"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"}
_EXCHANGE_TEXT = re.compile(r"ATT\d+\.(?:txt|html?)", re.IGNORECASE)

_INLINE = _("A picture inside the text of the mail.")
_SMALL = _("A picture below 10 KB: a logo or an icon.")
_ICON = _("An icon of a social network.")
_SIGNATURE = _("The digital signature of the mail.")
_CALENDAR = _("An invitation for a calendar.")
_CARD = _("A business card.")
_REPORT = _("A report about the delivery of a mail.")
_TEXT = _("A piece of the text of the mail.")
_NO_FILE = _("A forwarded mail without a file in it.")


def why_junk(leaf: Leaf, shown: frozenset[str]) -> str | Promise:
    """Say why a rule drops this file, "" when none does; `shown` are the Content-IDs that the HTML shows."""
    if leaf.empty_mail:
        return _NO_FILE
    if not leaf.content or is_document(leaf):
        return ""
    return _why_picture(leaf, shown) if _is_picture(leaf) else _why_extra(leaf)


def is_document(leaf: Leaf) -> bool:
    """Tell whether it is, or calls itself, an XML, PDF, ZIP or office file."""
    if _DOCUMENT_NAME.search(leaf.filename) or leaf.content.startswith(_DOCUMENT_STARTS):
        return True
    return filetypes.detect(leaf.content) in _DOCUMENTS and not _is_drawing(leaf)


def _is_drawing(leaf: Leaf) -> bool:
    """Tell whether it is an SVG picture, which is written in XML, too."""
    return b"<svg" in leaf.content[:2000].lower() and b"urn:oasis" not in leaf.content[:4000]


def _is_picture(leaf: Leaf) -> bool:
    named = leaf.kind.startswith("image/") or _PICTURE_NAME.search(leaf.filename)
    return bool(named) or leaf.content.startswith(_PICTURE_STARTS)


def _why_picture(leaf: Leaf, shown: frozenset[str]) -> str | Promise:
    if leaf.inline or (leaf.cid and leaf.cid in shown):
        return _INLINE
    if _SOCIAL.search(leaf.filename):
        return _ICON
    return _SMALL if len(leaf.content) < SMALL_PICTURE else ""


def _why_extra(leaf: Leaf) -> str | Promise:
    name = leaf.filename.lower().strip()
    if leaf.kind in _SIGNATURES or name.endswith((".p7s", ".asc", ".sig")):
        return _SIGNATURE
    if leaf.kind == "text/calendar" or name.endswith((".ics", ".vcs")):
        return _CALENDAR
    if leaf.kind in ("text/vcard", "text/x-vcard") or name.endswith(".vcf"):
        return _CARD
    if leaf.kind in _REPORTS:
        return _REPORT
    return _TEXT if _EXCHANGE_TEXT.fullmatch(name) else ""
