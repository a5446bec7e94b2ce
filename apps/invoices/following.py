"""What people did in Exact since with what Postkamer put there: noticed by the ledger mirror, told on the document."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.transitions import Changed
from apps.exact.models import Division, LedgerLine, Relation
from apps.invoices.aftermath import look_of, since
from apps.invoices.comparing import Difference, Field
from apps.invoices.models import InExact, Invoice, Invoices, Outcome, State
from apps.invoices.pairing import NEAR
from apps.posting.lookup import PURCHASE_TYPES, is_of
from apps.posting.models import DOCUMENT, Posting

AT_ONCE = 500
FOLLOWED = timedelta(days=400)  # a year of books, and the weeks in which it is closed
EXACT = "Exact"


def notice(division: Division) -> int:
    """Tell on each document what became of its entry in `division` since; return on how many something was told.

    Read from the mirror alone. A document that was handed over counts as booked when the ledger shows its entry.
    """
    told, after = 0, 0
    while rows := _to_compare(division, after):
        after = rows[-1].pk
        told += _told(rows, division)
    return told + sum(_booked(one, division) for one in _batches(_handed_over(division)))


def keep(invoice: Invoice, *, who: str, why: str, **values: object) -> None:
    """Set `values` on a document that is done and stays so, with an event; raises core.transitions.Changed."""
    invoice.move(State.DONE, who=who, why=why, at=clock.now(), changed_at=invoice.changed_at, **values)


class _Row(NamedTuple):
    """What of a booked document is compared: thousands of them at once, so no whole rows."""

    pk: int
    entry: UUID
    kind: str
    differences: list[list[str]]
    look: dict[str, Any]


def _done(division: Division) -> Invoices:
    since_when = clock.now() - FOLLOWED
    rows: Invoices = Invoice.objects.filter(
        state=State.DONE, posting__division=division, done_at__gte=since_when
    )
    return rows


def _to_compare(division: Division, after: int) -> list[_Row]:
    """What was processed is compared no more, unless it is gone."""
    gone = LedgerLine.everything.filter(division=division, line_number=0, gone_at__isnull=False)
    is_gone = Q(posting__exact_id__in=gone.values("entry_id"))
    rows = _done(division).filter(
        ~Q(in_exact=InExact.PROCESSED) | is_gone, outcome=Outcome.BOOKED, pk__gt=after
    )
    fields = ("pk", "posting__exact_id", "in_exact", "in_exact_differences", "posting__plan__look")
    return [_Row(*values) for values in rows.order_by("pk").values_list(*fields)[:AT_ONCE]]


def _handed_over(division: Division) -> Invoices:
    rows: Invoices = _done(division).filter(outcome=Outcome.HANDED_OVER)
    return rows.select_related("posting__division__app").defer("vendor", "customer", "payment", "findings")


def _batches(rows: Invoices) -> Iterator[list[Invoice]]:
    after = 0
    while batch := list(rows.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = batch[-1].pk
        yield batch


def _told(rows: Sequence[_Row], division: Division) -> int:
    heads = _heads(division, [row.entry for row in rows])
    found = [(row, *since(row.look, heads[row.entry])) for row in rows if row.entry in heads]
    news = [
        (row, kind, those) for row, kind, those in found if (row.kind, row.differences) != (kind, _raw(those))
    ]
    names = _names(division, [each for _row, _kind, those in news for each in those])
    return sum(_tell(row, kind, those, names) for row, kind, those in news)


def _raw(differences: Sequence[Difference]) -> list[list[str]]:
    """Return what differs as it is kept: sentences change with the language, and names with the cards."""
    return [[each.field.value, *map(str, _sides(each))] for each in differences]


def _heads(division: Division, entries: Sequence[UUID]) -> dict[UUID, LedgerLine]:
    """Return the header line of each entry, the living one where there is one."""
    lines = LedgerLine.everything.filter(division=division, line_number=0, entry_id__in=entries)
    return {line.entry_id: line for line in sorted(lines, key=lambda line: line.gone_at is None)}


def _names(division: Division, differences: Sequence[Difference]) -> dict[str, str]:
    keys = {
        str(value) for each in differences if each.field == Field.SUPPLIER for value in _sides(each) if value
    }
    cards = Relation.everything.filter(division=division, exact_id__in=keys).defer("raw")
    return {str(card.exact_id): str(card) for card in cards} if keys else {}


def _sides(each: Difference) -> tuple[object, object]:
    return each.ours, each.theirs


def _words(kind: InExact, differences: Sequence[Difference], names: dict[str, str]) -> str:
    if kind is InExact.DELETED:
        return _("The entry was deleted in Exact.")
    if kind is InExact.PROCESSED:
        return _("Exact processed the entry.")
    if kind is InExact.NOTHING:
        return ""
    shown = (
        "{} {} → {}".format(each.field.label, *(_shown(each.field, side, names) for side in _sides(each)))
        for each in differences
    )
    return _("Changed in Exact: %(what)s.") % {"what": "; ".join(shown)}


def _shown(field: Field, value: object, names: dict[str, str]) -> str:
    if field == Field.DATE and value:
        return date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT")
    if field == Field.TOTAL:
        return number_format(Decimal(str(value)), decimal_pos=2, force_grouping=True)
    return names.get(str(value), str(value or "-"))


def _tell(row: _Row, kind: InExact, differences: Sequence[Difference], names: dict[str, str]) -> bool:
    """Tell it, unless the document is not as it was when this was found out."""
    invoice = Invoice.objects.select_related("posting").get(pk=row.pk)
    entry = invoice.posting.exact_id if invoice.posting else None
    if invoice.state != State.DONE or entry != row.entry:
        return False
    if (invoice.in_exact, invoice.in_exact_differences) != (row.kind, row.differences):
        return False
    words = _words(kind, differences, names)
    values = {
        "in_exact": kind,
        "in_exact_detail": words,
        "in_exact_differences": _raw(differences),
        "in_exact_at": clock.now(),
        "in_exact_seen": False,
    }
    why = words or _("In Exact it is again as it was booked.")
    return _unless_moved(lambda: keep(invoice, who=EXACT, why=why, **values))


def _unless_moved(act: Callable[[], None]) -> bool:
    try:
        act()
    except Changed:  # a person acted in this very moment; the next look tells
        return False
    return True


def _booked(invoices: Sequence[Invoice], division: Division) -> int:
    """Tell which documents that were handed over somebody made an entry of."""
    documents = {_document_of(one): one for one in invoices}
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
            told += _unless_moved(lambda one=invoice, line=head: _end(one, line))  # type: ignore[misc]
    return told


def _document_of(invoice: Invoice) -> UUID | None:
    return UUID(invoice.posting.steps[DOCUMENT]["id"]) if invoice.posting else None


def _is_entry_of(head: LedgerLine, invoice: Invoice) -> bool:
    """By the document it hangs on; else by supplier, number and amount, within a month."""
    if head.document is not None and head.document == _document_of(invoice):
        return True
    is_near = head.date is not None and abs(head.date - invoice.issue_date) <= NEAR
    is_same = bool(invoice.number) and head.your_ref == invoice.number[:50] and is_of(head, invoice.gross)
    return is_near and is_same and invoice.supplier is not None and invoice.supplier == head.relation


def _end(invoice: Invoice, head: LedgerLine) -> None:
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
