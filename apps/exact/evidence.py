"""The numbers that say which company a division or an administration is. Pure."""

from collections.abc import Iterable

from apps.core import identifiers
from apps.core.identifiers import Identifier, Kind

REGISTERED = (Kind.KVK, Kind.BE_ENTERPRISE, Kind.VAT)  # one company has one of each
Number = tuple[str, str]
_KINDS = frozenset(kind.value for kind in REGISTERED)


def numbers(vat: str, chamber: str, country: str) -> list[Identifier]:
    """Return the numbers of a division that say who it is: only sound ones, and none that stand for a missing one."""
    found = [identifiers.vat(vat, country)]
    if country in {"NL", "BE"}:
        found.append((identifiers.be_enterprise if country == "BE" else identifiers.kvk)(chamber))
    every = [*found, *(identifiers.implied(found[0]) if found[0] else ())]
    return [number for number in every if number and number.valid and not number.is_placeholder]


def known_numbers(pairs: Iterable[Number]) -> frozenset[Number]:
    """Return (kind, value) of all that an administration goes by, with what its Peppol and VAT numbers hold."""
    found: set[Number] = set()
    for kind, value in pairs:
        read = [Identifier(Kind(kind), value, True)] if kind in _KINDS else []
        if kind == Kind.PEPPOL:
            read = list(identifiers.from_scheme(*value.split(":", 1))) if ":" in value else []
        for number in read:
            every = (number, *identifiers.implied(number))
            found |= {(one.kind.value, one.value) for one in every if one.valid and not one.is_placeholder}
    return frozenset(found)
