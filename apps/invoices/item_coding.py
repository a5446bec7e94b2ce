"""Which item each line of a purchase invoice is: found, chosen by a person, or asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.exact.kept import Stamps
from apps.exact.models import Division, Relation
from apps.invoices import item_reading
from apps.invoices.checks import where
from apps.invoices.models import Invoice, InvoiceItem, InvoiceLine
from apps.items import resolving
from apps.items.catalogue import catalogue_of
from apps.items.resolving import Resolved
from apps.items.units import convert
from apps.items.wanted import ItemCard
from apps.rules import items
from apps.rules.books import Books
from apps.rules.suggestion import NOTHING, Suggestion, from_item

Pair = tuple[InvoiceLine, InvoiceItem]
KEPT = (
    "said", "item", "item_code", "item_name", "source", "why", "quantity", "unit", "order_line", "order_number",
    "question", "mapping",
)  # fmt: skip


@dataclass
class Itemised:
    """The lines of a document with their items, in one order, and what stands in the way.

    `accounts`: what Exact books each line on by its item, by position; NOTHING where that is not known.
    """

    lines: Sequence[InvoiceLine]
    rows: Sequence[InvoiceItem]
    obstacles: list[Obstacle] = field(default_factory=list)
    accounts: dict[int, Suggestion] = field(default_factory=dict)


def find(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    *,
    administration: Administration,
    division: Division,
    relation: Relation,
    codes: Books,
    stamps: Stamps,
) -> Itemised:
    """Return the items of `lines`; what nobody knows is asked, all lines at once. The rows are not stored yet.

    What a person chose for a line stays, as long as Exact has it.
    """
    made = Itemised(lines, item_reading.rows_of(invoice, lines))
    pairs = [(line, row) for line, row in zip(lines, made.rows, strict=True) if is_of_item(line)]
    cards = _chosen([pair for pair in pairs if pair[1].is_chosen], made, division, relation, stamps)
    others = [pair for pair in pairs if not pair[1].is_chosen]
    resolved = resolving.resolve(
        division,
        administration,
        relation.exact_id,
        relation.name,
        [item_reading.wanted_of(line, row) for line, row in others],
        invoice.part,
        stamps=stamps,
    )
    for (line, row), one in zip(others, resolved, strict=True):
        _take(row, one)
        if one.item:
            cards[line.position] = one.item
        else:
            made.obstacles.append(
                Obstacle(Cause.ITEM_UNKNOWN, ": ".join(filter(None, (where(line), one.why))))
            )
    _count(pairs, cards, made)
    facts = items.by_id(division, {card.exact_id for card in cards.values()}, codes)
    made.accounts = {line.position: _account(cards.get(line.position), facts) for line in lines}
    return made


def keep(made: Itemised) -> None:
    """Store the items of lines, in the transaction that moves their document."""
    InvoiceItem.objects.bulk_create(
        made.rows, update_conflicts=True, unique_fields=["line"], update_fields=KEPT, batch_size=500
    )


def lost(invoice: Invoice) -> list[str]:
    """Return why a person must look at what a purchase invoice has no field for, unlike an entry (Exact facts 4.4)."""
    return [_("a purchase invoice does not say what goes to the G-account")] if invoice.g_account else []


def undone(line: InvoiceLine) -> list[str]:
    """Take off what rules do with the amount of `line`, which a purchase invoice cannot; return words about it."""
    if not line.treatment:
        return []
    line.treatment = {}
    words = _(
        "%(line)s: a purchase invoice cannot spread a line, nor book private use or VAT that is not deductible"
    )
    return [words % {"line": where(line)}]


def is_of_item(line: InvoiceLine) -> bool:
    """Tell whether `line` needs an item: one of words alone, without amount or quantity, is not invoiced at all."""
    return bool(line.net or line.tax or line.quantity)


def is_missing(lines: Sequence[InvoiceLine]) -> bool:
    """Tell whether one of `lines` needs an item and has none; they come with their items."""
    return any(is_of_item(line) and ((row := item_of(line)) is None or row.item is None) for line in lines)


def item_of(line: InvoiceLine) -> InvoiceItem | None:
    """Return the item of `line` as stored, None while nobody asked for it."""
    found: InvoiceItem | None = getattr(line, "item", None)
    return found


def _chosen(
    pairs: Sequence[Pair], made: Itemised, division: Division, relation: Relation, stamps: Stamps
) -> dict[int, ItemCard]:
    """Return the items that people chose, by position of the line; one that Exact does not have is in the way."""
    catalogue = catalogue_of(division, stamps) if pairs else None
    cards: dict[int, ItemCard] = {}
    for line, row in pairs:
        card = catalogue.card_of(row.item, relation.exact_id) if catalogue and row.item else None
        if card and card.usable:
            cards[line.position] = card
        else:
            words = _("%(line)s: item %(code)s cannot be bought in Exact any more. Choose another one.")
            made.obstacles.append(
                Obstacle(Cause.ITEM_UNKNOWN, words % {"line": where(line), "code": row.item_code})
            )
    return cards


def _take(row: InvoiceItem, found: Resolved) -> None:
    card = found.item
    row.set_item(
        card.exact_id if card else None,
        card.code if card else "",
        card.name if card else "",
        source=found.source,
        why=found.why,
    )
    row.question = None if card else found.question
    row.mapping_id = found.mapping if card else None


def _count(pairs: Sequence[Pair], cards: Mapping[int, ItemCard], made: Itemised) -> None:
    """Say how many purchase units each line is; a unit that Exact does not know it by, a person looks at."""
    for line, row in pairs:
        row.quantity, row.unit = None, ""
        card = cards.get(line.position)
        if card is None:
            continue
        if (
            line.quantity is None or line.is_adjustment
        ):  # the amount counts: once, as Exact takes it without one
            row.quantity, row.unit = Decimal(-1 if line.net < 0 else 1), card.purchase_unit
            continue
        converted = convert(line.quantity, None, row.said.get("unit", ""), card)
        row.quantity, row.unit = converted.ordered, converted.unit
        if converted.trouble:
            words = f"{where(line)}: {converted.trouble}"
            made.obstacles.append(Obstacle(Cause.NEEDS_APPROVAL, words))


def _account(card: ItemCard | None, facts: Mapping[UUID, items.ItemFacts]) -> Suggestion:
    """Return the ledger account that Exact books an item on by itself (Exact facts 4.2)."""
    known = facts.get(card.exact_id) if card else None
    return from_item(known.gl_code, known.code) if known and known.gl_code else NOTHING
