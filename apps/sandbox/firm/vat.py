"""VAT codes with their percentages: every administration has codes of its own."""

from collections.abc import Iterator
from functools import cache

from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.ledger import chart
from apps.sandbox.firm.source import Entry, Row, guid, load

RESOURCE = "vat/VATCodes"

_CHARGED = {"reverse", "eu_goods", "eu_services", "non_eu_services", "import"}
_LISTED = {"eu_sales": "L"}
_RATES: dict[float, tuple[tuple[str, str | None, float], ...]] = {
    0.21: (("2001-01-01", "2012-09-30", 0.19), ("2012-10-01", None, 0.21)),
    0.09: (("2001-01-01", "2018-12-31", 0.06), ("2019-01-01", None, 0.09)),
    0: (("2001-01-01", None, 0.0),),
}


def entries(division: Division) -> Iterator[Entry]:
    """Yield the division's rows of vat/VATCodes and vat/VatPercentages."""
    for row in table(division.code).values():
        yield RESOURCE, division.code, dict(row)
        for percentage in _percentages(division.code, row):
            yield "vat/VatPercentages", division.code, percentage


@cache
def table(division: int) -> dict[str, Row]:
    """Return the division's VAT codes by what they are for ("high", "reverse", "eu_goods", ...)."""
    return {each[-1]: _code(division, *each) for each in load("vat")[str(division)]}


def _code(
    division: int, code: str, description: str, kind: str, rate: float, transaction: str, purpose: str
) -> Row:
    row: Row = {
        "ID": guid(division, RESOURCE, code),
        "Code": code,
        "Description": description,
        "Type": kind,
        "Percentage": rate,
        "Charged": purpose in _CHARGED,
        "VATTransactionType": transaction,
        "VatMargin": int(purpose == "margin"),
        "EUSalesListing": _LISTED.get(purpose, "N"),
        "IntraStat": purpose == "eu_goods",
        "CalculationBasis": 0,
        "Country": "NL",
        "IsBlocked": False,
    }
    return row | (_accounts(division, rate, row["Charged"]) if kind in "EI" else {})


def _accounts(division: int, rate: float, charged: bool) -> Row:
    last = "2" if charged else "0" if rate == 0.21 else "1"
    found: Row = {}
    for field, stem in (("GLToPay", "150"), ("GLToClaim", "151")):
        account = chart(division)[stem + last]
        found |= {
            field: account["ID"],
            f"{field}Code": account["Code"],
            f"{field}Description": account["Description"],
        }
    return found


def _percentages(division: int, row: Row) -> Iterator[Row]:
    for number, (start, end, rate) in enumerate(_RATES[row["Percentage"]], start=1):
        yield {
            "ID": guid(division, "vat/VatPercentages", f"{row['Code']}/{number}"),
            "VATCodeID": row["ID"],
            "LineNumber": number,
            "Percentage": rate,
            "StartDate": start,
            "EndDate": end,
            "Type": 0,
        }
