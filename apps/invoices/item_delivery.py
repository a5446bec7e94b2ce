"""Whether a purchase invoice may still be written as its lines were itemised, and what would be written."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q

from apps.exact.models import Division, Item
from apps.invoices import invoicing_orders, plans
from apps.invoices.item_coding import is_missing, is_of_item, item_of
from apps.invoices.item_plans import Pair, invoice_plan
from apps.invoices.models import Invoice, InvoiceItem, InvoiceLine
from apps.rules.vat_percentages import codes_on


def plan_of(invoice: Invoice, division: Division, reference: str) -> dict[str, Any]:
    """Return the plan that posting would carry out; raises KeyError for a VAT code that is gone."""
    pairs = list(_pairs(lines_of(invoice)))
    used = {line.vat_code for line, _item in pairs}
    found = codes_on(division, plans.entry_date(invoice), used)
    return invoice_plan(
        invoice,
        pairs,
        {code.code: code for code, _percentage in found},
        journal=invoice.administration.purchase_journal if invoice.administration else "",
        reference=reference,
        percentages={code.code: percentage for code, percentage in found},
    )


def lines_of(invoice: Invoice) -> list[InvoiceLine]:
    """Return the lines of `invoice` with their items, in their order."""
    return list(invoice.lines.select_related("item").order_by("position"))


def is_uncoded(invoice: Invoice) -> bool:
    """Tell whether a document was decided on without what a purchase invoice needs: the method was another then."""
    lines = lines_of(invoice)
    without = any(is_of_item(line) and not line.vat_code for line in lines)
    return invoice.supplier is None or without or is_missing(lines)


def overtaken(invoice: Invoice, division: Division) -> bool:
    """Tell whether an item was taken back, or ended in Exact, or an order line was invoiced, since it was coded."""
    there = Item.objects.filter(division=division, exact_id=OuterRef("item"), is_purchase_item=True)
    named = InvoiceItem.objects.filter(line__invoice=invoice, item__isnull=False)
    gone = named.filter(Q(mapping__forgotten_at__isnull=False) | ~Exists(there))
    return gone.exists() or invoicing_orders.overtaken(invoice, division)


def _pairs(lines: list[InvoiceLine]) -> Iterator[Pair]:
    for line in lines:
        item = item_of(line)
        if item is not None and is_of_item(line):
            yield line, item
