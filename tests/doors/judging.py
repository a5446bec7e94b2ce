"""Whether the books of parts balance: nothing twice, nothing lost, everything with its outcome and reason."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count

from apps.core import clock
from apps.econnect.models import HookCall, Inbound, Stage
from apps.intake.books import Books, books_of
from apps.intake.models import Folder, Mailbox, Original, Part, PartOutcome, Receipt
from apps.invoices.models import Invoice
from apps.people.models import User
from tests.doors.plan import Door, Fault, Plan


def wrong(plan: Plan, *, extra_receipts: int) -> list[str]:
    """Return what is not as it must be, in words; `extra_receipts`: mails that announced a lost hook."""
    return [
        *_counts(plan, extra_receipts),
        *_outcomes(plan),
        *_documents(plan),
        *_originals(),
        *_peppol(plan),
        *_doors(),
        *_books(plan, extra_receipts),
    ]


def books() -> Books:
    """Return the books of the last days, as an administrator reads them."""
    today = clock.today()
    return books_of(User(is_superuser=True, is_active=True), today - timedelta(days=3), today)


def _counts(plan: Plan, extra: int) -> Iterator[str]:
    receipts, parts = Receipt.objects.count(), Part.objects.count()
    meant = sum(len(arrival.files) for arrival in plan.arrivals)
    if receipts != len(plan.arrivals) + extra:
        yield f"{receipts} receipts instead of {len(plan.arrivals)} and {extra} announcements"
    if parts != meant + extra:
        yield f"{parts} parts instead of {meant} and {extra} announcements"


def _outcomes(plan: Plan) -> Iterator[str]:
    """Each file has as many parts as it came in, with the outcome that it must have; a document once, then doubles."""
    meant: dict[str, Counter[str]] = {}
    for arrival in plan.arrivals:
        for file in arrival.files:
            seen = meant.setdefault(hashlib.sha256(file.content).hexdigest(), Counter())
            seen[file.becomes or ("duplicate" if seen["document"] else "document")] += 1
    found: dict[str, Counter[str]] = {}
    for sha256, outcome, count in (
        Part.objects.values_list("original", "outcome").annotate(n=Count("pk")).order_by()
    ):
        found.setdefault(sha256, Counter())[outcome] += count
    for sha256, counts in meant.items():
        if found.get(sha256, Counter()) != counts:
            yield f"{sha256[:12]} became {dict(found.get(sha256, {}))} instead of {dict(counts)}"


def _documents(plan: Plan) -> Iterator[str]:
    rows = Counter(Invoice.objects.values_list("administration__slug", "number"))
    meant = Counter((f"doors-{invoice.administration}", invoice.number) for invoice in plan.invoices)
    for key in (meant - rows) + (rows - meant):
        yield f"{key}: {rows[key]} documents instead of {meant[key]}"
    astray = Part.objects.filter(outcome=PartOutcome.DOCUMENT, invoice=None).count()
    if astray:
        yield f"{astray} parts are documents without a document"
    unlinked = Part.objects.filter(outcome=PartOutcome.DUPLICATE).exclude(duplicate_of__outcome="document")
    yield from (f"part {part.pk} repeats what is no document" for part in unlinked)


def _originals() -> Iterator[str]:
    for original in Original.objects.iterator():
        if hashlib.sha256(original.content()).hexdigest() != original.sha256:
            yield f"the bytes of {original} changed"


def _peppol(plan: Plan) -> Iterator[str]:
    meant = sum(arrival.door == Door.PEPPOL for arrival in plan.arrivals)
    stages = Counter(Inbound.objects.values_list("stage", flat=True))
    if stages != {Stage.REMOVED: meant}:
        yield f"Peppol messages are {dict(stages)} instead of {meant} removed"
    if open_ := HookCall.objects.filter(handled_at=None).count():
        yield f"{open_} hook calls are not handled"
    doubled = sum(arrival.fault == Fault.DOUBLED_HOOK for arrival in plan.arrivals)
    if doubled and HookCall.objects.count() <= meant - len(plan.arrivals):
        yield "no hook was doubled"


def _doors() -> Iterator[str]:
    """What a door says is wrong with it at the end."""
    for model in (Folder, Mailbox):
        yield from (f"{one}: {one.trouble}" for one in model.objects.exclude(trouble=""))
    yield from (f"{one}: {one.trouble}" for one in Inbound.objects.exclude(trouble="")[:5])


def _books(plan: Plan, extra: int) -> Iterator[str]:
    found = books()
    if not found.total.adds_up or found.stuck:
        yield f"the books do not add up: {found.total}, {found.stuck} stuck"
    if found.total.receipts != len(plan.arrivals) + extra:
        yield f"the books show {found.total.receipts} receipts"
