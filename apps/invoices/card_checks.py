"""What a person filled in for a card: put in its normal form, marked where it looks wrong. Pure."""

import re
from collections.abc import Callable, Mapping

from django.utils.translation import gettext

from apps.core import identifiers
from apps.core.identifiers import Identifier, Kind
from apps.invoices.card_fields import BY_NAME, Values

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CHECKED = ("vat", "kvk", "oin", "gln", "iban")


def cleaned(values: Mapping[str, str]) -> Values:
    """Return what a person filled in, numbers in their normal form where they have one; empty fields are left out."""
    plain = {name: " ".join(str(values.get(name, "")).split()) for name in BY_NAME}
    plain["country"] = plain["country"].upper()
    plain["bic"] = plain["bic"].replace(" ", "").upper()
    for name in _CHECKED:
        number = _read(name, plain)
        if number and number.valid:
            plain[name] = number.value
    plain["iban"] = plain["iban"].replace(" ", "").upper()
    fitting = {name: value[: BY_NAME[name].longest].strip() for name, value in plain.items()}
    return {name: value for name, value in fitting.items() if value}


def doubts(values: Mapping[str, str]) -> dict[str, str]:
    """Return what looks wrong, by field, in words. None of it is a reason to refuse: much real data fails a check."""
    found = {}
    for name in _CHECKED:
        number = _read(name, values) if values.get(name) else None
        if values.get(name) and (number is None or not number.valid):
            found[name] = gettext("This fails its check: look whether it was written down right.")
    return found


def refusals(values: Mapping[str, str]) -> dict[str, str]:
    """Return what Exact is known to refuse, by field, in words."""
    found = {}
    if not values.get("name"):
        found["name"] = gettext("Exact demands a name.")
    country = values.get("country", "")
    if country and not (len(country) == 2 and country.isalpha()):
        found["country"] = gettext("Write the country as two letters, such as NL.")
    if values.get("email") and not _EMAIL.fullmatch(values["email"]):
        found["email"] = gettext("This is no e-mail address.")
    return found


def _read(name: str, values: Mapping[str, str]) -> Identifier | None:
    text, country = values.get(name, ""), values.get("country", "")
    readers: dict[str, Callable[[], Identifier | None]] = {
        "vat": lambda: identifiers.vat(text, country),
        "kvk": lambda: _company_number(text, country),
        "oin": lambda: identifiers.oin(text),
        "gln": lambda: identifiers.gln(text),
        "iban": lambda: identifiers.iban(text),
    }
    return readers[name]() if text else None


def _company_number(text: str, country: str) -> Identifier | None:
    """Read a company's number as its country writes it; what we have no check for counts as right."""
    if country == "BE":
        return identifiers.be_enterprise(text)
    return identifiers.kvk(text) if country in ("", "NL") else Identifier(Kind.OTHER, text, True)
