"""Naming the orders in Exact that a purchase invoice is for, line by line, once its items and VAT codes are known."""

from apps.exact.models import Division, ExactOrder, Relation
from apps.intake.findings import Finding
from apps.invoices import ordered
from apps.invoices.item_coding import Itemised
from apps.invoices.models import Invoice, InvoiceItem, InvoiceLine
from apps.invoices.order_lines import Invoiced, pick
from apps.rules.books import Books


def name(
    invoice: Invoice, made: Itemised, division: Division, relation: Relation, codes: Books
) -> list[Finding]:
    """Set the order line that each line invoices where they agree; return how the others differ from their order.

    A credit note takes back no order; a line whose VAT code includes VAT has no amount to compare.
    """
    for row in made.rows:
        row.order_line, row.order_number = None, ""
    if invoice.gross < 0:
        return []
    by_position = {
        line.position: (line, row)
        for line, row in zip(made.lines, made.rows, strict=True)
        if row.item and (code := codes.vat_codes.get(line.vat_code)) and code.type != "I"
    }
    lines = [_invoiced(invoice, line, row) for line, row in by_position.values()]
    there = ordered.lines_for(division, relation.exact_id, (line.reference for line in lines))
    picked = pick(lines, there, ordered.taken(there, besides=invoice))
    found: list[Finding] = []
    for position, one in sorted(picked.items()):
        row = by_position[position][1]
        row.order_number = one.ordered.order_number[:20]
        where = {"lines": str(position), "order": one.ordered.order_number}
        found += [Finding(each.code, {**where, **each.values}) for each in one.differs]
        row.order_line = None if one.differs else one.ordered.exact_id
    return found


def overtaken(invoice: Invoice, division: Division) -> bool:
    """Tell whether an order line that `invoice` names is invoiced, cancelled or gone in Exact since; one query."""
    named = InvoiceItem.objects.filter(line__invoice=invoice, order_line__isnull=False)
    keys = {key for key in named.values_list("order_line", flat=True) if key}
    if not keys:
        return False
    rows = ExactOrder.objects.filter(division=division, exact_id__in=keys)
    return set(rows.exclude(invoiced__gt=0).values_list("exact_id", flat=True)) != keys


def _invoiced(invoice: Invoice, line: InvoiceLine, row: InvoiceItem) -> Invoiced:
    item = row.item
    if item is None:
        raise ValueError(f"{line} has no item.")
    return Invoiced(
        position=line.position,
        item=item,
        quantity=row.quantity,
        net=line.net,
        vat_code=line.vat_code,
        reference=row.said.get("order") or invoice.payment.get("order_reference", ""),
        order_line=row.said.get("order_line", ""),
    )
