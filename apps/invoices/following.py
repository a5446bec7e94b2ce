"""What people did in Exact since with what Postkamer put there: noticed by the ledger mirror, told on the document."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.core import clock
from apps.exact.models import Division, LedgerLine, Relation
from apps.invoices import arriving, autonomy
from apps.invoices.aftermath import since
from apps.invoices.comparing import Difference, Field
from apps.invoices.done import EXACT, done_in, keep, unless_moved
from apps.invoices.models import NOTICEABLE, InExact, Invoice, Outcome, State

AT_ONCE = 500


def notice(division: Division) -> int:
    """Tell on each document what became of its entry in `division` since; return on how many something was told.

    Read from the mirror alone. A document that was handed over counts as booked when the ledger shows its entry.
    """
    told, after = 0, 0
    while rows := _to_compare(division, after):
        after = rows[-1].pk
        told += _told(rows, division)
    return told + arriving.notice(division)


class _Row(NamedTuple):
    """What of a booked document is compared: thousands of them at once, so no whole rows."""

    pk: int
    entry: UUID
    kind: str
    differences: list[list[str]]
    look: dict[str, Any]


def _to_compare(division: Division, after: int) -> list[_Row]:
    """What was processed is compared no more, unless it is gone."""
    gone = LedgerLine.everything.filter(division=division, line_number=0, gone_at__isnull=False)
    is_gone = Q(posting__exact_id__in=gone.values("entry_id"))
    rows = done_in(division).filter(
        ~Q(in_exact=InExact.PROCESSED) | is_gone, outcome=Outcome.BOOKED, pk__gt=after
    )
    fields = ("pk", "posting__exact_id", "in_exact", "in_exact_differences", "posting__plan__look")
    return [_Row(*values) for values in rows.order_by("pk").values_list(*fields)[:AT_ONCE]]


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

    @transaction.atomic
    def tell() -> None:
        keep(invoice, who=EXACT, why=why, **values)
        if kind in NOTICEABLE:
            autonomy.corrected(invoice, why=_("its booking was changed in Exact"), by=EXACT)

    return unless_moved(tell)
