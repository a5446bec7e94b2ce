"""The fields of a supplier's card: what a document says about them, what is doubtful, how they go to Exact. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core import identifiers
from apps.core.identifiers import Identifier, Kind

Own = Collection[tuple[str, str]]
Values = dict[str, str]
_LANDS = {"EL": "GR", "XI": "GB"}  # a VAT prefix that is not the country's code
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class CardField:
    """One field: its name with us and in Exact ("" for what belongs to the bank account), and where the mirror has it.

    `column` "": the mirror does not tell whether the card has it, so it is only for new cards.
    """

    name: str
    label: Promise | str
    exact: str = ""
    column: str = ""
    longest: int = 60
    hint: Promise | str = ""


FIELDS: tuple[CardField, ...] = (
    CardField("name", _("Name"), "Name", "", 255),
    CardField("country", _("Country"), "Country", "country", 2, _("Two letters, such as NL.")),
    CardField("vat", _("VAT number"), "VATNumber", "vat_number", 40),
    CardField(
        "kvk",
        _("Chamber of commerce or enterprise number"),
        "ChamberOfCommerce",
        "chamber_of_commerce",
        40,
    ),
    CardField("oin", "OIN", "OINNumber", "oin", 40, _("Only for governments.")),
    CardField("gln", "GLN", "GlnNumber", "gln", 40),
    CardField("peppol", _("Peppol address"), "PeppolIdentifier", "peppol", 80),
    CardField("email", _("E-mail address"), "Email", "email", 255),
    CardField("street", _("Street and number"), "AddressLine1", "", 80),
    CardField("postcode", _("Postcode"), "Postcode", "", 20),
    CardField("city", _("Town"), "City", "", 100),
    CardField("iban", "IBAN", "", "", 60),
    CardField("bic", "BIC", "", "", 20, _("Only for an account outside the euro countries.")),
    CardField("payment_condition", _("Payment condition"), "PaymentConditionPurchase", "", 10),
)
BY_NAME = {field.name: field for field in FIELDS}
BANK_FIELDS = ("iban", "bic")
_KINDS: dict[str, tuple[Kind, ...]] = {
    "vat": (Kind.VAT,),
    "kvk": (Kind.KVK, Kind.BE_ENTERPRISE),
    "oin": (Kind.OIN,),
    "gln": (Kind.GLN,),
    "peppol": (Kind.PEPPOL,),
}


def of_document(vendor: Mapping[str, Any], payment: Mapping[str, Any], own: Own) -> Values:
    """Return what a document says for a card: `vendor` and `payment` as an invoice keeps them.

    Placeholders and the firm's `own` numbers (kind, value) are left out; of several numbers of a kind the first
    that passes its check, else the first.
    """
    known = [Identifier(Kind(kind), value, valid) for kind, value, valid in vendor.get("identifiers", [])]
    theirs = [one for one in known if not one.is_placeholder and (one.kind.value, one.value) not in own]
    found = {name: _first(theirs, kinds) for name, kinds in _KINDS.items()}
    found |= {name: vendor.get(name, "") for name in ("name", "country", "street", "postcode", "city")}
    prefix = found["vat"][:2] if found["vat"][:2].isalpha() else ""
    found["country"] = found["country"] or _LANDS.get(prefix, prefix)
    found["email"] = _email(vendor.get("email", ""), own)
    found["iban"] = next((iban for iban in _ibans(vendor, payment) if (Kind.IBAN.value, iban) not in own), "")
    found["bic"] = payment.get("bics", {}).get(found["iban"], "")
    return {name: value[: BY_NAME[name].longest] for name, value in found.items() if value}


def own_candidates(vendor: Mapping[str, Any], payment: Mapping[str, Any]) -> set[str]:
    """Return the values that might be numbers of the firm itself: what to look up for `own`."""
    domain = identifiers.email_domain(vendor.get("email", ""))
    values = {value for _kind, value, _valid in vendor.get("identifiers", [])}
    return {*values, *_ibans(vendor, payment), *([domain.value] if domain else [])}


def cleaned(values: Mapping[str, str]) -> Values:
    """Return what a person filled in, numbers in their normal form where they have one; empty fields are left out."""
    plain = {name: " ".join(str(values.get(name, "")).split()) for name in BY_NAME}
    plain["country"] = plain["country"].upper()
    plain["bic"] = plain["bic"].replace(" ", "").upper()
    for name in ("vat", "kvk", "oin", "gln", "iban"):
        number = _read(name, plain)
        if number and number.valid:
            plain[name] = number.value
    plain["iban"] = plain["iban"].replace(" ", "").upper()
    return {name: value[: BY_NAME[name].longest] for name, value in plain.items() if value}


def doubts(values: Mapping[str, str]) -> dict[str, str]:
    """Return what looks wrong, by field, in words. None of it is a reason to refuse: much real data fails a check."""
    found = {}
    for name in ("vat", "kvk", "oin", "gln", "iban"):
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


def account_payload(values: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of crm/Accounts for `values`."""
    return {field.exact: values[field.name] for field in FIELDS if field.exact and values.get(field.name)}


def bank_payload(values: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of crm/BankAccounts for `values` but for whose account it is; nothing without an IBAN."""
    if not values.get("iban"):
        return {}
    bic = {"BICCode": values["bic"]} if values.get("bic") else {}
    return {"BankAccount": values["iban"], "Main": True, **bic}


def lacking(
    vendor: Mapping[str, Any],
    payment: Mapping[str, Any],
    card: Mapping[str, str],
    ibans: Collection[str],
    own: Own,
) -> Values:
    """Return what `card` (by the mirror's columns) lacks and the document has; never what the card has already.

    Numbers that fail their check stay out, and an account of another one on the card is no gap: a changed account
    is looked into by people. `ibans`: the card's accounts, blocked ones too.
    """
    there = of_document(vendor, payment, own)
    wrong = doubts(there)
    gaps = {
        field.name: there[field.name]
        for field in FIELDS
        if field.column and there.get(field.name) and field.name not in wrong and not card.get(field.column)
    }
    if there.get("iban") and "iban" not in wrong and not ibans:
        gaps |= {name: there[name] for name in BANK_FIELDS if there.get(name)}
    return gaps


def _first(known: Collection[Identifier], kinds: Collection[Kind]) -> str:
    fitting = [one for one in known if one.kind in kinds]
    return next((one.value for one in sorted(fitting, key=lambda one: not one.valid)), "")


def _ibans(vendor: Mapping[str, Any], payment: Mapping[str, Any]) -> list[str]:
    """The accounts to pay to; of a question alone, those among its identity's numbers."""
    keys = (key.partition(" ") for key in vendor.get("keys", []))
    return payment.get("ibans") or [value for kind, _blank, value in keys if kind == Kind.IBAN]


def _email(text: str, own: Own) -> str:
    domain = identifiers.email_domain(text)
    return "" if domain and (domain.kind.value, domain.value) in own else text


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
