"""A party of a document as it is kept: JSON for display, matching and routing. Pure."""

from typing import Any

from apps.core.identifiers import Identifier, Kind
from apps.intake.document import Party


def party_json(party: Party) -> dict[str, Any]:
    """Return a party for display and matching, as JSON."""
    return {
        "name": party.name,
        "names": [name for name in (party.trade_name, party.legal_name) if name and name != party.name],
        "country": party.country,
        "vat": party.vat,
        "legal_id": party.legal_id,
        "endpoint": f"{party.endpoint_scheme}:{party.endpoint}" if party.endpoint else "",
        "street": party.street,
        "postcode": party.postcode,
        "city": party.city,
        "email": party.email,
        "phone": party.phone,
        "identifiers": [
            [identifier.kind.value, identifier.value, identifier.valid] for identifier in party.identifiers
        ],
    }


def identifiers_from(party: dict[str, Any]) -> list[Identifier]:
    """Return the identifiers of a party that was stored by `party_json`."""
    return [Identifier(Kind(kind), value, valid) for kind, value, valid in party.get("identifiers", [])]


def known_as(party: dict[str, Any]) -> str:
    """Return who a stored party is, as text: its numbers, else its name."""
    numbers = sorted(f"{kind} {value}" for kind, value, _valid in party.get("identifiers", []))
    return "; ".join(numbers) or str(party.get("name", "")).casefold()
