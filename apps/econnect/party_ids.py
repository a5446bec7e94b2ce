"""Party ids: the text form, the number form and the Peppol form of one participant are equal. Pure.

Source: eConnect facts 2.1: `NL:KVK:12345678` = `0106:12345678`, `NL:OINO` = 0190, `NL:VAT` = 9944, and a prefix
`iso6523-actorid-upis::` may stand before either.
"""

import re

from apps.core.identifiers import Identifier, from_scheme, peppol, scheme_code

PREFIX = "ISO6523-ACTORID-UPIS::"
LONGEST = 120  # characters; longer text is cut, as its column is
_BLANKS = re.compile(r"\s+")
# The text forms that stand in mails and hooks, longest first, and any code of four digits.
FOUND = re.compile(
    r"(?:iso6523-actorid-upis::)?\b(?:[A-Z]{2}:(?:KVK|OINO|OIN|VAT|BTW|EN|CBE)|[0-9]{4}):[A-Z0-9][A-Z0-9.-]{1,48}[A-Z0-9]",
    re.IGNORECASE,
)


def normal(party_id: str) -> str:
    """Return the number form of `party_id`, upper case and without blanks; what has no scheme stays as it is.

    The number itself is never altered: eConnect is asked with it.
    """
    plain = _BLANKS.sub("", party_id).upper().removeprefix(PREFIX)[:LONGEST]
    scheme, colon, number = plain.rpartition(":")
    return f"{scheme_code(scheme)}{colon}{number}"[:LONGEST]


def is_same(one: str, other: str) -> bool:
    """Tell whether two party ids name the same participant."""
    return normal(one) == normal(other)


def numbers(party_id: str) -> tuple[Identifier, ...]:
    """Return every number that `party_id` stands for (its KvK, VAT, OIN, ... and the Peppol id itself).

    Without placeholders such as KvK 99999998, which are nobody's.
    """
    scheme, _colon, number = normal(party_id).rpartition(":")
    found = [*from_scheme(scheme, number), participant(party_id)]
    return tuple(one for one in found if one and one.valid and not one.is_placeholder)


def participant(party_id: str) -> Identifier | None:
    """Return `party_id` as documents carry it (kind peppol); None when it is no Peppol id."""
    scheme, _colon, number = normal(party_id).rpartition(":")
    return peppol(scheme, number)
