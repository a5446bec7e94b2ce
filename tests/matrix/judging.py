"""What the sandbox holds at the end, against what the product says and what was asked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from apps.exact.models import Division
from apps.intake.enclosures import PAGE, content_of
from apps.invoices.models import Invoice, State
from apps.posting.models import Posting
from apps.sandbox.models import AttachedFile, Row
from tests.matrix.combinations import DOCUMENTS, ENTRIES, FILES

Rows = dict[str, list[Row]]


def wrong(divisions: Iterable[Division]) -> list[str]:
    """Return a sentence for everything that is not as it must be; an empty list is what is hoped for."""
    return [
        f"{division.code}: {words}"
        for division in divisions
        for words in (*_of_invoices(division), *_of_division(division))
    ]


def orphans(divisions: Iterable[Division]) -> list[str]:
    """Return the documents in the sandbox that no entry refers to."""
    found = []
    for division in divisions:
        used = {row.data.get("Document") for row in _rows(ENTRIES, division)}
        found += [str(row.data.get("Subject")) for row in _rows(DOCUMENTS, division) if row.key not in used]
    return found


def _rows(resource: str, division: Division) -> list[Row]:
    return list(Row.objects.filter(resource=resource, division=division.code))


def _by(rows: Iterable[Row], name: str) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[str(row.data.get(name))].append(row)
    return found


def _of_invoices(division: Division) -> Iterator[str]:
    entries = _by(_rows(ENTRIES, division), "ExternalLinkReference")
    documents, files = _rows(DOCUMENTS, division), _by(_rows(FILES, division), "Document")
    invoices = Invoice.objects.filter(administration=division.administration_id)
    for invoice in invoices.select_related("posting", "part__original"):
        if invoice.state != State.DONE or invoice.posting is None:
            yield f"{invoice.number} is {invoice.state}, cause {invoice.cause!r}: {invoice.detail}"
            continue
        reference = invoice.posting.reference
        of_it = [row for row in documents if reference in row.data["Subject"]]
        for words in _of_one(invoice, invoice.posting, entries[reference], of_it, files):
            yield f"{invoice.number}: {words}"


def _of_one(
    invoice: Invoice, posting: Posting, entries: list[Row], documents: list[Row], files: Rows
) -> Iterator[str]:
    if (len(entries), len(documents)) != (1, 1):
        yield f"{len(entries)} entries, {len(documents)} documents"
        return
    entry, document = entries[0], documents[0]
    if (str(entry.data["EntryNumber"]), entry.key) != (invoice.exact_number, str(posting.exact_id)):
        yield f"booked as {entry.data['EntryNumber']}, and we say {invoice.exact_number}"
    if entry.data["Document"] != document.key:
        yield "the entry refers to another document"
    attached = [(str(row.data["FileName"]), _digest(row)) for row in files[document.key]]
    planned = _planned(invoice, posting.plan["steps"])
    if sorted(name for name, _hash in attached) != sorted(planned):
        yield f"attached {sorted(attached)}, planned {sorted(planned)}"
    for name, digest in planned.items():
        if digest and (name, digest) not in attached:
            yield f"{name} is not what came in"


def _planned(invoice: Invoice, steps: list[dict[str, Any]]) -> dict[str, str]:
    """Return the files by name with what their bytes must be; a page is made anew each time, so its bytes may be."""
    original = invoice.part.original.content()
    return {
        step["payload"]["FileName"]: ""
        if step.get("enclosed") == PAGE
        else sha256(content_of(original, step.get("enclosed"))).hexdigest()
        for step in steps
        if step["resource"] == FILES
    }


def _digest(row: Row) -> str:
    return sha256(bytes(AttachedFile.objects.get(key=row.key).content)).hexdigest()


def _of_division(division: Division) -> Iterator[str]:
    invoices = Invoice.objects.filter(administration=division.administration_id).count()
    for resource in (DOCUMENTS, ENTRIES):
        if (there := len(_rows(resource, division))) != invoices:
            yield f"{there} rows of {resource} for {invoices} invoices"
    if still := Posting.objects.filter(division=division).open().count():
        yield f"{still} postings are still open"
