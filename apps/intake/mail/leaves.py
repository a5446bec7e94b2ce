"""Every leaf of a mail: files and texts, through nested multiparts and forwarded mails. Pure."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from quopri import decodestring

from apps.intake.mail import headers, names, texts
from apps.intake.mail.parser import parsed, unreadable
from apps.intake.parsing import Unreadable

DEEPEST_MAIL = 5  # mails within mails
DEEPEST_MULTIPART = 40

_TEXTS = {"text/plain", "text/html"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of a mail that holds no other parts. `cid` is its Content-ID, `forwarded` a mail that was not opened.

    `empty_mail` says that it is a forwarded mail without any file.
    """

    filename: str
    content: bytes
    kind: str
    inline: bool = False
    cid: str = ""
    charset: str = ""
    too_deep: bool = False
    empty_mail: bool = False


@dataclass(slots=True)
class Leaves:
    """The files of a mail and of those within it, and its texts as (kind, text)."""

    files: list[Leaf] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)


def leaves_of(message: Message) -> Leaves:
    """Take a parsed mail apart. Raises Unreadable when it nests too deep."""
    found = Leaves()
    _walk(message, found, mails=0, multiparts=0)
    return found


def _walk(message: Message, found: Leaves, *, mails: int, multiparts: int) -> None:
    if multiparts > DEEPEST_MULTIPART:
        raise unreadable("too_deep")
    kind = message.get_content_type()
    if kind in ("message/rfc822", "message/global") and message.is_multipart():
        _open_mail(message, found, mails=mails, multiparts=multiparts)
    elif kind.startswith("multipart/") and message.is_multipart():
        for child in _children(message):
            _walk(child, found, mails=mails, multiparts=multiparts + 1)
    else:
        _take(_leaf(message, kind), found, mails=mails, multiparts=multiparts)


def _take(leaf: Leaf, found: Leaves, *, mails: int, multiparts: int) -> None:
    is_text = leaf.kind in _TEXTS and not leaf.filename
    if is_text and leaf.kind == "text/plain" and leaf.content.lstrip()[:5] == b"<?xml":
        found.files.append(
            replace(leaf, filename=names.by_kind("text/xml"))
        )  # an invoice in place of the text
    elif is_text:
        found.texts.append((leaf.kind, texts.decoded(leaf.content, leaf.charset)))
    elif leaf.filename.lower().endswith(".eml") and leaf.content.strip():
        _open_bytes(leaf.content, leaf.filename, found, mails=mails, multiparts=multiparts)
    else:
        found.files.append(leaf)


def _open_mail(message: Message, found: Leaves, *, mails: int, multiparts: int) -> None:
    """Open a forwarded mail; some mailers encode it, against the rules (RFC 2046, 5.2.1)."""
    inner = next(_children(message), None)
    encoding = str(message.get("content-transfer-encoding", "")).strip().lower()
    name = names.filename_of(message)
    if inner is not None and encoding in ("base64", "quoted-printable"):
        content = _decoded_again(_content(inner), encoding)
        _open_bytes(content, name, found, mails=mails, multiparts=multiparts)
    elif inner is not None:
        _open(inner, name, found, mails=mails, multiparts=multiparts)


def _open_bytes(content: bytes, name: str, found: Leaves, *, mails: int, multiparts: int) -> None:
    try:
        inner = parsed(content)
    except Unreadable:
        found.files.append(Leaf(name or names.MAIL, content, "message/rfc822", too_deep=True))
    else:
        _open(inner, name, found, mails=mails, multiparts=multiparts)


def _open(inner: Message, name: str, found: Leaves, *, mails: int, multiparts: int) -> None:
    name = name or names.of_mail(headers.text(inner, "subject"))
    if mails >= DEEPEST_MAIL:
        found.files.append(Leaf(name, _bytes_of(inner), "message/rfc822", too_deep=True))
        return
    before = len(found.files)
    _walk(inner, found, mails=mails + 1, multiparts=multiparts + 1)
    if len(found.files) == before:
        found.files.append(Leaf(name, _bytes_of(inner), "message/rfc822", empty_mail=True))


def _leaf(message: Message, kind: str) -> Leaf:
    disposition = next(headers.values(message, "content-disposition"), "").partition(";")[0].strip().lower()
    filename = names.filename_of(message)
    if not filename and (disposition == "attachment" or kind not in _TEXTS):
        filename = names.by_kind(kind)
    return Leaf(
        filename=filename,
        content=_content(message),
        kind=kind,
        inline=disposition == "inline",
        cid=next(headers.values(message, "content-id"), "").strip().strip("<>").lower(),
        charset=names.charset_of(message),
    )


def _content(message: Message) -> bytes:
    """Return the bytes of a leaf; as much as can be decoded of one that is damaged."""
    try:
        content = message.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError):
        content = None
    return content if isinstance(content, bytes) else _bytes_of(message)


def _bytes_of(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return b""


def _decoded_again(content: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return decodestring(content)
    try:
        return b64decode(content)
    except NotBase64:
        return content


def _children(message: Message) -> Iterator[Message]:
    payload = message.get_payload() if message.is_multipart() else []
    yield from (one for one in payload if isinstance(one, Message))
