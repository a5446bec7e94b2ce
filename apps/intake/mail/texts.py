"""From the bytes and the half-encoded texts of strangers to text, whatever they claim to be (RFC 2047). Pure."""

import codecs
import re
from base64 import b64decode
from binascii import Error as NotBase64
from html import unescape
from quopri import decodestring

LONGEST_HEADER = 10_000  # characters; what is longer is cut: no header of a mail for people comes near it
LONGEST_HTML = 200_000

_NO_TEXT = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bqBQ])\?([^?]*)\?=(\s+(?==\?))?")
_FOLD = re.compile(r"\r?\n")
_HIDDEN = re.compile(r"<(/?)(?:script|style|head)\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/h\d|/li)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LONE = re.compile("[\ud800-\udfff]")  # halves of letters, which no database takes
_BLANKS = re.compile(r"[^\S\n]+")


def decoded(content: bytes, charset: str = "") -> str:
    """Return `content` as text: in the charset that it claims where that works, else UTF-8, else Windows-1252."""
    for name in (charset, "utf-8"):
        try:
            if name and codecs.lookup(name).name not in _NO_TEXT:
                return _LONE.sub("\ufffd", content.decode(name))
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", errors="replace")


def raw_text(value: str) -> str:
    """Return a header as the parser kept it, its bytes beyond ASCII as text, on one line and not too long."""
    content = value[:LONGEST_HEADER].encode("utf-8", errors="surrogateescape")
    return _FOLD.sub("", decoded(content))


def plain(value: str) -> str:
    """Return the text of a header with its encoded words read."""
    out: list[str] = []
    waiting: tuple[str, bytes] = ("", b"")  # words of one charset together: some mailers cut letters in two
    end = 0
    for found in _WORD.finditer(value):
        charset, content = found[1].partition("*")[0].lower(), _word(found[2], found[3])
        if waiting[0] == charset and found.start() == end:
            waiting = (charset, waiting[1] + content)
        else:
            out += [decoded(waiting[1], waiting[0]), value[end : found.start()]]
            waiting = (charset, content)
        end = found.end()
    return "".join([*out, decoded(waiting[1], waiting[0]), value[end:]]).strip()


def _word(encoding: str, text: str) -> bytes:
    content = text.encode("utf-8", errors="replace")
    if encoding in "qQ":
        return decodestring(content.replace(b"_", b"=20"), header=True)
    try:
        return b64decode(content + b"==")
    except NotBase64:
        return content


def without_markup(html: str) -> str:
    """Return the text of an HTML body for rules to look at: never shown as HTML."""
    shown, hidden, end = [], False, 0
    html = html[:LONGEST_HTML]
    for mark in _HIDDEN.finditer(html):
        if not hidden:
            shown.append(html[end : mark.start()])
        hidden, end = not mark[1], mark.end()
    if not hidden:
        shown.append(html[end:])
    text = _unescaped(_TAG.sub(" ", _BREAK.sub("\n", "".join(shown))))
    return "\n".join(line for line in (_BLANKS.sub(" ", one).strip() for one in text.split("\n")) if line)


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a numeric reference of thousands of digits
        return text
