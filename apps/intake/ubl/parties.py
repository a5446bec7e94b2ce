"""Parties of a UBL document and the numbers that say who they are. Pure."""

from dataclasses import replace

from apps.core import identifiers as ids
from apps.core.identifiers import Identifier
from apps.intake.document import Party, Scheme
from apps.intake.ubl.branches import Branch


def country(address: Branch) -> str:
    """Return the ISO 3166 alpha-2 code of an address, "" when it has none."""
    code = address.under("Country").raw("IdentificationCode").upper()
    return code if len(code) == 2 and code.isalpha() else ""


def address_text(address: Branch) -> str:
    """Return an address on one line, as written: street, postcode, city."""
    street = f"{address.text('StreetName')} {address.text('BuildingNumber')}".strip()
    return ", ".join(part for part in (street, address.text("PostalZone"), address.text("CityName")) if part)


def _scheme(branch: Branch, name: str) -> Scheme:
    return Scheme(branch.attribute(name, "schemeID"), branch.text(name))


def _vat(party: Branch, home: str) -> str:
    """The number under the tax scheme VAT; failing that, one that stands under no or another scheme's name.

    The latter only when it starts with the country's letters, so that a local tax number is not taken for it.
    """
    others = []
    for registration in party.every("PartyTaxScheme"):
        scheme = registration.under("TaxScheme").text("ID").upper()
        number = registration.text("CompanyID")
        if number and scheme == "VAT":
            return number
        others.append((scheme, number))
    return next((n for scheme, n in others if n and (not scheme or n.upper().startswith(home or "-"))), "")


def _unschemed(text: str, home: str) -> tuple[Identifier, ...]:
    """A legal number without a scheme: of a Dutch or Belgian party it is what such a party has."""
    readers: dict[str, ids.Reader] = {"NL": ids.kvk, "BE": ids.be_enterprise}
    reader = readers.get(home)
    number = reader(text) if reader and text[:1].isdigit() else None
    if number is None or not number.valid:
        number = ids.other(text)
    return (number,) if number else ()


def _electronic(endpoint: Scheme) -> tuple[Identifier, ...]:
    if not endpoint.scheme:
        return ()
    participant = ids.peppol(endpoint.scheme, endpoint.text)
    return ((participant,) if participant else ()) + ids.from_scheme(endpoint.scheme, endpoint.text)


def _identifiers(party: Party) -> tuple[Identifier, ...]:
    found: list[Identifier] = []
    vat = ids.vat(party.vat, party.country)
    if vat:
        found += [vat, *ids.implied(vat)]
    if party.legal_scheme:
        found += ids.from_scheme(party.legal_scheme, party.legal_id)
    else:
        found += _unschemed(party.legal_id, (vat.value[:2] if vat else "") or party.country)
    found += _electronic(Scheme(party.endpoint_scheme, party.endpoint))
    for scheme, text in party.party_ids:
        found += ids.from_scheme(scheme, text)
    domain = ids.email_domain(party.email)
    return tuple(dict.fromkeys(found + ([domain] if domain else [])))


def read_party(branch: Branch) -> Party:
    """Return the party that a cac:Party (or PayeeParty, TaxRepresentativeParty) element describes."""
    address, legal = branch.under("PostalAddress"), branch.under("PartyLegalEntity")
    trade_name = branch.under("PartyName").text("Name")
    legal_name = legal.text("RegistrationName")
    party_ids = (_scheme(one, "ID") for one in branch.every("PartyIdentification"))
    legal_id, endpoint = _scheme(legal, "CompanyID"), _scheme(branch, "EndpointID")
    home = country(address)
    party = Party(
        name=trade_name or legal_name,
        trade_name=trade_name,
        legal_name=legal_name,
        country=home,
        vat=_vat(branch, home),
        legal_id=legal_id.text,
        legal_scheme=legal_id.scheme,
        endpoint=endpoint.text,
        endpoint_scheme=endpoint.scheme,
        party_ids=tuple(one for one in party_ids if one.text),
        street=f"{address.text('StreetName')} {address.text('BuildingNumber')}".strip(),
        city=address.text("CityName"),
        postcode=address.text("PostalZone"),
        email=branch.under("Contact").text("ElectronicMail"),
        phone=branch.under("Contact").text("Telephone"),
    )
    return replace(party, identifiers=_identifiers(party))
