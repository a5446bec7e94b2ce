"""The ledger lines that a purchase entry or invoice leaves behind: header, costs and VAT (Exact facts 4.8)."""

from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from apps.sandbox.exact import booking, numbering, removal, store
from apps.sandbox.exact.drafting import Draft, DraftLine
from apps.sandbox.models import Row

Data = dict[str, Any]

TRANSACTIONS = numbering.TRANSACTIONS
_CREDITORS, _VAT = 22, 24
_FROM_HEADER = (
    "EntryID",
    "EntryNumber",
    "Type",
    "Status",
    "Currency",
    "Document",
    "DocumentNumber",
    "DocumentSubject",
    "DueDate",
    "YourRef",
    "InvoiceNumber",
    "OrderNumber",
    "PaymentReference",
    "ExternalLinkReference",
)
_FROM_LINE = (
    "ID",
    "LineNumber",
    "Description",
    "CostCenter",
    "CostCenterDescription",
    "CostUnit",
    "CostUnitDescription",
    "Item",
    "ItemCode",
    "ItemDescription",
    "Quantity",
    "Notes",
    "VATCode",
    "VATCodeDescription",
    "VATPercentage",
)


def write(draft: Draft) -> None:
    """Replace the ledger lines of this entry by those that its draft now means."""
    lines = _lines(draft)
    kept = [line["ID"] for line in lines]
    before = store.children(TRANSACTIONS, draft.division, draft.header["EntryID"])
    removal.remove(before.exclude(key__in=kept))
    store.put_all(TRANSACTIONS, draft.division, lines)


def erase(entry: Row) -> None:
    """Remove the ledger lines of an entry."""
    removal.remove(store.children(TRANSACTIONS, entry.division, entry.key))


def _lines(draft: Draft) -> list[Data]:
    lines = [_head(draft)]
    lines += [_cost(draft, line) for line in draft.lines]
    number = len(lines)
    for line in draft.lines:
        for ledger, amount in _vat_bookings(draft, line):
            lines.append(_vat(draft, line, ledger, amount, number))
            number += 1
    return lines


def _line(draft: Draft, number: int, ledger: Data, amount: Decimal, **more: Any) -> Data:
    header = draft.header
    return {
        **{name: header.get(name) for name in _FROM_HEADER},
        "ID": str(uuid5(NAMESPACE_OID, f"{header['EntryID']}/{number}")),
        "LineNumber": number,
        "Date": header["EntryDate"],
        "FinancialYear": header["ReportingYear"],
        "FinancialPeriod": header["ReportingPeriod"],
        "JournalCode": header["Journal"],
        "JournalDescription": header["JournalDescription"],
        "ExchangeRate": float(draft.rate),
        "Account": draft.supplier["ID"],
        "AccountCode": draft.supplier.get("Code"),
        "AccountName": draft.supplier.get("Name"),
        "GLAccount": ledger.get("ID"),
        "GLAccountCode": ledger.get("Code"),
        "GLAccountDescription": ledger.get("Description"),
        "AmountFC": float(amount),
        "AmountDC": draft.domestic(amount),
        **more,
    }


def _head(draft: Draft) -> Data:
    own = store.find("financial/GLAccounts", draft.division, draft.supplier.get("GLAP") or "")
    creditors = own.data if own else _ledger_of_type(draft.division, _CREDITORS)
    return _line(draft, 0, creditors, -draft.payable, Description=draft.header.get("Description"))


def _cost(draft: Draft, line: DraftLine) -> Data:
    return _line(draft, line.data["LineNumber"], line.ledger, line.amounts.net) | {
        **{name: line.data.get(name) for name in _FROM_LINE},
        "AmountVATFC": float(line.amounts.vat),
        "VATType": line.vat_code.get("Type") if line.vat_code else None,
    }


def _vat(draft: Draft, line: DraftLine, ledger: Data, amount: Decimal, number: int) -> Data:
    return _line(
        draft,
        number,
        ledger,
        amount,
        VATCode=line.data["VATCode"],
        VATCodeDescription=line.data["VATCodeDescription"],
        VATPercentage=line.data["VATPercentage"],
        AmountVATBaseFC=float(line.amounts.net),
        LineType=5,
    )


def _vat_bookings(draft: Draft, line: DraftLine) -> list[tuple[Data, Decimal]]:
    if line.vat_code is None or line.amounts.vat == booking.ZERO:
        return []
    claimed = [(_vat_ledger(draft, line.vat_code.get("GLToClaim")), line.amounts.vat)]
    owed = [(_vat_ledger(draft, line.vat_code.get("GLToPay")), -line.amounts.vat)]
    return claimed + owed if line.rule.charged else claimed


def _vat_ledger(draft: Draft, key: str | None) -> Data:
    found = store.find("financial/GLAccounts", draft.division, key or "")
    return found.data if found else _ledger_of_type(draft.division, _VAT)


def _ledger_of_type(division: int, kind: int) -> Data:
    found = store.rows("financial/GLAccounts", division).filter(data__Type=kind).order_by("mark").first()
    return found.data if found else {}
