"""The crowd of relations, drawn from trades, names and places, with the faults that real cards have."""

from collections.abc import Iterator
from dataclasses import replace

from apps.sandbox.firm.cards import Card, Past
from apps.sandbox.firm.divisions import DIVISIONS, Division
from apps.sandbox.firm.draw import Draw, chamber_number, iban, vat_number
from apps.sandbox.firm.source import Row, load

_LETTERS = "ABCDEGHJKLNPRSTVWXZ"
_FACTORING = iban(Draw("factoring"), "INGB"), "INGBNL2A"  # several suppliers sold their claims to one bank


def of(division: Division) -> Iterator[Card]:
    """Yield the division's drawn cards with their codes: suppliers, some of them twice, then customers."""
    data, key = load("crowd"), str(division.code)
    code, step = data["first_code"][key], data["code_step"][key]
    for card in _people(division):
        yield replace(card, exact=card.exact | {"Code": str(code)})
        code += step


def _people(division: Division) -> Iterator[Card]:
    suppliers, customers = load("crowd")["sizes"][str(division.code)]
    for number in range(suppliers):
        card = _supplier(division, number)
        yield card
        if Draw("double", division.code, number).chance(0.05):
            yield _double(card)
    yield from (_customer(division, number) for number in range(customers))
    yield from (_neighbour(other) for other in DIVISIONS if _are_neighbours(division, other))


def _supplier(division: Division, number: int) -> Card:
    trades = load("crowd")["trades"][str(division.code)]
    trade, ledger, vat, net = trades[number % len(trades)]
    identity, bank = _identity(trade, number, len(trades))
    draw = Draw("card", division.code, number)
    has_ledger, old = draw.chance(0.8), draw.chance(0.06)
    exact = _with_gaps(identity, draw) | (_stale(identity) if old else {})
    blocked = draw.chance(0.04)
    return Card(
        exact=exact | ({"Blocked": True} if blocked else {}),
        ledger=ledger if has_ledger else None,
        vat=vat if has_ledger and draw.chance(0.9) else None,
        condition="30" if draw.chance(0.85) else None,
        banks=(_FACTORING,) if number in {5, 18, 31} else (bank,) if draw.chance(0.88) else (),
        past=Past(invoices=3 + draw.below(10), net=net, ledger=ledger, vat=vat)
        if number < _with_past(division)
        else None,
    )


def _with_past(division: Division) -> int:
    return int(load("crowd")["with_past"][str(division.code)])


def _identity(trade: str, number: int, trades: int) -> tuple[Row, tuple[str, str]]:
    """Return a company's fields and bank account; one name has the same numbers in every division."""
    data = load("crowd")
    surname = data["surnames"][(number // trades + 3 * (number % trades)) % len(data["surnames"])]
    draw = Draw("company", trade, surname)
    place, postcode = draw.pick(data["places"])
    bank, bic = draw.pick(data["banks"])
    identity = {
        "Name": f"{trade} {surname} {draw.pick(data['forms'])}".strip(),
        "AddressLine1": f"{draw.pick(data['streets'])} {1 + draw.below(180)}",
        "Postcode": f"{postcode}{10 + draw.below(90)} {draw.pick(_LETTERS)}{draw.pick(_LETTERS)}",
        "City": place,
        "Country": "NL",
        "Email": f"info@{_slug(trade)}-{_slug(surname)}.example",
        "VATNumber": vat_number(draw),
        "ChamberOfCommerce": chamber_number(draw),
    }
    return identity, (iban(draw, bank), bic)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "")


def _with_gaps(identity: Row, draw: Draw) -> Row:
    missing = {"VATNumber": 0.18, "ChamberOfCommerce": 0.25, "Email": 0.3, "AddressLine1": 0.05}
    return {name: value for name, value in identity.items() if not draw.chance(missing.get(name, 0))}


def _stale(identity: Row) -> Row:
    """Return fields that are not right any more: a number with two digits swapped, an old address."""
    number = identity["VATNumber"]
    swapped = f"{number[:9]}{number[10]}{number[9]}{number[11:]}"
    return {"VATNumber": swapped, "AddressLine1": "Postbus 118", "Remarks": "Adres controleren"}


def _double(card: Card) -> Card:
    """Return a second card of the same company, made by somebody who did not look first."""
    name = card.exact["Name"].removesuffix(" B.V.").removesuffix(" V.O.F.")
    kept = {field: value for field, value in card.exact.items() if field not in {"Email", "Blocked"}}
    return replace(card, exact=kept | {"Name": name.upper()}, ledger=None, vat=None, past=None)


def _customer(division: Division, number: int) -> Card:
    trades = load("crowd")["customers"][str(division.code)]
    identity, bank = _identity(trades[number % len(trades)], number, len(trades))
    draw = Draw("customer", division.code, number)
    exact = _with_gaps(identity, draw)
    return Card(exact=exact, banks=(bank,), supplier=draw.chance(0.1), customer=True)


def _are_neighbours(division: Division, other: Division) -> bool:
    return division.code != other.code and division.client == other.client


def _neighbour(other: Division) -> Card:
    """Return the card of a sister company of the same client."""
    exact = {
        "Name": other.name,
        "AddressLine1": other.street,
        "Postcode": other.postcode,
        "City": other.city,
        "Country": "NL",
        "Email": other.email,
        "VATNumber": other.vat,
        "ChamberOfCommerce": other.kvk,
    }
    return Card(exact=exact, condition="30", banks=((other.iban, "ABNANL2A"),), customer=True)
