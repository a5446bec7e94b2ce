"""Numbers that say who somebody is: read from dirty text, normalised, checked. Pure.

Every reader takes the text as it was written and gives an `Identifier` in its one normal form, or None when
the text holds nothing to go by. A failing check is still an Identifier, with `valid` False: much real data
and most sample data fails (e-invoicing facts 6 and 8.3).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum import ean
from stdnum import iban as stdnum_iban
from stdnum.be import vat as stdnum_be
from stdnum.eu import vat as stdnum_eu
from stdnum.util import get_cc_module

LONGEST = 120  # characters; longer text is no number
LONGEST_WITH_BLANKS = 2000

# ISO 6523 codes (Peppol EAS list) that stand for a VAT number, with the country it belongs to.
VAT_SCHEMES = {
    "0211": "IT",
    "9906": "IT",
    "9910": "HU",
    "9914": "AT",
    "9920": "ES",
    "9925": "BE",
    "9926": "BG",
    "9928": "CY",
    "9929": "CZ",
    "9930": "DE",
    "9931": "EE",
    "9932": "GB",
    "9933": "EL",
    "9934": "HR",
    "9935": "IE",
    "9937": "LT",
    "9938": "LU",
    "9939": "LV",
    "9943": "MT",
    "9944": "NL",
    "9945": "PL",
    "9946": "PT",
    "9947": "RO",
    "9949": "SI",
    "9950": "SK",
    "9955": "SE",
    "9957": "FR",
}
# The text forms of SI-UBL 1.x and of party ids at the access point, as their ISO 6523 codes.
TEXT_SCHEMES = {
    "NL:KVK": "0106",
    "NL:OIN": "0190",
    "NL:OINO": "0190",
    "NL:VAT": "9944",
    "NL:BTW": "9944",
    "BE:VAT": "9925",
    "BE:EN": "0208",
    "BE:CBE": "0208",
    "GLN": "0088",
    "EAN": "0088",
    "IBAN": "9918",
}


class Kind(StrEnum):
    """What kind of number it is."""

    VAT = "vat"
    KVK = "kvk"
    BE_ENTERPRISE = "be_enterprise"
    OIN = "oin"
    IBAN = "iban"
    GLN = "gln"
    PEPPOL = "peppol"
    DOMAIN = "domain"
    OTHER = "other"


LABELS: dict[str, str | Promise] = {
    Kind.KVK: "KvK",
    Kind.VAT: _("VAT number"),
    Kind.OIN: "OIN",
    Kind.BE_ENTERPRISE: _("enterprise number"),
    Kind.GLN: "GLN",
    Kind.IBAN: "IBAN",
    Kind.PEPPOL: "Peppol",
    Kind.DOMAIN: _("e-mail domain"),
    Kind.OTHER: _("number"),
}


@dataclass(frozen=True, slots=True)
class Identifier:
    """One number in its normal form. `valid`: its shape is right, and its check digits where it has any."""

    kind: Kind
    value: str
    valid: bool

    @property
    def is_placeholder(self) -> bool:
        """Tell whether this is filled in for want of a number: KvK 9999999x, or zeros only (product page)."""
        body = self.value.rpartition(":")[2]
        if self.kind is Kind.VAT:
            body = body[2:11] if body.startswith("NL") else body[2:]
        is_kvk = self.kind is Kind.KVK or self.value.startswith("0106:")
        return (is_kvk and body.startswith("9999999")) or (bool(body) and not body.strip("0"))


Reader = Callable[[str], Identifier | None]

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]+")
_VAT_LABEL = re.compile(
    r"^\W*(?:B\.?T\.?W|V\.?A\.?T|T\.?V\.?A|U\.?ST|MWST|OMZETBELASTING)\b"
    r"(?:[\s.:/-]*(?:IDENTIFICATIE|ID)?-?(?:NUMMER|NUMBER|NR|ID|NO(?=[.:]))\b)*"
)
_RUN_OF_EIGHT = re.compile(r"(?<![0-9])[0-9]{8}(?![0-9])")
_DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9][a-z0-9-]*[a-z0-9]")


def _compact(text: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", text[:LONGEST].upper())


def _digits(text: str) -> str:
    return "".join(c for c in text if "0" <= c <= "9")


def _vat_check(prefix: str) -> Callable[[str], bool] | None:
    """The check of one country's VAT numbers, None where python-stdnum has none."""
    if prefix == "EL" or prefix.lower() in stdnum_eu.MEMBER_STATES:
        return lambda value: bool(stdnum_eu.is_valid(value))
    module: Any = get_cc_module(prefix.lower(), "vat")
    return None if module is None else lambda value: bool(module.is_valid(value))


def _is_valid_vat(value: str) -> bool:
    if not value[:2].isalpha():
        return False
    check = _vat_check(value[:2])
    return check(value) if check else 7 <= len(value) <= 17


def _with_prefix(body: str, country: str) -> str:
    if body[:2] == "GR":
        return "EL" + body[2:]
    if body[:2].isalpha() or not body:
        return body
    if re.fullmatch(r"[0-9]{9}B[0-9]{2}", body):
        return "NL" + body
    return {"GR": "EL"}.get(country, country) + body


@lru_cache(maxsize=4096)
def vat(text: str, country: str = "") -> Identifier | None:
    """Return the VAT number in `text`, with its country prefix (EL for Greece, EN 16931 BR-CO-09).

    Dots, blanks and a label ("BTW-nr") are left out; `country` (ISO 3166) fills in a missing prefix. Check
    digits by python-stdnum; a country it does not know passes on its length.
    """
    country = country.strip().upper()
    upper = text[:LONGEST].upper()
    body = _with_prefix(_compact(_VAT_LABEL.sub("", upper)) or _compact(upper), country)
    if body.startswith("BE") and len(body) == 11:
        body = "BE0" + body[2:]
    if len(_digits(body)) < 4:
        return None
    return Identifier(Kind.VAT, body, _is_valid_vat(body))


