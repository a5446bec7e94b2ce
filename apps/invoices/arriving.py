"""What was handed over without an entry arrives in the books: somebody made its entry, and the ledger shows it."""

from collections.abc import Iterator, Sequence
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Package
from apps.core.transitions import Changed
from apps.exact.models import Division, LedgerLine
from apps.invoices.aftermath import look_of
from apps.invoices.done import EXACT, done_in, keep, unless_moved
from apps.invoices.models import Invoice, Invoices, Outcome
from apps.invoices.pairing import NEAR
from apps.posting.lookup import PURCHASE_TYPES, is_of
from apps.posting.models import ARRIVED, DOCUMENT, Method, Posting

AT_ONCE = 500


def notice(division: Division) -> int:
    """Tell which documents that were handed over in `division` are booked now; return how many."""
    return sum(_booked(batch, division) for batch in _batches(division))


def in_mailbox(division: Division) -> Invoices:
    """Return what lies in the digital mailbox of `division` and is not known to be booked, where Exact tells that."""
    rows = done_in(division).filter(outcome=Outcome.HANDED_OVER, posting__method=Method.MAILBOX)
    rows = rows.exclude(administration__package=Package.EXACT_GLOBE)
    return rows.select_related("posting__division__app")


def handed_over(administration: Administration) -> int:
    """Return how many documents were put into the digital mailbox of `administration` and are not known to be booked.

    Of Exact Globe that is all that ever were: it tells nothing back.
    """
    rows = Invoice.objects.filter(administration=administration, outcome=Outcome.HANDED_OVER)
    return rows.filter(posting__method=Method.MAILBOX).count()


def _batches(division: Division) -> Iterator[list[Invoice]]:
    rows = done_in(division).filter(outcome=Outcome.HANDED_OVER).select_related("posting__division__app")
    rows, after = rows.defer("vendor", "customer", "payment", "findings").order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=after)[:AT_ONCE]):
        after = batch[-1].pk
        yield batch


def _booked(invoices: Sequence[Invoice], division: Division) -> int:
    """Tell which documents that were handed over somebody made an entry of."""
    documents = [key for one in invoices if (key := _document_of(one))]
    numbers = {one.number[:50] for one in invoices if one.number}
    heads = LedgerLine.objects.filter(division=division, line_number=0, type__in=PURCHASE_TYPES)
    heads = heads.filter(Q(document__in=documents) | Q(your_ref__in=numbers))
    taken = Posting.objects.filter(division=division, exact_id__in=heads.values("entry_id"))
    free = list(heads.exclude(entry_id__in=taken.values("exact_id")).order_by("pk"))
    told = 0
    for invoice in invoices:
        head = next((line for line in free if _is_entry_of(line, invoice)), None)
        if head is not None:
            free.remove(head)
            told += unless_moved(partial(end, invoice, head))
    return told


def _document_of(invoice: Invoice) -> UUID | None:
    """Return the document in Exact that it became, None while a digital mailbox keeps that to itself."""
    steps = invoice.posting.steps if invoice.posting else {}
    found = (steps.get(DOCUMENT) or steps.get(ARRIVED) or {}).get("id")
    return UUID(found) if found else None


def _is_entry_of(head: LedgerLine, invoice: Invoice) -> bool:
    """By the document it hangs on; else by supplier, number and amount, within a month."""
    if head.document is not None and head.document == _document_of(invoice):
        return True
    is_near = head.date is not None and abs(head.date - invoice.issue_date) <= NEAR
    is_same = bool(invoice.number) and head.your_ref == invoice.number[:50] and is_of(head, invoice.gross)
    return is_near and is_same and invoice.supplier is not None and invoice.supplier == head.relation


def end(invoice: Invoice, head: LedgerLine) -> None:
    """Tell that the entry of `head` is what a document became that was handed over; raises Changed."""
    posting, number = invoice.posting, str(head.entry_number or "")
    if posting is None:
        return
    url = posting.entry_url(head.entry_id)
    try:
        with transaction.atomic():
            look = look_of(head)
            posting.finish(exact_id=str(head.entry_id), number=number, url=url, adopted=True, look=look)
            why = _("was booked in Exact: %(number)s") % {"number": number}
            keep(invoice, who=EXACT, why=why, outcome=Outcome.BOOKED, exact_number=number, exact_url=url)
    except IntegrityError as error:  # another document of ours became this entry in this very moment
        raise Changed(str(error)) from error
