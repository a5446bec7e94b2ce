"""From the bytes of a mail to its tree of parts, without being led into the ways to keep a parser busy. Pure."""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.intake.parsing import Unreadable

MOST_LINES = 1_000_000  # twice as many as a mail of 35 MB in base64 has
MOST_DELIMITERS = 20_000  # lines that may begin a part
MOST_BOUNDARIES = 500
MOST_COMPARISONS = 100_000_000  # the parser holds each line against each boundary around it
LONGEST_TYPE = 8_000  # bytes of one Content-Type header
MOST_PARAMETERS = 200  # in one: the library counts the quotes before each again

_TYPE = re.compile(
    rb"(?:\A|(?<=[\r\n]))content-(?:type|disposition):[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*", re.IGNORECASE
)
_SENTENCES = {
    "empty": _("The mail is empty."),
    "too_large": _("The mail is larger than can be read."),
    "too_deep": _("The mail nests its parts deeper than any mail program does."),
    "too_many": _("The mail holds more than 1,000 files. Ask the sender for several mails."),
    "malformed": _("The mail is damaged: it cannot be taken apart."),
}


def parsed(content: bytes) -> Message:
    """Parse a mail. Raises Unreadable for what would take the parser too long, too deep, or down."""
    if not content.strip():
        raise unreadable("empty")
    if len(content) > settings.MAX_MAIL_BYTES:
        raise unreadable("too_large")
    if _lines(content, b"") > MOST_LINES or _lines(content, b"--") > MOST_DELIMITERS:
        raise unreadable("malformed")
    boundaries = 0
    for found in _TYPE.finditer(content):
        boundaries += b"boundary" in found[0].lower()
        if found.end() - found.start() > LONGEST_TYPE or found[0].count(b";") > MOST_PARAMETERS:
            raise unreadable("malformed")
    if boundaries > MOST_BOUNDARIES or boundaries * _lines(content, b"") > MOST_COMPARISONS:
        raise unreadable("too_deep")
    try:
        return message_from_bytes(content.lstrip(b"\r\n"), policy=compat32)
    except RecursionError as error:
        raise unreadable("too_deep") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # the parser's own faults
        raise unreadable("malformed") from error


def _lines(content: bytes, start: bytes) -> int:
    """Count the lines that begin with `start`, whichever way they end."""
    return max(content.count(end + start) for end in (b"\n", b"\r"))


def unreadable(code: str) -> Unreadable:
    """Return what to raise: empty, too_large, too_deep, too_many or malformed."""
    return Unreadable(_SENTENCES[code], code)
