"""Which files of a mail cannot be read by anybody here, and what to ask the sender then. Pure."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.intake.mail.leaves import Leaf

_TNEF = b"\x78\x9f\x3e\x22"
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
_OUTLOOK_NAME = re.compile(r"winmail\d*\.dat", re.IGNORECASE)

_EMPTY = _("The file is empty. Ask the sender to send it again.")
_OUTLOOK = _(
    "Outlook packed the attachments into winmail.dat, which only Outlook can open. "
    "Ask the sender to send the mail as plain text or HTML, not as rich text (RTF)."
)
_MESSAGE = _(
    "This is a mail that Outlook saved (.msg), which cannot be opened here. "
    "Ask the sender to forward the mail, or to send the file itself."
)
_SECRET = _("The mail is encrypted, or sealed with its signature. Ask the sender to send it without that.")
_ELSEWHERE = _("The file is not in the mail, only a reference to it. Ask the sender to attach the file.")
_TOO_DEEP = _(
    "A mail in a mail in a mail that is not opened any further. Ask the sender for the file itself."
)


def why_refused(leaf: Leaf) -> str | Promise:
    """Say why this file cannot be read, with what to do, "" when it can be tried."""
    name = leaf.filename.lower().strip()
    if leaf.too_deep:
        return _TOO_DEEP
    if not leaf.content:
        return _EMPTY
    if leaf.kind == "message/external-body":
        return _ELSEWHERE
    if leaf.kind == "application/ms-tnef" or leaf.content.startswith(_TNEF) or _OUTLOOK_NAME.fullmatch(name):
        return _OUTLOOK
    if name.endswith(".msg") or leaf.kind == "application/vnd.ms-outlook":
        return _MESSAGE
    is_pgp = leaf.content.lstrip().startswith(b"-----BEGIN PGP MESSAGE-----")
    if leaf.kind in _ENCRYPTED or name.endswith(".p7m") or is_pgp:
        return _SECRET
    return ""
