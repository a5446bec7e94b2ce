"""The mail that brings a document into a digital mailbox, and what a mail server's answer to it means. Pure."""

from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import NamedTuple

_DOMAIN = "postkamer.invalid"  # of a sender without one, which no mail server takes anyway


class File(NamedTuple):
    """One attached file."""

    name: str
    content: bytes


def message_id(reference: str, sender: str) -> str:
    """Return the Message-ID of the mail of a posting: the same however often it is tried."""
    domain = parseaddr(sender)[1].partition("@")[2] or _DOMAIN
    return f"<{reference}@{domain}>"


def plain(text: str) -> str:
    """Return `text` as one line that is only text in a header: no control characters, surrogates or encoded words.

    Python's mails read encoded words (RFC 2047) in what they are given, and one may hold the end of a line.
    """
    shown = "".join(one for one in text if one.isprintable() or one.isspace())
    return " ".join(shown.replace("=?", "= ?").split())


def written(
    *, sender: str, to: str, subject: str, reference: str, files: Sequence[File], at: datetime
) -> bytes:
    """Return a mail as it goes over the line (RFC 5322): a line for people, and the files attached in their order."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, to
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(reference, sender)
    mail.set_content(f"Postkamer {reference}\n")
    for file in files:
        name = plain(file.name)
        kind, subtype = _type_of(name)
        mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=name)
    return _subject(subject) + mail.as_bytes()


def is_refusal(code: int) -> bool:
    """Tell whether a reply code of SMTP is a refusal for good (RFC 5321 4.2.1: 5yz); 4yz may be tried again."""
    return 500 <= code < 600


def said(code: int, words: bytes | str) -> str:
    """Return a server's reply as text for people."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:500]


def _subject(text: str) -> bytes:
    """Return the header line; one that EmailMessage folds may lose a space between two words that it encodes."""
    said = plain(text)
    header = Header(said, "us-ascii" if said.isascii() else "utf-8", header_name="Subject")
    return f"Subject: {header.encode(linesep=SMTP.linesep)}{SMTP.linesep}".encode("ascii")


def _type_of(name: str) -> tuple[str, str]:
    return "application", "pdf" if name.casefold().endswith(".pdf") else "xml"
