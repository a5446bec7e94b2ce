"""Which item each line of an order means: found, chosen by a person, or asked."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.exact.kept import Stamps
from apps.exact.models import Division, Relation
from apps.items import resolving
from apps.items.catalogue import catalogue_of
from apps.items.resolving import Resolved
from apps.items.wanted import ItemCard, Wanted
from apps.orders.amounts import net_price
from apps.orders.checks import where
from apps.orders.models import PurchaseOrder, PurchaseOrderLine, ValueSource

Cards = dict[int, ItemCard]  # by the position of the line


def find(
    order: PurchaseOrder,
    lines: Sequence[PurchaseOrderLine],
    *,
    administration: Administration,
    division: Division,
    relation: Relation,
    stamps: Stamps,
) -> tuple[Cards, list[Obstacle]]:
    """Set on each of `lines` the item that it means; return the items, and an obstacle for each line without one.

    What nobody knows is asked, all lines at once. What a person chose stays, as long as Exact has it.
    """
    chosen = [line for line in lines if is_chosen(line)]
    others = [line for line in lines if not is_chosen(line)]
    found = _chosen(chosen, division, relation, stamps)
    obstacles = [_gone(line) for line in chosen if line.position not in found]
    resolved = resolving.resolve(
        division,
        administration,
        relation.exact_id,
        relation.name,
        [wanted_of(line) for line in others],
        order.part,
        stamps=stamps,
    )
    for line, one in zip(others, resolved, strict=True):
        _take(line, one)
        if one.item:
            found[line.position] = one.item
        else:
            obstacles.append(Obstacle(Cause.ITEM_UNKNOWN, ": ".join(filter(None, (where(line), one.why)))))
    return found, obstacles


def is_chosen(line: PurchaseOrderLine) -> bool:
    """Tell whether a person chose the item of `line` itself, and not once for all lines that say the same."""
    return line.item_source == ValueSource.PERSON and line.item_mapping_id is None


def wanted_of(line: PurchaseOrderLine) -> Wanted:
    """Return what `line` says about the item that it wants."""
    return Wanted(
        seller_item=line.seller_item,
        buyer_item=line.buyer_item,
        gtin=line.gtin,
        description=line.description,
        unit=line.unit,
        quantity=line.quantity,
        price=None if line.price is None else net_price(line.price, line.discount),
    )


def _chosen(
    lines: Sequence[PurchaseOrderLine], division: Division, relation: Relation, stamps: Stamps
) -> Cards:
    if not lines:
        return {}
    catalogue = catalogue_of(division, stamps)
    cards = ((line, line.item and catalogue.card_of(line.item, relation.exact_id)) for line in lines)
    return {line.position: card for line, card in cards if card and card.usable}


def _gone(line: PurchaseOrderLine) -> Obstacle:
    words = _("%(line)s: item %(code)s cannot be ordered in Exact any more. Choose another one.")
    return Obstacle(Cause.ITEM_UNKNOWN, words % {"line": where(line), "code": line.item_code})


def _take(line: PurchaseOrderLine, found: Resolved) -> None:
    card = found.item
    line.item = card.exact_id if card else None
    line.item_code = card.code if card else ""
    line.item_name = card.name if card else ""
    line.item_source = found.source if card else ValueSource.NOBODY
    line.item_why = found.why[:255]
    line.item_question = found.question
    line.item_mapping_id = found.mapping if card else None
