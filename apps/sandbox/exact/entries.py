"""Purchase entries and their lines: create, change, remove, each in one transaction with its ledger lines."""

from typing import Any
from uuid import uuid4

from apps.sandbox.exact import documents, drafting, ledger, numbering, removal, store
from apps.sandbox.exact.drafting import Draft
from apps.sandbox.exact.errors import Problem, objection
from apps.sandbox.models import Row, Switches

Data = dict[str, Any]

ENTRIES, LINES = numbering.ENTRIES, "purchaseentry/PurchaseEntryLines"
OPEN, PROCESSED = 20, 50
_UNIQUE_TOGETHER = ("YourRef", "EntryDate", "AmountFC")


def create(division: int, sent: Data, base: str) -> Row:
    """Book an entry with its lines; raises Objection."""
    header = {
        **sent,
        "EntryID": sent.get("EntryID") or str(uuid4()),
        "Status": OPEN,
        "StatusDescription": "Open",
    }
    lines = header.pop("PurchaseEntryLines")
    return _book(drafting.draft(division, header, lines), base)


def change(entry: Row, sent: Data, base: str) -> Row:
    """Change header fields of an open entry and book it anew; raises Objection."""
    header = {**entry.data, **sent}
    if "VATAmountFC" not in sent:
        header.pop("VATAmountFC")
    if "EntryDate" in sent:
        _forget(header, sent, "ReportingYear", "ReportingPeriod", "DueDate")
    if "PaymentCondition" in sent:
        _forget(header, sent, "DueDate")
    if {"Journal", "EntryDate", "ReportingYear"} & sent.keys():
        _forget(header, sent, "EntryNumber")
    return _rebook(entry, header, _lines_of(entry), base)


def delete(entry: Row) -> None:
    """Remove an open entry with its lines and ledger lines; its document stays. Raises Objection."""
    _refuse_processed(entry)
    ledger.erase(entry)
    removal.remove([*store.children(LINES, entry.division, entry.key), entry])


def add_line(division: int, sent: Data, base: str) -> Row:
    """Add a line to an entry and book it anew; return the line. Raises Objection."""
    entry = store.rows(ENTRIES, division).get(key=sent["EntryID"])
    line = {**sent, "ID": sent.get("ID") or str(uuid4())}
    _rebook(entry, _without_totals(entry), [*_lines_of(entry), line], base)
    return store.rows(LINES, division).get(key=line["ID"])


def change_line(row: Row, sent: Data, base: str) -> Row:
    """Change a line and book its entry anew; return the line. Raises Objection."""
    entry = store.rows(ENTRIES, row.division).get(key=row.parent)
    changed = {**row.data, **sent, "EntryID": row.parent}
    if {"AmountFC", "VATCode"} & sent.keys():
        _forget(changed, sent, "VATAmountFC")
    lines = [changed if line["ID"] == row.key else line for line in _lines_of(entry)]
    _rebook(entry, _without_totals(entry), lines, base)
    return store.rows(LINES, row.division).get(key=row.key)


def delete_line(row: Row, base: str) -> None:
    """Remove a line; with the last one the entry goes too (Exact facts 4.4). Raises Objection."""
    entry = store.rows(ENTRIES, row.division).get(key=row.parent)
    left = [line for line in _lines_of(entry) if line["ID"] != row.key]
    if not left:
        delete(entry)
        return
    removal.remove([row])
    _rebook(entry, _without_totals(entry), left, base)


def _forget(data: Data, sent: Data, *names: str) -> None:
    for name in names:
        if name not in sent:
            data.pop(name, None)


def _lines_of(entry: Row) -> list[Data]:
    rows = [row.data for row in store.children(LINES, entry.division, entry.key)]
    return sorted(rows, key=lambda line: line["LineNumber"])


def _without_totals(entry: Row) -> Data:
    return {name: value for name, value in entry.data.items() if name != "VATAmountFC"}


def _refuse_processed(entry: Row) -> None:
    if entry.data["Status"] == PROCESSED:
        raise objection(Problem("processed"))


def _rebook(entry: Row, header: Data, lines: list[Data], base: str) -> Row:
    _refuse_processed(entry)
    return _book(drafting.draft(entry.division, header, lines), base)


def _book(draft: Draft, base: str) -> Row:
    _refuse_double(draft)
    _number(draft)
    _complete_document(draft, base)
    _complete_lines(draft)
    entry = store.put(ENTRIES, draft.division, draft.header)
    store.put_all(LINES, draft.division, [line.data for line in draft.lines])
    ledger.write(draft)
    return entry


def _refuse_double(draft: Draft) -> None:
    """Refuse the same account, YourRef, date and amount (Exact facts 5); an empty YourRef is a value too."""
    header = draft.header
    same = [
        row
        for row in store.children(ENTRIES, draft.division, draft.supplier["ID"]).exclude(
            key=header["EntryID"]
        )
        if all((row.data.get(name) or None) == (header.get(name) or None) for name in _UNIQUE_TOGETHER)
    ]
    if same:
        raise objection(Problem("exists", "YourRef", header.get("YourRef") or ""))


def _number(draft: Draft) -> None:
    header = draft.header
    header["EntryNumber"] = numbering.entry_number(
        numbering.Series(draft.division, header["Journal"], header["ReportingYear"], header["EntryID"]),
        header.get("EntryNumber"),
    )


def _complete_document(draft: Draft, base: str) -> None:
    document = _document(draft, base)
    draft.header |= {
        "Document": document.key if document else None,
        "DocumentNumber": document.data.get("HID") if document else None,
        "DocumentSubject": document.data.get("Subject") if document else None,
    }


def _document(draft: Draft, base: str) -> Row | None:
    header = draft.header
    if header.get("Document"):
        return store.find(documents.DOCUMENTS, draft.division, header["Document"])
    if not Switches.objects.get(pk=1).documents_with_entries:
        return None
    sent = {
        "Subject": header.get("YourRef") or header.get("Description") or header["SupplierName"],
        "Type": documents.PURCHASE_INVOICE,
        "Account": header["Supplier"],
        "DocumentDate": header["EntryDate"],
        "AmountFC": header["AmountFC"],
        "Currency": header["Currency"],
        "FinancialTransactionEntryID": header["EntryID"],
    }
    return documents.create(draft.division, sent, base)


def _complete_lines(draft: Draft) -> None:
    for number, line in enumerate(draft.lines, start=1):
        made, percentage = line.amounts, line.rule.percentage
        line.data |= {
            "ID": line.data.get("ID") or str(uuid4()),
            "EntryID": draft.header["EntryID"],
            "LineNumber": number,
            "Type": draft.header["Type"],
            "AmountDC": draft.domestic(made.net if line.rule.type == "E" else made.payable),
            "GLAccountCode": line.ledger.get("Code"),
            "GLAccountDescription": line.ledger.get("Description"),
            "VATAmountFC": float(made.vat),
            "VATAmountDC": draft.domestic(made.vat),
            "VATBaseAmountFC": float(made.net),
            "VATBaseAmountDC": draft.domestic(made.net),
            "VATCodeDescription": line.vat_code.get("Description") if line.vat_code else None,
            "VATPercentage": float(percentage) if line.vat_code else None,
        }
