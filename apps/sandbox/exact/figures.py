"""Resources that are worked out from other rows when they are asked for: balances, open items, features."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from apps.sandbox.exact import literals, mailboxes, store
from apps.sandbox.exact.booking import decimal
from apps.sandbox.models import Package, Row

Data = dict[str, Any]

LINES, ACCOUNTS = "financialtransaction/TransactionLines", "financial/GLAccounts"
BALANCE = "financial/ReportingBalance"
TIMESTAMP = "read/sync/Sync/SyncTimestamp"
_PURCHASES, _SALES = (30, 31), (20, 21)
_GROUPED = ("FinancialYear", "FinancialPeriod", "GLAccount", "CostCenter", "CostUnit", "Type", "Status")
_TRIAL = (99, "Trial licence")  # how Exact tells of one is not documented [G]
# The endpoints whose first row version of a date can be asked; Accounts and Items are not among them.
_ENDPOINTS = {
    "TransactionLines": LINES,
    "GLAccounts": ACCOUNTS,
    "Documents": "documents/Documents",
    "DocumentAttachments": "documents/DocumentAttachments",
    "SupplierItem": "logistics/SupplierItem",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the division, the options of the call, and the values that the filter wants fields to have."""

    division: int
    options: Mapping[str, str]
    equal: Data


_Made = list[tuple[str, Data]]


def rows(path: str, asked: Question) -> list[Row] | None:
    """Return what this resource holds now, or None when its rows are kept and not worked out."""
    made = _MAKERS.get(path)
    if made is None:
        return None
    here = {"Division": asked.division}
    return [
        Row(resource=path, division=asked.division, key=key, timestamp=0, data=data | here)
        for key, data in made(asked)
    ]


def _number(*parts: Any) -> int:
    """Return a number that always is the same for the same parts, small enough for any reader."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 12


def _balances(asked: Question) -> _Made:
    """Return the ledger's lines added up; AmountCredit is told without a sign [G]."""
    lines = store.rows(LINES, asked.division)
    if "ReportingYear" in asked.equal:
        lines = lines.filter(data__FinancialYear=asked.equal["ReportingYear"])
    found: defaultdict[tuple[Any, ...], list[Data]] = defaultdict(list)
    for line in lines.values_list("data", flat=True):
        found[tuple(line.get(name) or None for name in _GROUPED)].append(line)
    kinds = {row.key: row.data.get("BalanceType") for row in store.rows(ACCOUNTS, asked.division)}
    return [_balance(group, each, kinds) for group, each in found.items()]


def _balance(group: tuple[Any, ...], lines: list[Data], kinds: Mapping[str, Any]) -> tuple[str, Data]:
    year, period, account, centre, unit, kind, status = group
    amounts = [decimal(line.get("AmountDC")) for line in lines]
    debit = sum((amount for amount in amounts if amount > 0), Decimal())
    credit = -sum((amount for amount in amounts if amount < 0), Decimal())
    number = _number(*group)
    return str(number), {
        "ID": number,
        "Amount": float(debit - credit),
        "AmountDebit": float(debit),
        "AmountCredit": float(credit),
        "BalanceType": kinds.get(account),
        "CostCenterCode": centre,
        "CostCenterDescription": lines[0].get("CostCenterDescription"),
        "CostUnitCode": unit,
        "CostUnitDescription": lines[0].get("CostUnitDescription"),
        "Count": len(lines),
        "GLAccount": account,
        "GLAccountCode": lines[0].get("GLAccountCode"),
        "GLAccountDescription": lines[0].get("GLAccountDescription"),
        "ReportingYear": year,
        "ReportingPeriod": period,
        "Status": status,
        "Type": kind,
    }


def _open_items(kinds: tuple[int, int], sign: int, asked: Question) -> _Made:
    """Return the headers of entries of these types that no payment points back at."""
    lines = store.rows(LINES, asked.division)
    settled = set(lines.filter(data__OffsetID__isnull=False).values_list("data__OffsetID", flat=True))
    heads = lines.filter(data__LineNumber=0, data__Type__in=kinds).order_by("timestamp")
    return [_open_item(row, sign) for row in heads if row.key not in settled]


def _open_item(row: Row, sign: int) -> tuple[str, Data]:
    """Return one open item; what is owed, by us or to us, is told as a positive amount [G]."""
    head, number = row.data, _number(row.key)
    same = ("AccountCode", "AccountName", "Description", "DueDate", "EntryNumber", "JournalCode")
    return str(number), {
        **{name: head.get(name) for name in (*same, "JournalDescription", "YourRef")},
        "HID": number,
        "Id": row.key,
        "AccountId": head.get("Account"),
        "Amount": sign * float(head["AmountFC"]),
        "AmountInTransit": 0.0,
        "CurrencyCode": head.get("Currency"),
        "InvoiceDate": head.get("Date"),
        "InvoiceNumber": head.get("InvoiceNumber") or head.get("EntryNumber"),
    }


def _features(asked: Question) -> _Made:
    package = Package.objects.filter(division=asked.division).first()
    features = [*package.features, *([_TRIAL] if package.is_trial else [])] if package else []
    return [(str(number), {"ID": number, "Description": words}) for number, words in features]


def _sync_timestamp(asked: Question) -> _Made:
    """Return the row version behind which everything lies that was changed since `modified`."""
    name = asked.options.get("endPoint", "").strip("'")
    since = asked.options.get("modified", "").removeprefix("datetime").strip("'")
    if name not in _ENDPOINTS or not since:
        return []
    moment = literals.canonical_moment(literals.moment(since))
    before = store.rows(_ENDPOINTS[name], asked.division).filter(data__Modified__lt=moment)
    newest = before.order_by("-timestamp").values_list("timestamp", flat=True).first()
    return [("", {"Modified": moment, "API": name, "TimeStampAsBigInt": newest or 1})]


def _default_mailbox(asked: Question) -> _Made:
    return mailboxes.default(asked.division)


_MAKERS: dict[str, Callable[[Question], _Made]] = {
    BALANCE: _balances,
    mailboxes.DEFAULT: _default_mailbox,
    "read/financial/PayablesList": partial(_open_items, _PURCHASES, -1),
    "read/financial/ReceivablesList": partial(_open_items, _SALES, 1),
    "system/AvailableFeatures": _features,
    TIMESTAMP: _sync_timestamp,
}
