"""What the simulated Exact holds at the end, against what the product believes and what people did there."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import transaction

from apps.exact.models import Division
from apps.invoices.models import Invoice, State
from apps.posting import refusals
from apps.posting.models import Posting, PostingCall
from apps.sandbox.exact import entries, payload, store, table

DOCUMENTS, ATTACHMENTS = "documents/Documents", "documents/DocumentAttachments"
ENTRIES = "purchaseentry/PurchaseEntries"


class Books:
    """The documents, attachments and entries of one division of the sandbox."""

    def __init__(self, division: Division) -> None:
        self.documents = [row.data for row in store.rows(DOCUMENTS, division.code)]
        self.entries = [row.data for row in store.rows(ENTRIES, division.code)]
        self._files = [row.data for row in store.rows(ATTACHMENTS, division.code)]

    def entries_of(self, invoice: Invoice) -> list[dict[str, Any]]:
        """Return the entries with the number of `invoice`: all numbers of a world differ."""
        return [entry for entry in self.entries if entry["YourRef"] == invoice.number]

    def documents_of(self, reference: str) -> list[dict[str, Any]]:
        """Return the documents that carry `reference`."""
        return [document for document in self.documents if reference in (document.get("Subject") or "")]

    def files_of(self, document: str) -> Counter[str]:
        """Return how often each file hangs on a document."""
        return Counter(file["FileName"] for file in self._files if file["Document"] == document)

    def orphans(self, excused: Collection[str]) -> list[str]:
        """Return the subjects of our documents that no entry hangs on, those of `excused` references left out."""
        used = {entry.get("Document") for entry in self.entries}
        ours = [document for document in self.documents if "[PK-" in (document.get("Subject") or "")]
        free = [document["Subject"] for document in ours if document["ID"] not in used]
        return [subject for subject in free if not any(reference in subject for reference in excused)]


def judge(by_hand: Mapping[int, str], removed: Collection[int]) -> dict[str, Any]:
    """Return counts, the documents without an entry, and every wrong as a sentence."""
    wrong: list[str] = []
    orphans: list[str] = []
    counts: Counter[str] = Counter()
    for division in Division.objects.filter(administration__isnull=False).order_by("code"):
        books = Books(division)
        invoices = Invoice.objects.filter(administration=division.administration).select_related("posting")
        for invoice in invoices.order_by("pk"):
            counts[invoice.state] += 1
            hand = by_hand.get(invoice.pk)
            wrong += [
                f"{invoice.number}: {each}" for each in _wrongs(invoice, books, hand, invoice.pk in removed)
            ]
        counts["adopted"] += Posting.objects.filter(division=division, adopted=True).count()
        taken_away = Posting.objects.filter(division=division, invoice__in=removed)
        orphans += books.orphans(set(taken_away.values_list("reference", flat=True)))
        surplus = len(books.entries) - sum(len(books.entries_of(invoice)) for invoice in invoices)
        wrong += [f"{division.code}: {surplus} entries that nobody knows"] if surplus else []
    refused = PostingCall.objects.filter(verb="POST", resource=ENTRIES, status__gte=400)
    return {
        "states": dict(counts),
        "wrong": wrong,
        "orphans": orphans,
        "doubles_refused_by_exact": sum(refusals.says_it_exists(call.words) for call in refused),
    }


def _wrongs(invoice: Invoice, books: Books, by_hand: str | None, is_removed: bool) -> Iterator[str]:
    """Yield what is wrong with one document: its entries, its state, its document in Exact and the files there."""
    posting = invoice.posting
    there = books.entries_of(invoice)
    if len(there) != (0 if is_removed else 1):
        yield f"{len(there)} entries ({'removed' if is_removed else 'wanted'})"
    if invoice.state != State.DONE or posting is None:
        yield f"{invoice.state} {invoice.cause} {invoice.detail} {invoice.waits_for} {posting and posting.state}"
        return
    if any(entry["EntryID"] != str(posting.exact_id) for entry in there):
        yield f"taken for {posting.exact_id}, which is another entry"
    documents = books.documents_of(posting.reference)
    if by_hand:
        if str(posting.exact_id) != by_hand or not posting.adopted or len(documents) > 1:
            yield f"by hand as {by_hand}, taken for {posting.exact_id}, {len(documents)} documents"
    elif len(documents) == 1:
        yield from _differences(posting, books, documents[0], there)
    else:
        yield f"{len(documents)} documents"


def _differences(
    posting: Posting, books: Books, document: dict[str, Any], there: list[dict[str, Any]]
) -> Iterator[str]:
    planned = Counter(step["payload"]["FileName"] for step in posting.plan["steps"] if "original" in step)
    files = books.files_of(document["ID"])
    if files != planned:
        yield f"files {dict(files)}, planned {dict(planned)}"
    if any(entry.get("Document") != document["ID"] for entry in there):
        yield "its entry hangs on another document"


def book(division: Division, sent: dict[str, Any]) -> str:
    """Book an entry as a bookkeeper in Exact does, without a call of ours; return its id."""
    with transaction.atomic(using=store.DATABASE):
        wanted = payload.posted(table.get(ENTRIES), sent)
        return entries.create(division.code, wanted, division.app.base_url).key
