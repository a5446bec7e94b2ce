"""Is it in Exact already? By our own reference, else by what identifies a purchase entry (Exact 5)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.core.money import cents
from apps.exact.client import Exact
from apps.exact.models import LedgerLine
from apps.exact.values import date_of, decimal_of, filter_text
from apps.posting.models import Posting

ENTRY_FIELDS = (
    "EntryID",
    "EntryNumber",
    "EntryDate",
    "AmountFC",
    "YourRef",
    "ExternalLinkReference",
    "Document",
)
CREDIT_NOTE = 31
PURCHASE_TYPES = (30, CREDIT_NOTE)  # TransactionLines.Type (Exact 4.8)


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that is there. `ours`: it carries our reference. `same`: YourRef, date and amount agree."""

    exact_id: str
    number: str
    ours: bool
    same: bool


def in_ledger(posting: Posting) -> Found | None:
    """Look in the ledger mirror, which was refreshed at the start of the drain."""
    look = posting.plan["look"]
    lines = LedgerLine.objects.filter(division=posting.division_id, type__in=PURCHASE_TYPES)
    ours = lines.filter(our_ref=posting.reference).first()
    if ours:
        return Found(str(ours.entry_id), str(ours.entry_number or ""), ours=True, same=True)
    theirs = lines.filter(
        relation=look["supplier"], your_ref=look["your_ref"], date=look["date"], line_number=0
    )
    for line in theirs:
        if _is_of(line, Decimal(look["amount"])):
            return Found(str(line.entry_id), str(line.entry_number or ""), ours=False, same=True)
    return None


def _is_of(header: LedgerLine, amount: Decimal) -> bool:
    """Tell whether a header line is of an entry of `amount`, and not of a credit note of as much.

    The creditor is credited, so the header carries the other sign; should Exact show the amount itself, then
    its type says which of the two it is.
    """
    if header.amount_fc == -amount:
        return True
    return header.amount_fc == amount and (header.type == CREDIT_NOTE) == (amount < 0)


def in_entries(posting: Posting, exact: Exact) -> Found | None:
    """Ask Exact for entries of this supplier with this number: one call, and an empty answer costs no error."""
    look = posting.plan["look"]
    supplier, your_ref = look["supplier"], filter_text(look["your_ref"])
    rows = exact.find(
        "purchaseentry/PurchaseEntries",
        filter=f"Supplier eq guid'{supplier}' and YourRef eq {your_ref}"
        if look["your_ref"]
        else f"Supplier eq guid'{supplier}' and EntryDate eq datetime'{look['date']}'",
        select=ENTRY_FIELDS,
    )
    found = sorted((_found(row, posting) for row in rows), key=lambda one: (not one.ours, not one.same))
    return found[0] if found else None


def _found(row: dict[str, Any], posting: Posting) -> Found:
    look = posting.plan["look"]
    day, amount = date_of(row.get("EntryDate")), decimal_of(row.get("AmountFC"))
    same_day = day is not None and day.isoformat() == look["date"]
    same_amount = amount is not None and cents(amount) == Decimal(look["amount"])
    same_ref = (row.get("YourRef") or "") == look["your_ref"]
    return Found(
        exact_id=str(row["EntryID"]),
        number=str(row.get("EntryNumber") or ""),
        ours=row.get("ExternalLinkReference") == posting.reference,
        same=same_ref and same_day and same_amount,
    )


def document(posting: Posting, exact: Exact) -> str | None:
    """Return the id of the document whose subject carries our reference, None when there is none."""
    reference = filter_text(posting.reference)
    rows = exact.find(
        "documents/Documents", filter=f"substringof({reference},Subject) eq true", select=("ID",)
    )
    return str(rows[0]["ID"]) if rows else None


def attachment(payload: dict[str, Any], exact: Exact) -> str | None:
    """Return the id of the attachment of that name on that document, None when there is none."""
    name = filter_text(payload["FileName"])
    rows = exact.find(
        "documents/DocumentAttachments",
        filter=f"Document eq guid'{payload['Document']}' and FileName eq {name}",
        select=("ID",),
    )
    return str(rows[0]["ID"]) if rows else None
