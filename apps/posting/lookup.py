"""Is it in Exact already? By our own reference, else by what identifies an entry, an order or an invoice (Exact 5)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from apps.core import clock
from apps.core.http import RemoteError, Unauthorised
from apps.exact.client import Exact
from apps.exact.models import LedgerLine
from apps.exact.values import date_of, filter_guid, filter_text, text_of
from apps.posting.kinds import KINDS, Kind
from apps.posting.models import ENTRY, ORDER, PURCHASE_INVOICE, Posting

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
    """What is there. `ours`: it carries our reference. `same`: YourRef, date and amount agree.

    `taken`: it is the result of another posting of ours, and so of another document. `numbered`: YourRef agrees,
    whatever else does not.
    """

    exact_id: str
    number: str
    ours: bool
    same: bool
    taken: bool = False
    numbered: bool = False


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
    entry = KINDS[ENTRY]
    by_id = f"{entry.key} eq {filter_guid(found.exact_id)}"
    return bool(exact.find(entry.resource, filter=by_id, select=(entry.key,)))


def in_entries(posting: Posting, exact: Exact) -> Found | None:
    """Ask Exact for entries of this supplier with this number, as `in_exact`."""
    return in_exact(posting, KINDS[ENTRY], exact)


def in_orders(posting: Posting, exact: Exact) -> Found | None:
    """Ask Exact for purchase orders to this supplier with this number or of this day, as `in_exact`."""
    return in_exact(posting, KINDS[ORDER], exact)


def in_purchase_invoices(posting: Posting, exact: Exact) -> Found | None:
    """Ask Exact for purchase invoices of this supplier with this number or of this day, as `in_exact`."""
    return in_exact(posting, KINDS[PURCHASE_INVOICE], exact)


def in_exact(posting: Posting, kind: Kind, exact: Exact) -> Found | None:
    """Return what of this kind is most like what `posting` makes; one call, and an empty answer costs no error.

    What somebody cancelled is no reason, unless it is ours; and of a supplier that it was sent for before
    ("earlier_suppliers" in "look") only ours is one.
    """
    look = posting.plan["look"]
    earlier = [one for one in look.get("earlier_suppliers", ()) if one != look["supplier"]]
    under = " or ".join(f"Supplier eq {filter_guid(one)}" for one in (look["supplier"], *earlier))
    asked = f"{f'({under})' if earlier else under} and {_asked(look, kind)}"
    fields = (*kind.fields, "Supplier") if earlier else kind.fields
    rows = exact.find(kind.resource, filter=asked, select=fields)
    taken = taken_by_others(posting, [str(row[kind.key]) for row in rows])
    found = [
        _found(row, posting, kind)
        for row in rows
        if kind.bears(row, posting.reference)
        or not (kind.is_dead(row) or (earlier and text_of(row.get("Supplier")) in earlier))
    ]
    found = [replace(one, taken=one.exact_id in taken) for one in found]
    return min(found, key=_unlikeness, default=None)


def _asked(look: Mapping[str, Any], kind: Kind) -> str:
    """Return the filter: by number, by day where there is none. Of a kind that Exact lets be there twice by both.

    Then ours is found also when Exact kept its number in another form, or somebody corrected it.
    """
    number, day = f"YourRef eq {filter_text(look['your_ref'])}", f"{kind.date} eq datetime'{look['date']}'"
    if not look["your_ref"]:
        return day
    return number if kind.is_unique else f"({number} or {day})"


def _unlikeness(one: Found) -> tuple[bool, ...]:
    return (not one.ours, not one.same, one.taken, not one.numbered)


def _found(row: dict[str, Any], posting: Posting, kind: Kind) -> Found:
    look = posting.plan["look"]
    day = date_of(row.get(kind.date))
    same_day = day is not None and day.isoformat() in dates_of(look)
    same_amount = kind.total_of(row) == Decimal(look["amount"])
    same_ref = text_of(row.get("YourRef")) == look["your_ref"].strip()
    return Found(
        exact_id=str(row[kind.key]),
        number=text_of(row.get(kind.number)),
        ours=kind.bears(row, posting.reference),
        same=same_ref and same_day and same_amount,
        numbered=same_ref and bool(look["your_ref"]),
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
