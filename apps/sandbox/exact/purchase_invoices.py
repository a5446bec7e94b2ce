"""Logistic purchase invoices: booked like an entry, and moving the orders that they invoice (Exact facts 4.4)."""

from decimal import Decimal
from typing import Any, NoReturn
from uuid import uuid4

from apps.sandbox.exact import booking, invoice_drafting, ledger, numbering, order_acts, removal, store
from apps.sandbox.exact.drafting import Draft, DraftLine
from apps.sandbox.exact.errors import Problem, objection, stream
from apps.sandbox.models import Row, Switches

Data = dict[str, Any]

INVOICES, LINES = "purchase/PurchaseInvoices", "purchase/PurchaseInvoiceLines"
OPEN, PROCESSED = 20, 50
WEB_SERVICE = 5
_SAME = ("YourRef", "Date", "AmountFC")


def create(division: int, sent: Data, _base: str) -> Row:
    """Keep an invoice with its lines and book it; raises Objection."""
    header = {**sent, "ID": sent.get("ID") or str(uuid4()), "Status": OPEN, "Source": WEB_SERVICE}
    lines = header.pop("PurchaseInvoiceLines")
    draft = invoice_drafting.draft(division, header, lines)
    invoice = _book(header, draft)
    order_acts.invoice(division, _of_orders(draft.division, header["ID"]))
    return invoice


def change(invoice: Row, sent: Data, _base: str) -> Row:
    """Change header fields of an open invoice and book it anew; raises Objection."""
    _refuse_processed(invoice)
    header = {**invoice.data, **sent}
    if "InvoiceDate" in sent:
        _forget(header, sent, "FinancialYear", "FinancialPeriod", "DueDate")
    if "PaymentCondition" in sent:
        _forget(header, sent, "DueDate")
    if {"Journal", "InvoiceDate", "FinancialYear"} & sent.keys():
        header.pop("EntryNumber")
    lines = [_as_booked(row.data) for row in _lines_of(invoice)]
    return _book(header, invoice_drafting.book(invoice.division, header, lines))


def delete(invoice: Row) -> None:
    """Remove an open invoice with its lines and its booking; orders count it no more. Raises Objection."""
    _refuse_processed(invoice)
    moved = _of_orders(invoice.division, invoice.key)
    ledger.erase(invoice)
    removal.remove([*_lines_of(invoice), invoice])
    order_acts.invoice(invoice.division, {key: -quantity for key, quantity in moved.items()})


def refuse_line(_division: int, _sent: Data, _base: str) -> NoReturn:
    """Raise Refused: lines are not made on their own, although POST is listed (Exact facts 4.4)."""
    raise stream("Purchase invoice lines cannot be created on their own.")


def _forget(data: Data, sent: Data, *names: str) -> None:
    for name in names:
        if name not in sent:
            data.pop(name, None)


def _refuse_processed(invoice: Row) -> None:
    if invoice.data["Status"] == PROCESSED:
        raise objection(Problem("processed"))


def _lines_of(invoice: Row) -> list[Row]:
    rows = store.children(LINES, invoice.division, invoice.key)
    return sorted(rows, key=lambda row: row.data["LineNumber"])


def _of_orders(division: int, invoice: str) -> dict[str, Decimal]:
    """Return what an invoice takes of order lines, in units of the item, by the key of the line."""
    return {
        row.data["PurchaseOrderLine"]: booking.decimal(row.data["QuantityInDefaultUnits"])
        for row in store.children(LINES, division, invoice)
        if row.data.get("PurchaseOrderLine")
    }


def _book(header: Data, draft: Draft) -> Row:
    _refuse_double(draft)
    entry = draft.header
    series = numbering.Series(draft.division, entry["Journal"], entry["ReportingYear"], entry["EntryID"])
    entry["EntryNumber"] = numbering.entry_number(series, entry.get("EntryNumber"))
    document = store.find("documents/Documents", draft.division, entry.get("Document") or "")
    entry |= {
        "DocumentNumber": document.data.get("HID") if document else None,
        "DocumentSubject": document.data.get("Subject") if document else None,
    }
    for number, line in enumerate(draft.lines, start=1):
        line.data |= _line(draft, line, number)
    invoice = store.put(INVOICES, draft.division, header | _header(draft))
    store.put_all(LINES, draft.division, [line.data for line in draft.lines])
    ledger.write(draft)
    return invoice


def _refuse_double(draft: Draft) -> None:
    """Refuse the same supplier, YourRef, date and amount as what is booked already, as entries do [G]."""
    if not Switches.objects.get_or_create(pk=1)[0].invoices_once:
        return
    entry = draft.header
    new = entry.get("YourRef") or None, entry["EntryDate"], -float(draft.payable)
    rows = store.rows(ledger.TRANSACTIONS, draft.division).filter(
        data__LineNumber=0, data__Account=entry["Supplier"], data__Date=entry["EntryDate"]
    )
    for row in rows.exclude(parent=entry["EntryID"]):
        old = [row.data.get(name) for name in _SAME]
        if (old[0] or None, old[1], old[2]) == new:
            raise objection(Problem("exists", "YourRef", entry.get("YourRef") or ""))


def _header(draft: Draft) -> Data:
    entry = draft.header
    return {
        **{name: entry[name] for name in ("Journal", "EntryNumber", "DueDate", "Currency", "YourRef")},
        "PaymentCondition": entry["PaymentCondition"],
        "InvoiceDate": entry["EntryDate"],
        "FinancialYear": entry["ReportingYear"],
        "FinancialPeriod": entry["ReportingPeriod"],
        "ExchangeRate": entry["Rate"],
        "Amount": entry["AmountFC"],
        "AmountDC": entry["AmountDC"],
        "AmountFCExclVat": float(sum((line.amounts.net for line in draft.lines), booking.ZERO)),
        "VATAmount": entry["VATAmountFC"],
    }


def _line(draft: Draft, line: DraftLine, number: int) -> Data:
    """Return what a line shows: its amount is net, whatever was sent (Exact facts 4.4)."""
    return {
        "InvoiceID": draft.header["EntryID"],
        "LineNumber": number,
        "Currency": draft.header["Currency"],
        "Amount": float(line.amounts.net),
        "AmountDC": draft.domestic(line.amounts.net),
        "VATAmount": float(line.amounts.vat),
        "VATCodeDescription": line.vat_code.get("Description") if line.vat_code else None,
        "VATPercentage": float(line.rule.percentage) if line.vat_code else None,
    }


def _as_booked(line: Data) -> Data:
    """Return a kept line as it was sent: gross again for a VAT code of type I."""
    return {**line, "VATAmountFC": line["VATAmount"]}
