"""From a stranger's bytes to an XML tree, without DTD, entities or network (e-invoicing facts 7). Pure."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from lxml import etree

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 256  # libxml2's own limit as long as huge_tree is off

_ANYTHING = re.compile(rb"[^\0\s]")
_PROLOG_DOCTYPE = re.compile(rb"(?>[^<]+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<!DOCTYPE", re.DOTALL)
_DECLARED_ENCODING = re.compile(rb"(<\?xml[^>]*?)\sencoding\s*=\s*[\"'][^\"'>]*[\"']")
_CODES = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: "not_xml",
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING: "encoding",
    etree.ErrorTypes.ERR_INVALID_ENCODING: "encoding",
    etree.ErrorTypes.ERR_INVALID_CHAR: "encoding",
    etree.ErrorTypes.ERR_NAME_TOO_LONG: "too_large",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "truncated",
    etree.ErrorTypes.ERR_GT_REQUIRED: "truncated",
    etree.ErrorTypes.ERR_LTSLASH_REQUIRED: "truncated",
}
_SENTENCES = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than can be read."),
    "too_deep": _("The file nests its elements deeper than any invoice does."),
    "doctype": _("The file brings its own document type (DOCTYPE); that is refused for safety."),
    "not_xml": _("The file is not XML."),
    "encoding": _("The file's characters do not agree with the encoding it claims."),
    "truncated": _("The file breaks off: its end is missing."),
    "malformed": _("The file is damaged: it is not well-formed XML."),
}


class Unreadable(Exception):
    """The bytes are no document that can be read. `reason` is one sentence for people, `code` for machines.

    Codes: empty, too_large, too_deep, doctype, not_xml, encoding, truncated, malformed; readers add theirs.
    """

    def __init__(self, reason: str | Promise, code: str) -> None:
        super().__init__(code)
        self.reason = reason
        self.code = code


def _unreadable(code: str) -> Unreadable:
    return Unreadable(_SENTENCES[code], code)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _has_doctype(data: bytes) -> bool:
    """Look for a DOCTYPE before the first element, in UTF-8, UTF-16 and UTF-32 alike."""
    head = data.replace(b"\0", b"") if b"\0" in data[:8] else data
    return _PROLOG_DOCTYPE.match(head) is not None


def _code(error: etree.XMLSyntaxError) -> str:
    message = str(error)
    if "depth" in message:
        return "too_deep"
    if "Couldn't find end of Start Tag" in message or "Premature end" in message:
        return "truncated"
    return _CODES.get(getattr(error, "code", None), "malformed")


def _without_false_encoding(data: bytes) -> bytes | None:
    """Bytes that claim UTF-16 but plainly are not, as some .NET software writes them, without the claim."""
    declared = _DECLARED_ENCODING.match(data)
    if declared is None or b"utf-16" not in declared[0].lower():
        return None
    return declared[1] + data[declared.end() :]


def _tree(data: bytes) -> etree._Element:
    data = data if b"\0" in data[:4] else data.lstrip()
    try:
        return etree.fromstring(_without_false_encoding(data) or data, _parser())
    except etree.XMLSyntaxError as error:
        raise _unreadable(_code(error)) from error


def parse(data: bytes, *, max_bytes: int = MAX_BYTES) -> etree._Element:
    """Return the root element of `data`, comments and processing instructions left out.

    Raises Unreadable for anything that is no well-formed, DOCTYPE-free XML of at most `max_bytes` bytes and
    MAX_DEPTH levels.
    """
    if not _ANYTHING.search(data):
        raise _unreadable("empty")
    if len(data) > max_bytes:
        raise _unreadable("too_large")
    if _has_doctype(data):
        raise _unreadable("doctype")
    root = _tree(data)
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unreadable("doctype")
    return root
