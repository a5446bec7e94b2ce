"""Turns a purchase invoice as sent into the booking that it makes, or objects (Exact facts 3.5, 4.4)."""

from datetime import date
from typing import Any

from apps.core import clock
from apps.sandbox.exact import drafting, invoice_lines, order_lines, store
from apps.sandbox.exact.drafting import Draft
from apps.sandbox.exact.errors import Problem, objection
from apps.sandbox.exact.order_lines import Buying

Data = dict[str, Any]

CHECKED = drafting.CHECKED | {"Item", "PurchaseOrderLine"}
INVOICE, CREDIT_NOTE, DIRECT, DIRECT_CREDIT_NOTE = 8033, 8034, 8030, 8031
# What an invoice calls otherwise than the entry that it is booked as.
_NAMES = {
    "ID": "EntryID",
    "InvoiceDate": "EntryDate",
    "FinancialYear": "ReportingYear",
    "FinancialPeriod": "ReportingPeriod",
    "ExchangeRate": "Rate",
}
_SAME = (
    *("Supplier", "Journal", "EntryNumber", "PaymentCondition", "DueDate", "Currency"),
    *("YourRef", "Description", "Document", "PaymentReference", "Status"),
)


def draft(division: int, header: Data, lines: list[Data]) -> Draft:
    """Return the checked booking of a new invoice; raises Objection with every problem found.

    Its header has the names of an entry; each line holds those of the invoice line besides.
    """
    problems: list[Problem] = []
    _refuse_type(header, problems)
    day = date.fromisoformat((header.get("InvoiceDate") or clock.today().isoformat())[:10])
    supplier = store.find("crm/Accounts", division, header["Supplier"])
    offers = order_lines.offers(division, header["Supplier"])
    buying = Buying(division, supplier.data if supplier else {}, day, whole=False, offers=offers)
    made = [invoice_lines.line(buying, line, problems) for line in lines]
    problems += _invoiced_twice(lines)
    if problems:
        raise objection(*problems)
    return book(division, header, made)


def book(division: int, header: Data, lines: list[Data]) -> Draft:
    """Return the checked booking of an invoice whose lines say what they are booked as; raises Objection."""
    entry = {name: header.get(name) for name in _SAME}
    entry |= {theirs: header.get(ours) for ours, theirs in _NAMES.items()}
    found = drafting.draft(division, entry, lines)
    is_credit = header["Type"] in (CREDIT_NOTE, DIRECT_CREDIT_NOTE)
    if is_credit != (found.payable < 0):  # [G]: as the total of a sales credit note is below nought
        raise objection(Problem("invalid", "AmountFC"))
    return found


def _refuse_type(header: Data, problems: list[Problem]) -> None:
    if header["Type"] not in (INVOICE, CREDIT_NOTE, DIRECT, DIRECT_CREDIT_NOTE):
        problems.append(Problem("invalid", "Type"))
    elif header["Type"] in (DIRECT, DIRECT_CREDIT_NOTE) and not header.get("Warehouse"):
        problems.append(Problem("mandatory", "Warehouse"))


def _invoiced_twice(lines: list[Data]) -> list[Problem]:
    keys = [line["PurchaseOrderLine"] for line in lines if line.get("PurchaseOrderLine")]
    return [Problem("processed")] if len(set(keys)) < len(keys) else []
