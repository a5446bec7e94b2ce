"""A person says which item a line of a purchase invoice is: for this line alone, whatever its numbers say."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from apps.exact.models import Division
from apps.invoices import item_reading
from apps.invoices.edits import LineEdit, Refused
from apps.invoices.models import Invoice, InvoiceItem, ValueSource
from apps.items.catalogue import catalogue_of
from apps.items.matching import Catalogue
from apps.items.wanted import ItemCard

CHOSEN = [
    "item",
    "item_code",
    "item_name",
    "source",
    "why",
    "question",
    "mapping",
    "order_line",
    "order_number",
]


def choose(invoice: Invoice, division: Division, edits: Sequence[LineEdit], *, who: str) -> bool:
    """Let lines be the items with the codes of `edits`; tell whether one replaces what was found there.

    Without a code it is looked for again. Raises Refused for an item that Exact does not have, or that cannot be
    bought. In the transaction that codes the document anew.
    """
    wanted = {edit.line_id: edit.item for edit in edits if edit.item is not None}
    if not wanted:
        return False
    lines = [line for line in invoice.lines.order_by("position") if line.pk in wanted]
    rows = item_reading.rows_of(invoice, lines)
    catalogue = catalogue_of(division)
    replaced = False
    for line, row in zip(lines, rows, strict=True):
        code = wanted[line.pk]
        if code != row.item_code:
            replaced = replaced or row.item is not None
            _set(row, catalogue, code, invoice.supplier, who)
    return replaced


def _set(row: InvoiceItem, catalogue: Catalogue, code: str, supplier: UUID | str | None, who: str) -> None:
    card = _card(catalogue, code, supplier) if code else None
    why = _("chosen by %(who)s") % {"who": who}
    if card:
        row.set_item(card.exact_id, card.code, card.name, source=ValueSource.PERSON, why=why)
        row.question = None
    else:
        row.set_item(None, "", "", source=ValueSource.NOBODY, why="")
    row.mapping, row.order_line, row.order_number = None, None, ""
    if row.pk:
        row.save(update_fields=CHOSEN)
    else:
        row.save()


def _card(catalogue: Catalogue, code: str, supplier: UUID | str | None) -> ItemCard:
    """Return the item called `code`, as `supplier` delivers it."""
    of = UUID(str(supplier)) if supplier else UUID(int=0)
    found = [card for item in catalogue.called(code) if (card := catalogue.card_of(item, of))]
    card = next((one for one in found if one.usable), None)
    if card is None:
        words = _("Exact has no item %(code)s that can be bought.")
        raise Refused(words % {"code": code})
    return card
