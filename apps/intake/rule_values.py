"""What routing rules look at and hold, in the form in which the two are compared. Pure.

Kinds of evidence and comparisons are the texts of `models.Evidence` and `models.Comparison`.
"""

import re
from collections.abc import Iterable
from email.utils import parseaddr

from apps.core import names
from apps.core.identifiers import Identifier, Kind

LONGEST = 250  # characters of a rule's value
SHORTEST = 3  # characters of a part of a text: less is everywhere
EQUALS, STARTS, CONTAINS, WORD = "equals", "starts", "contains", "word"
RECIPIENT, SENDER, RECEIVER = "recipient", "sender", "receiver"
CAPITALS = ("buyer_reference", "order_number")  # as such numbers are written
# The number that tells a receiver from its sister companies, best first; a VAT number may be shared.
_TELLING = (Kind.KVK, Kind.OIN, Kind.BE_ENTERPRISE, Kind.PEPPOL, Kind.GLN, Kind.VAT)
_NUMBER_BEHIND = re.compile(r"^(?P<name>.*\S)\s+(?P<number>\S*\d{6}\S*)$")


def normal(evidence: str, text: str) -> str:
    """Return `text` as a rule about `evidence` holds it: on one line, without the difference of capitals.

    An address without the name around it; a receiver as `receiver` gives it. Normal text stays as it is.
    """
    line = " ".join(text.split())
    if evidence in CAPITALS:
        return line.upper()[:LONGEST]
    if evidence == RECEIVER:
        found = _NUMBER_BEHIND.match(line)
        return receiver(found["name"], found["number"]) if found else receiver(line)
    if evidence in (RECIPIENT, SENDER):
        return _address(line)[:LONGEST]
    return line.casefold()[:LONGEST]


def _address(text: str) -> str:
    return (parseaddr(text)[1] if "<" in text else text).strip().casefold()


def receiver(name: str, number: str = "") -> str:
    """Return a receiver as compared: plain name, legal form and number. Sister companies differ in one of them."""
    plain, form = names.plain(name), names.legal_form(name)
    parts = (plain, form if form not in plain.split()[-1:] else "", number.casefold())
    return " ".join(part for part in parts if part)[:LONGEST]


def telling(numbers: Iterable[Identifier]) -> str:
    """Return the number that says best which company of several a receiver is, "" without one."""
    usable = [one for one in numbers if one.valid and not one.is_placeholder and one.kind in _TELLING]
    return min(usable, key=lambda one: _TELLING.index(one.kind)).value if usable else ""


def receivers(named: Iterable[str], numbers: Iterable[Identifier]) -> tuple[str, ...]:
    """Return what rules may call a receiver: each of its names, with its number and without."""
    number = telling(numbers)
    forms = [form for name in named if name for form in (receiver(name, number), receiver(name))]
    return tuple(dict.fromkeys(form for form in forms if form))


def addresses(text: str) -> tuple[str, ...]:
    """Return what rules may call an address: itself, and its domain with the @ before it."""
    address = _address(" ".join(text.split()))
    domain = address.rpartition("@")[2]
    return tuple(filter(None, (address, f"@{domain}" if "@" in address and domain else "")))


def hits(comparison: str, value: str, texts: Iterable[str]) -> bool:
    """Tell whether one of `texts` compares with the rule's `value`; both are in their normal form."""
    if not value:
        return False
    if comparison == EQUALS:
        return any(text == value for text in texts)
    if comparison == STARTS:
        return any(text.startswith(value) for text in texts)
    if comparison == CONTAINS:
        return any(value in text for text in texts)
    word = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
    return any(value in text and word.search(text) is not None for text in texts)
