"""Gathering what is known about a document's supplier and books, in few queries, before its lines are coded."""

from collections.abc import Collection, Sequence
from typing import cast

from apps.clients import ceilings
from apps.clients.models import Administration
from apps.exact.models import Division, Relation
from apps.invoices import own_past, supplies, suspended
from apps.invoices.knowledge import Knowledge
from apps.invoices.models import Autonomy, Invoice, InvoiceLine, ValueSource
from apps.invoices.rows import facts_of, period_of, wording_of
from apps.rules import books, changes, corrections, items, rule_book
from apps.rules.books import Books
from apps.rules.changes import Changes
from apps.rules.history import History, newest_first
from apps.rules.said import Corrections


def look(administration: Administration, division: Division, relation: Relation) -> Changes:
    """Return which of the things that coding may need are there at all; one query for all of them."""
    supplier = str(relation.exact_id)
    return changes.look(
        corrections=corrections.about(administration, supplier),
        items=items.of(division, supplier),
        ours=own_past.lines_of(administration, supplier),
        autonomies=Autonomy.objects.filter(administration=administration, supplier=supplier),
        limits=ceilings.limits_of(administration),
        asked=suspended.asked_in(administration),
    )


def of(
    invoice: Invoice,
    division: Division,
    relation: Relation,
    codes: Books,
    lines: Sequence[InvoiceLine],
    found: Changes,
) -> Knowledge:
    """Return what is known for coding `lines` of `invoice`, whose supplier is `relation`; `found` is from `look`."""
    administration = cast(Administration, invoice.administration)
    supplier = str(relation.exact_id)
    suspense = suspended.accounts_of(administration, is_asked="asked" in found)
    document = facts_of(invoice, relation)
    card = codes.accounts.get(str(relation.gl_account_purchase))
    vat_table, doubts = rule_book.vat_table_and_doubts(administration, found)
    seller_codes = (line.seller_item for line in lines)
    is_asked = _is_suspended(lines, suspense)
    return Knowledge(
        books=codes,
        document=document,
        rules=[] if is_asked else rule_book.rules_for(administration, document, found),
        vat_table=vat_table,
        vat_doubts=doubts,
        supply=supplies.of_document(invoice, relation.country),
        card_code=card.code if card else "",
        history=_history(administration, division, supplier, codes, is_ours="ours" in found).without(
            suspense
        ),
        corrections=corrections.of(administration, supplier) if "corrections" in found else Corrections(),
        items=items.known_to(division, supplier, seller_codes, codes) if "items" in found else {},
        wording=wording_of(invoice, relation),
        day=invoice.issue_date,
        period=period_of(invoice),
    )


def _history(
    administration: Administration, division: Division, supplier: str, codes: Books, *, is_ours: bool
) -> History:
    """Return what the supplier was booked on: by the ledger, and by our own documents that it does not show yet."""
    theirs = books.history_of(division, supplier, codes.accounts)
    ours = own_past.own_past(administration, supplier) if is_ours else []
    return History(newest_first([*ours, *theirs.lines])) if ours else theirs


def _is_suspended(lines: Sequence[InvoiceLine], suspense: Collection[str]) -> bool:
    """Tell whether the client is asked what this is: until then no rule splits or spreads it."""
    return bool(suspense) and all(
        line.gl_code in suspense and line.gl_source == ValueSource.PERSON for line in lines
    )
