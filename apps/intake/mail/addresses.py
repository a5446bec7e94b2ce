"""Addresses in the headers of a mail, and what a plus-part says (RFC 5233). Pure."""

import re
from collections.abc import Iterable

MOST_ADDRESSES = 200

_NOT_IN_ONE = r"\s\0-\x1f\x7f<>()\[\]\\,;:@\""
_ADDRESS = re.compile(rf"[^{_NOT_IN_ONE}]{{1,120}}@[^{_NOT_IN_ONE}]{{1,190}}")
# A quote that nobody closes is left as it is, at once: to look on for one behind it takes a square of the time.
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)(?:"|(\\?\Z))', re.DOTALL)
_COMMENT = re.compile(r"\([^()]*\)")
_ANGLED = re.compile(r"<([^<>]*)>")


def within(value: str) -> list[str]:
    """Return the addresses of a header in small letters, in their order; names and comments are no addresses."""
    value = _bare(value)
    found = (_ADDRESS.findall(one) for one in value.split(",")[:MOST_ADDRESSES])
    # The address is the last of an entry: what stands before it is a name, even when it looks like one.
    return [entry[-1].lower().strip(".'") for entry in found if entry]


def sender(values: Iterable[str]) -> str:
    """Return the one address of From; "" when there is none, all of them as one text when there are several.

    A list of allowed senders compares it, so nothing is guessed: several From headers, or several addresses in
    one, are not the address of anybody.
    """
    found = list(dict.fromkeys(one for value in values for one in _of_sender(value)))
    return ", ".join(found)[:255]


def _of_sender(value: str) -> list[str]:
    value = _bare(value)
    angled = [one.strip() for one in _ANGLED.findall(value)]
    stated = angled or [one.strip() for one in value.split(",")[:MOST_ADDRESSES]]
    return [one.lower() for one in stated if _ADDRESS.fullmatch(one)]


def _bare(value: str) -> str:
    """Return a header without what is quoted, and without comments."""
    unquoted = _QUOTED.sub(lambda found: " " if found[2] is None else found[1], value)
    return _COMMENT.sub(" ", unquoted)


def parts(address: str) -> tuple[str, str, str]:
    """Return (local part before the plus, plus-part or "", domain) of an address, in small letters."""
    local, _at, domain = address.lower().rpartition("@")
    before, _plus, after = local.partition("+")
    return before, after, domain
