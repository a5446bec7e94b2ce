"""The lines of purchase orders in Exact that an invoice of their supplier may be for, by the mirror of orders."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from apps.core.money import ZERO
from apps.exact.models import Division, ExactOrder, OrderStatus
from apps.invoices.models import Invoice, InvoiceItem, State
from apps.invoices.order_lines import Ordered

MOST_REFERENCES = 100  # of one document
DONE_WITH = (OrderStatus.COMPLETE, OrderStatus.CANCELLED)
_LARGEST = 2**31  # an order number is a whole number of 32 bits
_FIELDS = (
    "exact_id", "order_number", "your_ref", "line_number", "item", "ordered", "quantity", "invoiced", "amount",
    "vat_code", "order_status", "invoice_status",
)  # fmt: skip


def lines_for(division: Division, supplier: UUID, references: Iterable[str]) -> list[Ordered]:
    """Return the lines of the orders to `supplier` that one of `references` names: YourRef, or Exact's own number.

    One query; none without references.
    """
    named = list(dict.fromkeys(one.strip() for one in references if one.strip()))[:MOST_REFERENCES]
    if not named:
        return []
    which = Q(order_number__in=[number for one in named if (number := _number(one)) is not None])
    for one in named:
        which |= Q(your_ref__iexact=one)
    here = ExactOrder.objects.filter(division=division, supplier=supplier)
    rows = here.filter(which, line_number__gt=0, item__isnull=False).order_by("order_number", "line_number")
    return [_line(*values) for values in rows.values_list(*_FIELDS)]


def taken(lines: Iterable[Ordered], *, besides: Invoice) -> set[UUID]:
    """Return those of `lines` that another document of ours invoices, or is about to; one query, none for no lines."""
    keys = [one.exact_id for one in lines]
    if not keys:
        return set()
    others = InvoiceItem.objects.filter(
        order_line__in=keys, line__invoice__administration=besides.administration_id
    )
    others = others.exclude(line__invoice=besides.pk).exclude(line__invoice__state=State.IGNORED)
    return {key for key in others.values_list("order_line", flat=True) if key}


def _number(reference: str) -> int | None:
    is_number = reference.isascii() and reference.isdigit() and len(reference) <= 10
    return int(reference) if is_number and int(reference) < _LARGEST else None


def _line(
    key: UUID,
    order_number: int | None,
    your_ref: str,
    position: int,
    item: UUID,
    ordered: Decimal | None,
    quantity: Decimal | None,
    invoiced: Decimal | None,
    amount: Decimal | None,
    vat_code: str,
    order_status: int,
    invoice_status: int,
) -> Ordered:
    return Ordered(
        exact_id=key,
        order_number="" if order_number is None else str(order_number),
        your_ref=your_ref,
        position=position,
        item=item,
        quantity=ordered if ordered is not None else quantity or ZERO,
        amount=amount or ZERO,
        invoiced=invoiced or ZERO,
        vat_code=vat_code.strip(),
        is_open=order_status != OrderStatus.CANCELLED and invoice_status not in DONE_WITH,
    )
