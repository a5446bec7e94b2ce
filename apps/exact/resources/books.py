"""The books: periods, what is closed or filed, what is open, ledger lines, balances."""

from decimal import Decimal
from functools import partial

from apps.exact import models
from apps.exact.resources.feed import Columns, Resource, Strategy, texts
from apps.exact.values import date_of, decimal_of, guid_of, integer_of, small_of, text_of

_LEDGER_TEXTS = {
    "gl_code": "GLAccountCode",
    "your_ref": "YourRef",
    "our_ref": "ExternalLinkReference",
    "description": "Description",
    "journal": "JournalCode",
    "vat_code": "VATCode",
    "cost_center": "CostCenter",
    "cost_unit": "CostUnit",
}
_LEDGER_NUMBERS = {
    "type": "Type",
    "year": "FinancialYear",
    "period": "FinancialPeriod",
    "status": "Status",
}
_OPEN_TEXTS = {
    "name": "AccountName",
    "currency": "CurrencyCode",
    "journal": "JournalCode",
    "your_ref": "YourRef",
    "description": "Description",
}
_BALANCE_TEXTS = {
    "gl_code": "GLAccountCode",
    "balance_type": "BalanceType",
    "cost_center": "CostCenterCode",
    "cost_unit": "CostUnitCode",
}
_BALANCE_AMOUNTS = {"amount": "Amount", "debit": "AmountDebit", "credit": "AmountCredit"}


def _amounts(row: Columns, names: dict[str, str]) -> Columns:
    return {column: decimal_of(row.get(field)) or Decimal(0) for column, field in names.items()}


def _numbers(row: Columns, names: dict[str, str]) -> Columns:
    return {column: small_of(row.get(field)) for column, field in names.items()}


def _entry_number(row: Columns) -> int | None:
    return None if row.get("EntryNumber") is None else integer_of(row["EntryNumber"], 32)


def _period(row: Columns) -> Columns | None:
    start, end = date_of(row.get("StartDate")), date_of(row.get("EndDate"))
    if start is None or end is None:
        return None
    numbers = _numbers(row, {"year": "FinYear", "period": "FinPeriod"})
    return {**numbers, "start_date": start, "end_date": end}


def _journal_status(row: Columns) -> Columns:
    numbers = _numbers(row, {"year": "Year", "period": "Period"})
    return {"journal": text_of(row.get("Journal")), **numbers, "closed": small_of(row.get("Status")) == 1}


def _vat_return(row: Columns) -> Columns:
    return {
        **texts(row, {"frequency": "Frequency", "description": "Description"}),
        **_numbers(row, {"type": "Type", "year": "Year", "period": "Period"}),
        "status": integer_of(row.get("Status"), 16),
        "amount": decimal_of(row.get("Amount")),
        "due_date": date_of(row.get("DueDate")),
    }


def _open_item(row: Columns) -> Columns:
    return {
        **texts(row, _OPEN_TEXTS),
        **_amounts(row, {"amount": "Amount", "in_transit": "AmountInTransit"}),
        "relation": guid_of(row.get("AccountId")),
        "invoice_date": date_of(row.get("InvoiceDate")),
        "due_date": date_of(row.get("DueDate")),
        "entry_number": _entry_number(row),
    }


def _ledger_line(row: Columns) -> Columns | None:
    entry = guid_of(row.get("EntryID"))
    if entry is None:
        return None
    return {
        **texts(row, _LEDGER_TEXTS),
        **_numbers(row, _LEDGER_NUMBERS),
        **_amounts(row, {"amount": "AmountDC", "amount_fc": "AmountFC"}),
        "entry_id": entry,
        "entry_number": _entry_number(row),
        "line_number": integer_of(row.get("LineNumber"), 32),
        "relation": guid_of(row.get("Account")),
        "gl_account": guid_of(row.get("GLAccount")),
        "document": guid_of(row.get("Document")),
        "date": date_of(row.get("Date")),
        "booked_on": date_of(row.get("Created")),
    }


def _balance(row: Columns) -> Columns | None:
    numbers = _numbers(row, {"year": "ReportingYear", "period": "ReportingPeriod"})
    if not numbers["year"]:
        return None
    return {
        **texts(row, _BALANCE_TEXTS),
        **_amounts(row, _BALANCE_AMOUNTS),
        **numbers,
        "gl_account": guid_of(row.get("GLAccount")),
    }


_open_list = partial(
    Resource,
    strategy=Strategy.WHOLE,
    key=("HID",),
    columns=_open_item,
    fields=(
        *_OPEN_TEXTS.values(),
        *("Amount", "AmountInTransit", "AccountId", "InvoiceDate", "DueDate", "EntryNumber"),
    ),
)

TABLE = (
    Resource(
        name="periods",
        path="financial/FinancialPeriods",
        strategy=Strategy.BY_MODIFIED,
        model=models.FinancialPeriod,
        fields=("FinYear", "FinPeriod", "StartDate", "EndDate"),
        columns=_period,
    ),
    Resource(
        name="journal_statuses",
        path="read/financial/JournalStatusList",
        strategy=Strategy.WHOLE,
        model=models.JournalStatus,
        key=("Journal", "Period", "Year"),
        fields=("Status",),
        columns=_journal_status,
    ),
    Resource(
        name="returns",
        path="read/financial/Returns",
        strategy=Strategy.WHOLE,
        model=models.VATReturn,
        key=("DocumentID",),
        fields=("Type", "Frequency", "Year", "Period", "Status", "Amount", "DueDate", "Description"),
        columns=_vat_return,
    ),
    _open_list(name="payables", path="read/financial/PayablesList", model=models.Payable),
    _open_list(name="receivables", path="read/financial/ReceivablesList", model=models.Receivable),
    Resource(
        name="ledger",
        path="sync/Financial/TransactionLines",
        strategy=Strategy.BY_TIMESTAMP,
        model=models.LedgerLine,
        frame=("Division", "Timestamp"),
        fields=(
            *_LEDGER_TEXTS.values(),
            *_LEDGER_NUMBERS.values(),
            *("EntryID", "EntryNumber", "LineNumber", "Account", "GLAccount", "Document"),
            *("Date", "Created", "AmountDC", "AmountFC"),
        ),
        columns=_ledger_line,
    ),
)
BALANCES = Resource(
    name="balances",
    path="financial/ReportingBalance",
    strategy=Strategy.BALANCES,
    model=models.Balance,
    fields=(
        *_BALANCE_TEXTS.values(),
        *_BALANCE_AMOUNTS.values(),
        *("GLAccount", "ReportingYear", "ReportingPeriod"),
    ),
    columns=_balance,
)
