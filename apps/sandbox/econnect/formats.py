"""The little that eConnect reads of a document: its type, who sent it, its number. Nothing else is judged."""

import re

_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Z]\w*)[\s>]")
_NAMESPACE = re.compile(rb"urn:oasis:names:specification:ubl:schema:xsd:\w+-2")
_CUSTOMIZATION = re.compile(rb"(<(?:[\w.-]+:)?CustomizationID[^>]*>)\s*([^<]*?)\s*(</)")
_NUMBER = re.compile(rb"<(?:[\w.-]+:)?ID(?:\s[^>]*)?>\s*([^<]*?)\s*</")
_ENDPOINT = re.compile(rb"<(?:[\w.-]+:)?EndpointID[^>]*schemeID=[\"']([^\"']*)[\"'][^>]*>\s*([^<]*?)\s*</")
_TYPE = re.compile(r".+::\w+##(?P<customization>.+)::[\d.]+")


def document_type(content: bytes) -> str:
    """Return the document type id of UBL (`...Invoice-2::Invoice##...::2.1`), "" for anything else."""
    root, space, custom = _ROOT.search(content), _NAMESPACE.search(content), _CUSTOMIZATION.search(content)
    if root is None or space is None or custom is None:
        return ""
    return f"{_text(space[0])}::{_text(root[1])}##{_text(custom[2])}::2.1"


def number(content: bytes) -> str:
    """Return the first ID of a document, which in UBL is its number; "" without one."""
    found = _NUMBER.search(content)
    return _text(found[1]) if found else ""


def sender(content: bytes) -> str:
    """Return the first participant that a document names, which in UBL is its sender; "" without one."""
    return _participant(content, 0)


def receiver(content: bytes) -> str:
    """Return the second participant that a document names, which in UBL is its receiver; "" without one."""
    return _participant(content, 1)


def is_type(wanted: str) -> bool:
    """Tell whether a document type id can be read."""
    return _TYPE.fullmatch(wanted) is not None


def in_format(content: bytes, wanted: str) -> bytes:
    """Return a document that says it is of the wanted type; what says nothing of types stays as it came.

    The real one rewrites the document. Here only its CustomizationID changes.
    """
    found = _TYPE.fullmatch(wanted)
    if found is None:
        return content
    customization = found["customization"].encode()
    return _CUSTOMIZATION.sub(lambda match: match[1] + customization + match[3], content, count=1)


def _participant(content: bytes, place: int) -> str:
    found = [f"{_text(match[1])}:{_text(match[2])}" for match in _ENDPOINT.finditer(content)]
    return found[place] if len(found) > place else ""


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")
