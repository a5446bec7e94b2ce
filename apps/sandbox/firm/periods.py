"""Financial periods, which of them are closed, and the kinds of document."""

from calendar import monthrange
from collections.abc import Iterator

from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.ledger import journals
from apps.sandbox.firm.source import Entry, Row, guid, load

YEARS = range(2024, 2028)
MONTHS = range(1, 13)

_JOURNAL_TYPES = {22: "Inkoop", 20: "Verkoop", 12: "Bank", 90: "Memoriaal"}


def entries(division: Division) -> Iterator[Entry]:
    """Yield the division's financial periods, journal statuses per period, and document types."""
    for year in YEARS:
        for month in MONTHS:
            yield "financial/FinancialPeriods", division.code, _period(division.code, year, month)
    for row in _statuses(division):
        yield "read/financial/JournalStatusList", division.code, row
    for kind, description, creatable in load("masters")["document_types"]:
        yield "documents/DocumentTypes", division.code, _document_type(kind, description, creatable)


def _period(division: int, year: int, month: int) -> Row:
    return {
        "ID": guid(division, "financial/FinancialPeriods", f"{year}/{month}"),
        "FinYear": year,
        "FinPeriod": month,
        "StartDate": f"{year}-{month:02}-01",
        "EndDate": f"{year}-{month:02}-{monthrange(year, month)[1]}",
    }


def _statuses(division: Division) -> Iterator[Row]:
    closed = load("masters")["closed_years"][str(division.code)]
    for journal in journals(division):
        for year in YEARS:
            for month in MONTHS:
                yield {
                    "Journal": journal["Code"],
                    "Year": year,
                    "Period": month,
                    "JournalDescription": journal["Description"],
                    "JournalType": journal["Type"],
                    "JournalTypeDescription": _JOURNAL_TYPES[journal["Type"]],
                    "Status": int(year in closed),
                    "StatusDescription": "Afgesloten" if year in closed else "Open",
                }


def _document_type(kind: int, description: str, creatable: bool) -> Row:
    return {
        "ID": kind,
        "Description": description,
        "TypeCategory": kind,
        "DocumentIsCreatable": creatable,
        "DocumentIsViewable": True,
        "DocumentIsUpdatable": creatable,
        "DocumentIsDeletable": creatable,
    }
