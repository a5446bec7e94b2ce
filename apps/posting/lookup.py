"""Is it in Exact already? By our own reference, else by what identifies a purchase entry (Exact 5)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from apps.core import clock
from apps.core.http import RemoteError, Unauthorised
from apps.core.money import cents
from apps.exact.client import Exact
from apps.exact.models import LedgerLine
from apps.exact.values import date_of, decimal_of, filter_guid, filter_text
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
ATTACHMENTS = "documents/DocumentAttachments"
MESSAGES, MESSAGE_FILES = "mailbox/MailMessagesSent", "mailbox/MailMessageAttachments"
PURCHASE_TYPES = (30, CREDIT_NOTE)  # TransactionLines.Type (Exact 4.8)


class Unsettled(Exception):
    """A write without an answer may still arrive: look again later, write nothing now."""


def is_forbidden(error: RemoteError) -> bool:
    """Tell whether this user may not use the one resource, while all else goes on (Exact facts 3.5)."""
    return isinstance(error, Unauthorised) and error.status == 403 and not error.reason


def demand_settled(posting: Posting) -> None:
    """Raise Unsettled while what was sent without an answer may still arrive."""
    if posting.asked_at and clock.now() < posting.asked_at + timedelta(seconds=settings.SETTLE_SECONDS):
        raise Unsettled


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that is there. `ours`: it carries our reference. `same`: YourRef, date and amount agree.

    `taken`: it is the result of another posting of ours, and so of another document.
    """

    exact_id: str
    number: str
    ours: bool
    same: bool
    taken: bool = False


def in_ledger(posting: Posting) -> Found | None:
    """Look in the ledger mirror, which was refreshed at the start of the drain."""
    look = posting.plan["look"]
    lines = LedgerLine.objects.filter(division=posting.division_id, type__in=PURCHASE_TYPES)
    ours = lines.filter(our_ref=posting.reference).first()
    if ours:
        return Found(str(ours.entry_id), str(ours.entry_number or ""), ours=True, same=True)
    theirs = lines.filter(
        relation=look["supplier"], your_ref=look["your_ref"], date__in=dates_of(look), line_number=0
    )
    alike = [line for line in theirs if is_of(line, Decimal(look["amount"]))]
    taken = taken_by_others(posting, [str(line.entry_id) for line in alike])
    found = [
        Found(str(line.entry_id), str(line.entry_number or ""), False, True, str(line.entry_id) in taken)
        for line in alike
    ]
    return min(found, key=lambda one: one.taken, default=None)


def dates_of(look: Mapping[str, Any]) -> set[str]:
    """Return the day that is sent, and the document's own: somebody may have booked it before that was closed."""
    return {look["date"], look.get("document_date", look["date"])}


def taken_by_others(posting: Posting, entries: Collection[str]) -> set[str]:
    """Return those of `entries` (ids in Exact) that are the result of another posting of ours."""
    others = Posting.objects.filter(division=posting.division_id, exact_id__in=entries).exclude(pk=posting.pk)
    return {str(entry) for entry in others.values_list("exact_id", flat=True)}


def is_of(header: LedgerLine, amount: Decimal) -> bool:
    """Tell whether a header line is of an entry of `amount`, and not of a credit note of as much.

    The creditor is credited, so the header carries the other sign; should Exact show the amount itself, then
    its type says which of the two it is.
    """
    if header.amount_fc == -amount:
        return True
    return header.amount_fc == amount and (header.type == CREDIT_NOTE) == (amount < 0)


def is_there(found: Found, exact: Exact) -> bool:
    """Ask Exact whether an entry is still there: by its id, for all else may have been changed since."""
    by_id = f"EntryID eq {filter_guid(found.exact_id)}"
    return bool(exact.find("purchaseentry/PurchaseEntries", filter=by_id, select=("EntryID",)))


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
    taken = taken_by_others(posting, [str(row["EntryID"]) for row in rows])
    found = [replace(one, taken=one.exact_id in taken) for one in (_found(row, posting) for row in rows)]
    found.sort(key=lambda one: (not one.ours, not one.same, one.taken))
    return found[0] if found else None


def _found(row: dict[str, Any], posting: Posting) -> Found:
    look = posting.plan["look"]
    day, amount = date_of(row.get("EntryDate")), decimal_of(row.get("AmountFC"))
    same_day = day is not None and day.isoformat() in dates_of(look)
    same_amount = amount is not None and cents(amount) == Decimal(look["amount"])
    same_ref = (row.get("YourRef") or "") == look["your_ref"]
    return Found(
        exact_id=str(row["EntryID"]),
        number=str(row.get("EntryNumber") or ""),
        ours=row.get("ExternalLinkReference") == posting.reference,
        same=same_ref and same_day and same_amount,
    )


def document(posting: Posting, exact: Exact) -> str | None:
    """Return the id of the document whose subject ends in our reference, None when there is none.

    One that is to be removed is not it.
    """
    rows = _marked("documents/Documents", posting, exact)
    plans = [posting.plan, *(posting.family().open().values_list("plan", flat=True) if rows else ())]
    earlier = {step.get("removes") for plan in plans for step in plan["steps"]}
    return next((str(row["ID"]) for row in rows if str(row["ID"]) not in earlier), None)


def message(posting: Posting, exact: Exact) -> str | None:
    """Return the id of the message whose subject ends in our reference, None when there is none."""
    rows = _marked(MESSAGES, posting, exact)
    return str(rows[0]["ID"]) if rows else None


def _marked(resource: str, posting: Posting, exact: Exact) -> list[dict[str, Any]]:
    """Return the rows whose subject ends in the mark of `posting`: before it stands what a vendor wrote."""
    by_mark = f"substringof({filter_text(posting.reference)},Subject) eq true"
    rows = exact.find(resource, filter=by_mark, select=("ID", "Subject"))
    return [row for row in rows if (row.get("Subject") or "").rstrip().endswith(f"[{posting.reference}]")]


def attachment(resource: str, payload: dict[str, Any], exact: Exact) -> str | None:
    """Return the id of the file of that name on that document or message, None when there is none."""
    owner, name = (
        ("MailMessageID", "AttachmentFileName") if resource == MESSAGE_FILES else ("Document", "FileName")
    )
    rows = exact.find(
        resource,
        filter=f"{owner} eq guid'{payload[owner]}' and {name} eq {filter_text(payload[name])}",
        select=("ID",),
    )
    return str(rows[0]["ID"]) if rows else None
