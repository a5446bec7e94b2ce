"""What a document says for a supplier's card, and which of that a card lacks. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from apps.core import identifiers
from apps.core.identifiers import Identifier, Kind
from apps.invoices.card_checks import doubts
from apps.invoices.card_fields import BANK_FIELDS, BY_NAME, FIELDS, Values

Own = Collection[tuple[str, str]]
_LANDS = {"EL": "GR", "XI": "GB"}  # a VAT prefix that is not the country's code
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
