"""VAT returns of past quarters, added up from the VAT accounts of the ledger (Exact facts 4.8)."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from apps.core.money import cents
from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.ledger import chart
from apps.sandbox.firm.source import Entry, Row, guid

RESOURCE = "read/financial/Returns"

_VAT_ACCOUNT = 24
_VAT_RETURN = 31
_PROCESSED, _OPEN = 50, 10
_QUARTERS = [(2025, 1), (2025, 2), (2025, 3), (2025, 4), (2026, 1), (2026, 2), (2026, 3)]
_LAST_FILED = (2026, 2)


def entries(division: Division, lines: Iterable[Row]) -> Iterator[Entry]:
    """Yield a return for each quarter with what these ledger lines owe the tax office; the last is not filed."""
    accounts = {row["ID"] for row in chart(division.code).values() if row["Type"] == _VAT_ACCOUNT}
    owed = dict.fromkeys(_QUARTERS, Decimal())
    for line in lines:
        if line["GLAccount"] in accounts:
            in_quarter = line["FinancialYear"], (line["FinancialPeriod"] + 2) // 3
            owed[in_quarter] -= Decimal(str(line["AmountDC"]))
    for (year, quarter), amount in owed.items():
        yield RESOURCE, division.code, _return(division.code, year, quarter, amount)


def _return(division: int, year: int, quarter: int, amount: Decimal) -> Row:
    document = guid(division, RESOURCE, f"{year}/{quarter}")
    after = date(year + quarter // 4, quarter * 3 % 12 + 1, 28)
    return {
        "DocumentID": document,
        "Amount": float(cents(amount)),
        "Currency": "EUR",
        "Description": f"Btw-aangifte {year} kwartaal {quarter}",
        "Subject": f"Btw-aangifte {year} kwartaal {quarter}",
        "DueDate": after.isoformat(),
        "Frequency": "Q",
        "Period": quarter,
        "PeriodDescription": f"Kwartaal {quarter}",
        "Status": _PROCESSED if (year, quarter) <= _LAST_FILED else _OPEN,
        "Type": _VAT_RETURN,
        "Year": year,
    }
