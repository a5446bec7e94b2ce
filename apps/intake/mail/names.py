"""The name of a file in a mail, as its sender meant it (RFC 2231, and RFC 2047 where mailers use that). Pure.

Whoever stores or shows it makes it bare and printable: a name is never a path.
"""

import re
from collections.abc import Iterable
from email.message import Message

from apps.intake.mail import headers, texts

MAIL = "mail.eml"
LONGEST_SUBJECT = 100

_CRUDE = re.compile(r'name\*?\d*\*?\s*=\s*"?([^";]+)', re.IGNORECASE)
_EXTENSIONS = {
    "application/pdf": "pdf",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/zip": "zip",
    "application/x-zip-compressed": "zip",
    "application/ms-tnef": "dat",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/tiff": "tif",
    "text/calendar": "ics",
    "text/html": "html",
    "text/plain": "txt",
}


def filename_of(message: Message) -> str:
    """Return the name that a part gives itself, "" without one."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        for value in headers.values(message, header):
            name = _parameter(value, parameter)
            if name:
                return name
    return ""


def charset_of(message: Message) -> str:
    """Return the charset that a text claims, "" without one."""
    return next((_parameter(value, "charset") for value in headers.values(message, "content-type")), "")


def by_kind(kind: str) -> str:
    """Return a name for a file that has none, by what its sender says that it is."""
    return f"attachment.{_EXTENSIONS.get(kind, 'bin')}"


def of_mail(subject: str) -> str:
    """Return a name for a forwarded mail, by its subject."""
    bare = re.sub(r"[/\\]", "-", subject)[:LONGEST_SUBJECT].strip()
    return f"{bare}.eml" if bare else MAIL


def _parameter(value: str, name: str) -> str:
    """Read one parameter of a header; broken ones by what stands behind the equals sign."""
    carrier = Message()
    carrier.add_header("x", "")
    try:
        carrier.replace_header("x", value)
        found = carrier.get_param(name, "", header="x")
        if isinstance(found, tuple):
            charset, _language, text = found
            return texts.decoded(text.encode("latin-1", errors="replace"), charset or "").strip()
        return texts.plain(found)
    except (ValueError, LookupError, TypeError, AttributeError):
        crude: Iterable[str] = _CRUDE.findall(value)
        return next((texts.plain(one) for one in crude), "")
