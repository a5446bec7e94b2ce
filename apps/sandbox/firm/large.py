"""Administrations of any size, for measurements: the masters of the first one, and rows by the thousand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any
from uuid import UUID, uuid5

from apps.sandbox.firm import dimensions, items, ledger, periods, vat
from apps.sandbox.firm.divisions import DIVISIONS, Division, of_divisions
from apps.sandbox.firm.draw import Draw, chamber_number, iban, vat_number
from apps.sandbox.firm.source import Entry, Row, guid

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MODEL = DIVISIONS[0]
_STATUSES_SINCE = 2026  # what is not listed is open
_COSTS, _CREDITORS = "4900", ledger.CREDITORS
_FIRST_CODE, _FIRST_DAY, _DAYS = 100_000, date(2025, 1, 1), 600
_ENTRY, _OPEN = 30, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much an administration holds; `bank_share` (0 to 1) of the relations have a bank account.

    `lines` are ledger lines, two for an entry.
    """

    relations: int = 0
    bank_share: float = 0.5
    lines: int = 0

    def has_bank(self, number: int) -> bool:
        """Tell whether relation `number` has a bank account: evenly spread, in all as many as the share says."""
        return int((number + 1) * self.bank_share) > int(number * self.bank_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Whose administration it is. None: numbers are made up; "": it has none. `status`, `blocking`: of Division."""

    customer: str = ""
    vat: str | None = None
    kvk: str | None = None
    status: int = 1
    blocking: int = 0


def entries(code: int, name: str, size: Size, company: Company | None = None) -> Iterator[Entry]:
    """Yield all rows of a made-up administration, as `rows` of the firm does; two calls give equal rows."""
    draw = Draw("large", code)
    yield from of_divisions([_division(code, name, draw, company or Company())])
    for resource, row in _masters():
        yield resource, code, _own(code, row)
    for number in range(size.relations):
        yield from _relation(code, number, draw, size.has_bank(number))
    for number in range(size.lines // 2):
        yield from _entry(code, number, max(size.relations, 1), draw)


def _division(code: int, name: str, draw: Draw, company: Company) -> Division:
    vat, kvk = vat_number(draw), chamber_number(draw)
    return Division(
        code=code,
        hid=code % 1_000_000,
        name=name,
        client=company.customer or name,
        client_code=str(code),
        vat=vat if company.vat is None else company.vat,
        kvk=kvk if company.kvk is None else company.kvk,
        status=company.status,
        blocking=company.blocking,
        street="Proefstraat 1",
        postcode="1234 AB",
        city="Utrecht",
        email=f"administratie@{code}.example",
        iban=iban(draw, "ABNA"),
    )


@cache
def _masters() -> tuple[tuple[str, Row], ...]:
    made = chain(
        ledger.entries(_MODEL),
        vat.entries(_MODEL),
        dimensions.entries(_MODEL),
        periods.entries(_MODEL),
        items.entries(_MODEL, ()),
    )
    return tuple((resource, row) for resource, _code, row in made if row.get("Year", 9999) >= _STATUSES_SINCE)


def _own(code: int, row: Row) -> Row:
    """Return a row of the model with keys of this division's own."""
    return {name: _own_key(code, value) for name, value in row.items()}


def _own_key(code: int, value: Any) -> Any:
    if not isinstance(value, str) or not _GUID.fullmatch(value):
        return value
    return str(uuid5(UUID(value), str(code)))


def _account(code: int, role: str) -> Row:
    account = ledger.chart(_MODEL.code)[role]
    return {
        "GLAccount": _own_key(code, account["ID"]),
        "GLAccountCode": account["Code"],
        "GLAccountDescription": account["Description"],
    }


def _relation(code: int, number: int, draw: Draw, has_bank: bool) -> Iterator[Entry]:
    name = f"Leverancier {number:06} B.V."
    key = _relation_key(code, number)
    yield (
        "crm/Accounts",
        code,
        {
            "ID": key,
            "Code": str(_FIRST_CODE + number),
            "Name": name,
            "IsSupplier": True,
            "Blocked": False,
            "Status": "A",
            "Type": "A",
            "Country": "NL",
            "City": "Utrecht",
            "Language": "NL",
            "VATNumber": vat_number(draw),
            "ChamberOfCommerce": chamber_number(draw),
            "GLAccountPurchase": _account(code, _COSTS)["GLAccount"],
        },
    )
    if has_bank:
        account = {"BankAccount": iban(draw, "RABO"), "BICCode": "RABONL2U", "Main": True, "Blocked": False}
        bank_key = guid(code, "crm/BankAccounts", number)
        yield "crm/BankAccounts", code, {"ID": bank_key, "Account": key, "AccountName": name, **account}


def _relation_key(code: int, number: int) -> str:
    return guid(code, "crm/Accounts", number)


def _entry(code: int, number: int, relations: int, draw: Draw) -> Iterator[Entry]:
    """Yield the two ledger lines of a purchase entry without VAT."""
    day = _FIRST_DAY + timedelta(days=number % _DAYS)
    amount = (1000 + draw.below(100_000)) / 100
    relation = number % relations
    head = {
        "EntryID": guid(code, "purchaseentry/PurchaseEntries", number),
        "EntryNumber": 1_000_000 + number,
        "JournalCode": "60",
        "Account": _relation_key(code, relation),
        "AccountCode": str(_FIRST_CODE + relation),
        "YourRef": f"L{number:07}",
        "Date": day.isoformat(),
        "DueDate": (day + timedelta(days=30)).isoformat(),
        "FinancialYear": day.year,
        "FinancialPeriod": day.month,
        "Currency": "EUR",
        "Type": _ENTRY,
        "Status": _OPEN,
    }
    for line, (role, sign) in enumerate(((_CREDITORS, -1), (_COSTS, 1))):
        key = guid(code, "financialtransaction/TransactionLines", f"{number}/{line}")
        amounts = {"AmountDC": sign * amount, "AmountFC": sign * amount}
        row = {**head, **_account(code, role), **amounts, "ID": key, "LineNumber": line}
        yield "financialtransaction/TransactionLines", code, row
