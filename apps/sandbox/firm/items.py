"""Units, item groups, items, and what suppliers ask for them (Exact facts 4.2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.sandbox.firm.cards import Card
from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.draw import Draw, gtin
from apps.sandbox.firm.ledger import chart
from apps.sandbox.firm.relations import key
from apps.sandbox.firm.source import Entry, Row, guid, load
from apps.sandbox.firm.vat import table

UNITS, GROUPS, ITEMS = "logistics/Units", "logistics/ItemGroups", "logistics/Items"
SUPPLIER_ITEMS = "logistics/SupplierItem"
_PIECE = "stuk"
_UNIT_NAMES = {
    _PIECE: "Stuk",
    "kg": "Kilogram",
    "doos": "Doos",
    "uur": "Uur",
    "m": "Meter",
    "zak": "Zak",
    "pak": "Pak",
    "krat": "Krat",
    "rol": "Rol",
    "bundel": "Bundel",
}
_BROKEN = frozenset({"kg", "m", "uur"})  # units of which one may buy a part
_SERVICES = frozenset({"4115", "7030", "7100"})  # cost accounts of what no barcode is on
_SUPPLIERS_OF_ONE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a supplier sells an item: under which code, in which unit of how many of the item's, at which price."""

    price: float
    code: str | None = None
    unit: str = _PIECE
    factor: float = 1.0
    main: bool = False
    vat: str | None = None


def entries(division: Division, cards: Iterable[Card]) -> Iterator[Entry]:
    """Yield the division's units, item groups, items, and the prices of the suppliers among these cards."""
    code = division.code
    for unit in _UNIT_NAMES:
        yield UNITS, code, _unit(code, unit)
    items = [row(code, *each) for each in load("masters")["items"][str(code)]]
    for position, costs in enumerate(_groups(code)):
        yield GROUPS, code, _group(code, costs, position == 0)
    for item in items:
        yield ITEMS, code, item
    for item in items:
        for price in _prices(division, item, cards):
            yield SUPPLIER_ITEMS, code, price


def _unit(division: int, code: str) -> Row:
    key = guid(division, UNITS, code)
    return {
        "ID": key,
        "Code": code,
        "Description": _UNIT_NAMES[code],
        "Active": True,
        "Main": int(code == _PIECE),
        "Type": "T" if code == "uur" else "O",
    }


def _groups(division: int) -> list[str]:
    """Return the roles of the cost accounts that the items have, each once: every one makes a group."""
    return list(dict.fromkeys(each[2] for each in load("masters")["items"][str(division)]))


def _account(division: int, field: str, code: str) -> Row:
    account = chart(division)[code]
    return {
        field: account["ID"],
        f"{field}Code": account["Code"],
        f"{field}Description": account["Description"],
    }


def _group(division: int, costs: str, default: bool) -> Row:
    return {
        "ID": guid(division, GROUPS, costs),
        "Code": f"G{costs}",
        "Description": chart(division)[costs]["Description"],
        "IsDefault": int(default),
        **_account(division, "GLCosts", costs),
        **_account(division, "GLRevenue", "8000"),
    }


def row(
    division: int, code: str, description: str, costs: str, revenue: str, vat: str, unit: str = _PIECE
) -> Row:
    """Return an item, with a barcode on most goods; accounts and VAT code are roles."""
    vat_code = table(division)[vat]
    return {
        "ID": guid(division, ITEMS, code),
        "Code": code,
        "Description": description,
        "SearchCode": code,
        "ItemGroup": guid(division, GROUPS, costs),
        "ItemGroupCode": f"G{costs}",
        "ItemGroupDescription": chart(division)[costs]["Description"],
        **_account(division, "GLCosts", costs),
        **_account(division, "GLRevenue", revenue),
        "SalesVatCode": vat_code["Code"],
        "SalesVatCodeDescription": vat_code["Description"],
        "Barcode": _barcode(division, code, costs),
        "Unit": unit,
        "UnitDescription": _UNIT_NAMES[unit],
        "IsFractionAllowedItem": unit in _BROKEN,
        "IsPurchaseItem": True,
        "IsSalesItem": True,
        "IsStockItem": False,
        "StartDate": "2022-01-01",
    }


def _prices(division: Division, item: Row, cards: Iterable[Card]) -> Iterator[Row]:
    """Yield what the first suppliers of this kind of cost ask for an item; the first is its main supplier."""
    costs = item["ItemGroupCode"].removeprefix("G")
    sellers = [
        card for card in cards if card.supplier and card.ledger == costs and not card.exact.get("Blocked")
    ]
    for position, card in enumerate(sellers[:_SUPPLIERS_OF_ONE]):
        draw = Draw("price", division.code, item["Code"], card.code)
        code = draw.digits(6)
        terms = Terms(code=code, price=(200 + draw.below(9000)) / 100, main=position == 0)
        yield offer(division.code, item, card, terms)


def _barcode(division: int, code: str, costs: str) -> str | None:
    draw = Draw("barcode", division, code)
    return gtin(draw) if costs not in _SERVICES and draw.chance(0.85) else None


def offer(division: int, item: Row, card: Card, terms: Terms) -> Row:
    """Return the link of an item to its supplier, with the price for one purchase unit."""
    vat_code = table(division)[terms.vat] if terms.vat else {}
    return {
        "ID": guid(division, SUPPLIER_ITEMS, f"{card.code}/{item['Code']}"),
        "Item": item["ID"],
        "ItemCode": item["Code"],
        "ItemDescription": item["Description"],
        "ItemUnit": guid(division, UNITS, item["Unit"]),
        "ItemUnitCode": item["Unit"],
        "ItemUnitDescription": item["UnitDescription"],
        "Barcode": item["Barcode"],
        "Supplier": key(division, card),
        "SupplierCode": card.code,
        "SupplierDescription": card.exact["Name"],
        "SupplierItemCode": terms.code,
        "MainSupplier": terms.main,
        "PurchasePrice": terms.price,
        "PurchaseUnit": terms.unit,
        "PurchaseUnitDescription": _UNIT_NAMES[terms.unit],
        "PurchaseUnitFactor": float(terms.factor),
        "PurchaseVATCode": vat_code.get("Code"),
        "PurchaseVATCodeDescription": vat_code.get("Description"),
        "Currency": "EUR",
        "CurrencyDescription": "Euro",
        "StartDate": item["StartDate"],
    }
