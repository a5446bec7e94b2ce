"""Cost centres, cost units, payment conditions and items."""

from collections.abc import Iterator

from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.ledger import chart
from apps.sandbox.firm.source import Entry, Row, guid, load
from apps.sandbox.firm.vat import table


def entries(division: Division) -> Iterator[Entry]:
    """Yield the division's cost centres and units, payment conditions and items."""
    masters, code = load("masters"), division.code
    for resource, name in (("hrm/Costcenters", "costcenters"), ("hrm/Costunits", "costunits")):
        for each in masters[name][str(code)]:
            yield resource, code, _dimension(code, resource, *each)
    for each in masters["conditions"][str(code)].values():
        yield "cashflow/PaymentConditions", code, _condition(code, *each)
    for each in masters["items"][str(code)]:
        yield "logistics/Items", code, _item(code, *each)


def condition(division: int, role: str) -> Row:
    """Return the division's payment condition for a role ("30" days, "IN" direct debit, ...)."""
    return _condition(division, *load("masters")["conditions"][str(division)][role])


def cost_centre(division: int) -> str:
    """Return the code of the division's first cost centre."""
    return str(load("masters")["costcenters"][str(division)][0][0])


def _dimension(division: int, resource: str, code: str, description: str, end: str | None = None) -> Row:
    row: Row = {
        "ID": guid(division, resource, code),
        "Code": code,
        "Description": description,
        "EndDate": end,
    }
    return row | ({"Active": end is None} if resource == "hrm/Costcenters" else {})


def _condition(division: int, code: str, description: str, days: int, method: str) -> Row:
    return {
        "ID": guid(division, "cashflow/PaymentConditions", code),
        "Code": code,
        "Description": description,
        "PaymentDays": days,
        "PaymentEndOfMonths": 0,
        "PaymentMethod": method,
        "Percentage": 1.0,
    }


def _item(division: int, code: str, description: str, costs: str, revenue: str, vat: str) -> Row:
    accounts, vat_code = chart(division), table(division)[vat]
    return {
        "ID": guid(division, "logistics/Items", code),
        "Code": code,
        "Description": description,
        "SearchCode": code,
        "GLCosts": accounts[costs]["ID"],
        "GLCostsCode": accounts[costs]["Code"],
        "GLCostsDescription": accounts[costs]["Description"],
        "GLRevenue": accounts[revenue]["ID"],
        "GLRevenueCode": accounts[revenue]["Code"],
        "GLRevenueDescription": accounts[revenue]["Description"],
        "SalesVatCode": vat_code["Code"],
        "SalesVatCodeDescription": vat_code["Description"],
        "Unit": "stuk",
        "UnitDescription": "Stuk",
        "IsPurchaseItem": True,
        "IsSalesItem": True,
        "IsStockItem": False,
        "StartDate": "2022-01-01",
    }
