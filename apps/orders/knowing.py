"""Gathering what is known about an order's supplier and books, in few queries, before its lines are coded."""

from collections.abc import Iterable
from uuid import UUID

from apps.clients import ceilings
from apps.clients.models import Administration
from apps.exact.kept import Stamps
from apps.exact.models import Division, Relation
from apps.orders.knowledge import Knowledge
from apps.orders.models import OrderTerms, PurchaseOrder
from apps.orders.supplies import of_document
from apps.rules import books, changes, items, rule_book
from apps.rules.conditions import DocumentFacts


def of(
    order: PurchaseOrder,
    administration: Administration,
    division: Division,
    relation: Relation,
    *,
    wanted: Iterable[UUID],
    stamps: Stamps,
) -> Knowledge:
    """Return what is known for coding the lines of `order`, whose supplier is `relation`; `wanted`: items of Exact."""
    codes = books.books_of(division, stamps)
    document = facts_of(order, relation)
    found = changes.look(limits=ceilings.limits_of(administration))
    vat_table, doubts = rule_book.vat_table_and_doubts(administration, found)
    return Knowledge(
        books=codes,
        document=document,
        rules=rule_book.rules_for(administration, document, found),
        vat_table=vat_table,
        vat_doubts=doubts,
        supply=of_document(order, relation.country, relation.vat_number),
        card_vat_code=relation.purchase_vat_code,
        accounts=items.by_id(division, wanted, codes),
        currency=order.currency or division.currency,
        band=OrderTerms.of(administration).price_band,
        has_ceilings="limits" in found,
    )


def facts_of(order: PurchaseOrder, relation: Relation) -> DocumentFacts:
    """Return what booking rules may ask of `order`, whose supplier is `relation`."""
    return DocumentFacts(
        supplier_name=relation.name,
        supplier_code=relation.code,
        classification=relation.classification,
        vendor_keys=frozenset({*order.vendor.get("keys", ()), order.vendor_key}),
        header=order.note,
        buyer_reference=order.buyer_reference,
        order_number=order.number,
        delivery_address=order.buyer.get("delivery_address", ""),
    )
