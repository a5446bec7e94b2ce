"""Ledger accounts and journals."""

from collections.abc import Iterator
from functools import cache

from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.source import Entry, Row, guid, load

RESOURCE = "financial/GLAccounts"
CREDITORS, DEBTORS, BANK = "1600", "1300", "1100"

_FIRST_RESULT_TYPE = 110
_CREDIT_TYPES = {22, 24, 25, 27, 35, 50, 52, 55, 110, 140, 160}
_MANDATORY, _NOT_ALLOWED = 1, 2
_BALANCE_OF_JOURNAL = {22: CREDITORS, 20: DEBTORS, 12: BANK}
_PURCHASE, _SALES = 22, 20


def entries(division: Division) -> Iterator[Entry]:
    """Yield the division's rows of financial/GLAccounts and financial/Journals."""
    for row in chart(division.code).values():
        yield RESOURCE, division.code, dict(row)
    for row in journals(division):
        yield "financial/Journals", division.code, row


@cache
def chart(division: int) -> dict[str, Row]:
    """Return the division's ledger accounts by their code without the division's own suffix."""
    data = load("ledger")
    suffix = data["suffix"].get(str(division), "")
    return {each[0]: _account(division, suffix, *each) for each in data["every"] + data[str(division)]}


def _account(division: int, suffix: str, code: str, description: str, kind: int, cost_centre: int = 0) -> Row:
    result = kind >= _FIRST_RESULT_TYPE
    return {
        "ID": guid(division, RESOURCE, code),
        "Code": code + suffix,
        "Description": description,
        "SearchCode": description.upper()[:20].strip(),
        "Type": kind,
        "BalanceType": "W" if result else "B",
        "BalanceSide": "C" if kind in _CREDIT_TYPES else "D",
        "UseCostcenter": cost_centre if result else _NOT_ALLOWED,
        "UseCostunit": 0 if result else _NOT_ALLOWED,
        "IsBlocked": False,
        "Compress": kind in {20, 22},
        "Matching": kind in {20, 22},
    }


def journals(division: Division) -> list[Row]:
    """Return the division's journals; the first unblocked one of type 22 takes the purchase entries."""
    return [_journal(division, *each) for each in load("masters")["journals"][str(division.code)]]


def journal_of_type(division: Division, kind: int) -> Row:
    """Return the division's first unblocked journal of this type."""
    return next(row for row in journals(division) if row["Type"] == kind and not row["IsBlocked"])


def purchase_journal(division: Division) -> Row:
    """Return the journal that past purchase entries stand in."""
    return journal_of_type(division, _PURCHASE)


def _journal(division: Division, code: str, description: str, kind: int, blocked: bool = False) -> Row:
    row: Row = {
        "ID": guid(division.code, "financial/Journals", code),
        "Code": code,
        "Description": description,
        "Type": kind,
        "Currency": "EUR",
        "CurrencyDescription": "Euro",
        "IsBlocked": blocked,
        "AllowVAT": kind in {_PURCHASE, _SALES},
        "AllowVariableCurrency": True,
    }
    if kind in _BALANCE_OF_JOURNAL:
        account = chart(division.code)[_BALANCE_OF_JOURNAL[kind]]
        row |= {
            "GLAccount": account["ID"],
            "GLAccountCode": account["Code"],
            "GLAccountDescription": account["Description"],
            "GLAccountType": account["Type"],
        }
    return row | ({"BankAccountIBAN": division.iban, "BankName": "ABN AMRO"} if kind == 12 else {})