def kvk(text: str) -> Identifier | None:
    """Return the Dutch chamber of commerce number in `text`: eight digits, without check digit (facts 3).

    Finds it beside a town ("34567892 Amersfoort") and in old file numbers of twelve digits, whose last four
    name the branch. A branch number of its own (0000...) or any other length is not valid.
    """
    compact = _compact(text)
    for form in (text[:LONGEST], compact):
        runs = set(_RUN_OF_EIGHT.findall(form))
        if len(runs) == 1:
            return Identifier(Kind.KVK, runs.pop(), True)
    digits = _digits(compact)
    if len(digits) == 8:
        return Identifier(Kind.KVK, digits, True)
    if len(digits) == 12 and not digits.startswith("0000"):
        return Identifier(Kind.KVK, digits[:8], True)
    return Identifier(Kind.KVK, compact, False) if compact else None


@lru_cache(maxsize=4096)
def be_enterprise(text: str) -> Identifier | None:
    """Return the Belgian enterprise number in `text`: ten digits, modulus 97 (e-invoicing facts 3)."""
    digits = _digits(_compact(text))
    if not digits:
        return None
    value = digits.zfill(10) if len(digits) == 9 else digits
    return Identifier(Kind.BE_ENTERPRISE, value, bool(stdnum_be.is_valid(value)))


def oin(text: str) -> Identifier | None:
    """Return the Dutch government's organisation number in `text`: twenty digits (e-invoicing facts 3)."""
    digits = _digits(_compact(text))
    return Identifier(Kind.OIN, digits, len(digits) == 20) if digits else None


@lru_cache(maxsize=4096)
def iban(text: str) -> Identifier | None:
    """Return the bank account in `text`, without blanks and label; valid when it is a right IBAN.

    Read as a person reads it: letters and digits of another width are the same ones, and what stands before it does
    not hide it. An account that is not seen is not asked about either.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_WITH_BLANKS]).upper()
    value = re.sub(r"^(IBAN)+", "", _NOT_ALPHANUMERIC.sub("", plain)[:LONGEST])
    if not _digits(value):
        return None
    return Identifier(Kind.IBAN, value, bool(stdnum_iban.is_valid(value)))


def gln(text: str) -> Identifier | None:
    """Return the global location number in `text`: thirteen digits with a GS1 check digit."""
    digits = _digits(_compact(text))
    return Identifier(Kind.GLN, digits, len(digits) == 13 and bool(ean.is_valid(digits))) if digits else None


def email_domain(text: str) -> Identifier | None:
    """Return the domain of the first e-mail address in `text` (a bare domain stands for itself)."""
    plain = text[:LONGEST].strip().lower()
    start = plain.find("@") + 1
    found = _DOMAIN.match(plain, start) if start else _DOMAIN.fullmatch(plain)
    return Identifier(Kind.DOMAIN, found[0], True) if found else None


def other(text: str, scheme: str = "") -> Identifier | None:
    """Return a number of which only the scheme is known, or not even that; never a check."""
    compact = _compact(text)
    return Identifier(Kind.OTHER, f"{scheme}:{compact}" if scheme else compact, True) if compact else None


_READERS: dict[str, Reader] = {
    "0106": kvk,
    "0190": oin,
    "0208": be_enterprise,
    "0088": gln,
    "9918": iban,
    "EM": email_domain,
}


def scheme_code(scheme: str) -> str:
    """Return the ISO 6523 code of a scheme written as code or as text ("NL:KVK"); others stay."""
    plain = scheme.strip().upper()
    return TEXT_SCHEMES.get(plain, plain)


def _read(code: str, text: str) -> Identifier | None:
    if code in VAT_SCHEMES:
        return vat(text, VAT_SCHEMES[code])
    if reader := _READERS.get(code):
        return reader(text)
    if re.fullmatch(r"[A-Z]{2}:VAT", code):
        return vat(text, code[:2])
    return other(text, code)


def peppol(scheme: str, text: str) -> Identifier | None:
    """Return the Peppol participant `scheme:number` (upper case; Peppol ignores case), e.g. 0106:12345678.

    None for schemes that are no ISO 6523 code of four digits, as EM for e-mail.
    """
    code = scheme_code(scheme)
    number = _read(code, text)
    if number is None or not re.fullmatch(r"[0-9]{4}", code):
        return None
    return Identifier(Kind.PEPPOL, f"{code}:{number.value.rpartition(':')[2]}", number.valid)


def implied(identifier: Identifier) -> tuple[Identifier, ...]:
    """Return the numbers that `identifier` holds: a Belgian VAT number holds the enterprise number."""
    if identifier.kind is Kind.VAT and identifier.value.startswith("BE"):
        enterprise = be_enterprise(identifier.value[2:])
        return (enterprise,) if enterprise else ()
    return ()


def from_scheme(scheme_id: str, text: str) -> tuple[Identifier, ...]:
    """Return every number that `text` stands for under an ISO 6523 code (or SI-UBL 1.x name) of its scheme.

    0106 KvK, 0190 OIN, 0208 and 9925 Belgium, 0088 GLN, 9918 IBAN, 9944 and the other VAT schemes of 99xx
    (e-invoicing facts 3). Empty when the text holds nothing.
    """
    number = _read(scheme_code(scheme_id), text)
    return (number, *implied(number)) if number else ()
