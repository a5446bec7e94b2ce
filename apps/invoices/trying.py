"""The trial in a test division in figures: what was matched, coded, refused and booked there, and by whom touched."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.core.causes import Cause
from apps.core.money import ZERO
from apps.exact.models import Division, LedgerLine
from apps.invoices.models import Invoice, InvoiceEvent, InvoiceLine, Outcome, State, ValueSource
from apps.posting import refusals
from apps.posting.kinds import KINDS
from apps.posting.models import ENTRY, PURCHASE_INVOICE, Posting, PostingCall, PostingState
from apps.vendors import learning
from apps.vendors.evidence import Key
from apps.vendors.models import Question

MOST = 50  # documents of one report
EXACT = "Exact"
SOURCES = ("gl_source", "vat_source", "cost_center_source", "cost_unit_source")


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one document. `booked`: the total of its entry, None without one; `causes`: of refusals."""

    invoice: Invoice
    is_matched: bool
    is_coded: bool
    booked: Decimal | None = None
    causes: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """By how much the entry is not the document; None without an entry."""
        return None if self.booked is None else self.booked - self.invoice.gross

    @property
    def reasons(self) -> list[str]:
        """The causes of refusals in words."""
        return [str(Cause(cause).label) for cause in self.causes]


@dataclass
class Totals:
    """The booked documents of one currency, and their entries, added up."""

    documents: Decimal = ZERO
    booked: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        """What was booked too much (or, below zero, too little)."""
        return self.booked - self.documents


@dataclass(frozen=True)
class Trial:
    """The newest documents of an administration that is live on a test division, and what they add up to."""

    rows: Sequence[Tried] = field(default_factory=list)

    @property
    def matched(self) -> int:
        """How many found their supplier without a question."""
        return sum(row.is_matched for row in self.rows)

    @property
    def coded(self) -> int:
        """How many were coded without a change."""
        return sum(row.is_coded for row in self.rows)

    @property
    def booked(self) -> int:
        """How many are in the test division."""
        return sum(row.invoice.state == State.DONE for row in self.rows)

    @property
    def untouched(self) -> int:
        """How many are there without a touch."""
        return sum(row.invoice.state == State.DONE and not row.invoice.touched for row in self.rows)

    @property
    def refused(self) -> int:
        """How many Exact refused at least once."""
        return sum(bool(row.causes) for row in self.rows)

    @property
    def causes(self) -> list[tuple[str, int]]:
        """Why Exact refused, in words, with how many documents, the commonest first."""
        counted = Counter(cause for row in self.rows for cause in set(row.causes))
        return [(str(Cause(cause).label), count) for cause, count in counted.most_common()]

    @property
    def totals(self) -> Mapping[str, Totals]:
        """What was booked next to the documents, by currency."""
        found: dict[str, Totals] = defaultdict(Totals)
        for row in self.rows:
            if row.booked is not None:
                found[row.invoice.currency].documents += row.invoice.gross
                found[row.invoice.currency].booked += row.booked
        return dict(sorted(found.items()))

    @property
    def is_exact(self) -> bool:
        """Whether no booked document differs from its entry."""
        return not any(row.difference for row in self.rows)


def trial(division: Division) -> Trial:
    """Return the trial in `division` over its newest documents that nobody put aside; six queries."""
    rows = Invoice.objects.filter(administration=division.administration_id).exclude(state=State.IGNORED)
    rows = rows.select_related("posting__division", "administration").prefetch_related("lines")
    invoices = list(rows.order_by("-pk")[:MOST])
    asked = _asked(invoices, division)
    totals = _booked([one for one in invoices if one.outcome == Outcome.BOOKED], division)
    causes = _causes(invoices)
    return Trial(
        [
            Tried(
                one,
                is_matched=one.supplier is not None and one.pk not in asked,
                is_coded=_is_coded(list(one.lines.all())),
                booked=totals.get(one.pk),
                causes=tuple(causes[one.pk]),
            )
            for one in invoices
        ]
    )


def _is_coded(lines: Sequence[InvoiceLine]) -> bool:
    """Tell whether all lines have what an entry needs, and no person set any of it."""
    person = any(getattr(line, source) == ValueSource.PERSON for line in lines for source in SOURCES)
    return bool(lines) and all(line.gl_code and line.vat_code for line in lines) and not person


def _asked(invoices: Sequence[Invoice], division: Division) -> set[int]:
    """Return the documents that came in while it was not known who their vendor is."""
    answered: dict[str, list[datetime | None]] = defaultdict(list)
    questions = Question.objects.filter(administration=division.administration_id)
    for identity, at in questions.values_list("identity", "answered_at"):
        answered[identity].append(at)
    return {
        one.pk
        for one in invoices
        if any(at is None or one.received_at <= at for at in answered[_identity(one)])
    }


def _identity(invoice: Invoice) -> str:
    keys = [Key(*text.split(" ", 1)) for text in invoice.vendor.get("keys", [])]
    return str(learning.identity_of(keys, invoice.vendor_name))[:300]


def _booked(invoices: Sequence[Invoice], division: Division) -> dict[int, Decimal]:
    """Return the totals of the entries: as the ledger shows them, else as Exact answered."""
    postings = {one.posting.exact_id: one for one in invoices if one.posting and one.posting.exact_id}
    heads = LedgerLine.objects.filter(division=division, line_number=0, entry_id__in=postings)
    found = {postings[head.entry_id].pk: _total(head) for head in heads}
    rest = {one.posting_id: one.pk for one in invoices if one.pk not in found}
    calls = PostingCall.objects.filter(
        posting__in=rest, step__in=(ENTRY, PURCHASE_INVOICE), verb="POST", status=201
    )
    for posting, step, answer in calls.order_by("pk").values_list("posting", "step", "answer"):
        amount = KINDS[step].total_of(answer)
        if amount is not None:
            found[rest[posting]] = amount
    return found


def _total(head: LedgerLine) -> Decimal:
    """The creditor is credited, so the header carries the other sign."""
    return -(head.amount_fc or head.amount)


def _causes(invoices: Sequence[Invoice]) -> dict[int, list[str]]:
    """Return why Exact refused each document: what it waits for now, else what its words meant then."""
    found: dict[int, list[str]] = defaultdict(list)
    events: Any = InvoiceEvent.objects.filter(invoice__in=invoices, who=EXACT, to_state=State.ATTENTION)
    for invoice, why in events.order_by("pk").values_list("invoice", "why"):
        found[invoice].append(refusals.cause_of(why))
    for one in invoices:
        posting: Posting | None = one.posting
        if posting is not None and posting.state == PostingState.REFUSED and found[one.pk]:
            found[one.pk][-1] = posting.cause
    return {**{one.pk: [] for one in invoices}, **{key: sorted(set(those)) for key, those in found.items()}}
