"""The cards of a division as matching wants them: built from the mirror, kept until the mirror moved."""

from collections import defaultdict
from typing import Any

from apps.core import identifiers, names
from apps.core.identifiers import Identifier
from apps.exact.kept import Kept, Stamps
from apps.exact.models import BankAccount, Division, Relation
from apps.vendors.evidence import Card, keys_of, postcode_of
from apps.vendors.matching import SupplierIndex

_COLUMNS = (
    "exact_id", "code", "name", "is_supplier", "blocked", "vat_number", "chamber_of_commerce", "oin", "gln",
    "peppol", "email", "country", "postcode", "trade_name",
)  # fmt: skip


def index_for(division: Division, stamps: Stamps | None = None) -> SupplierIndex:
    """Return the index of `division`'s cards, built anew when its relations or bank accounts were synced since."""
    return _indexes.of(division, stamps)


def _cards(division: Division) -> list[Card]:
    ibans = defaultdict(list)
    accounts = BankAccount.objects.filter(division=division, blocked=False)
    for relation, iban in accounts.values_list("relation", "iban"):
        ibans[relation].append(iban)
    rows = Relation.objects.filter(division=division).values(*_COLUMNS)
    return [_card(row, ibans[row["exact_id"]]) for row in rows.iterator(chunk_size=2000)]


def _index(division: Division) -> SupplierIndex:
    return SupplierIndex.build(_cards(division))


def _card(row: dict[str, Any], ibans: list[str]) -> Card:
    country = row["country"]
    found = [
        identifiers.vat(row["vat_number"], country),
        identifiers.kvk(row["chamber_of_commerce"]) if country in {"", "NL"} else None,
        identifiers.be_enterprise(row["chamber_of_commerce"] or row["vat_number"])
        if country == "BE"
        else None,
        identifiers.oin(row["oin"]),
        identifiers.gln(row["gln"]),
        *_peppol(row["peppol"]),
        identifiers.email_domain(row["email"]),
        *(identifiers.iban(iban) for iban in ibans),
    ]
    return Card(
        supplier=str(row["exact_id"]),
        code=row["code"],
        name=row["name"],
        usable=row["is_supplier"] and not row["blocked"],
        keys=frozenset(keys_of(identifier for identifier in found if identifier)),
        spellings=names.spellings(row["name"], row["trade_name"]),
        legal_form=names.legal_form(row["name"]),
        postcode=postcode_of(row["postcode"]),
    )


def _peppol(text: str) -> tuple[Identifier, ...]:
    scheme, colon, value = text.partition(":")
    if not colon:
        return ()
    address = identifiers.peppol(scheme, value)
    return (*identifiers.from_scheme(scheme, value), *([address] if address else []))


def ibans_of(card: Card) -> frozenset[str]:
    """Return the account numbers on a card, normalised."""
    return frozenset(key.value for key in card.keys if key.kind == identifiers.Kind.IBAN)


_indexes = Kept(_index, ("relations", "bank_accounts"))
