"""Cost centres, cost units and payment conditions."""

from collections.abc import Iterator

from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.source import Entry, Row, guid, load


def entries(division: Division) -> Iterator[Entry]:
    """Yield the division's cost centres and units, payment conditions."""
    masters, code = load("masters"), division.code
    for resource, name in (("hrm/Costcenters", "costcenters"), ("hrm/Costunits", "costunits")):
        for each in masters[name][str(code)]:
            yield resource, code, _dimension(code, resource, *each)
    for each in masters["conditions"][str(code)].values():
        yield "cashflow/PaymentConditions", code, _condition(code, *each)


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
