"""What the pages of a trial of orders show, in words and figures, and the same as a table."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.intake.order_sheets.figures import written
from apps.orders.models import PurchaseOrder, State
from apps.orders.shadowing import Predicted


def content(predicted: Sequence[Predicted]) -> dict[str, Any]:
    """Return the counts and the rows of a report."""
    posted = [one for one in predicted if one.posted]
    return {
        "rows": [_row(one) for one in predicted],
        "would": sum(one.payload is not None and not one.posted for one in predicted),
        "waiting": sum(one.payload is None and not one.posted for one in predicted),
        "posted": len(posted),
        "alike": sum(bool(one.is_as_posted) for one in posted),
    }


def table(predicted: Iterable[Predicted]) -> Iterator[Sequence[str]]:
    """Yield the report as rows of a file, the header first."""
    yield [
        _("Order"),
        _("Supplier"),
        _("Date"),
        _("Lines"),
        _("Currency"),
        _("Without VAT"),
        _("Stands in the way"),
        _("Predicted"),
        _("Posted"),
        _("Number in Exact"),
    ]
    for one in predicted:
        order = one.order
        yield [
            order.number,
            order.supplier_name or order.vendor_name,
            order.order_date.isoformat() if order.order_date else "",
            str(order.line_count),
            order.currency,
            written(order.net),
            in_the_way(order),
            one.digest,
            one.posted_digest,
            order.exact_number,
        ]


def in_the_way(order: PurchaseOrder) -> str:
    """Return what stands in the way of writing an order, "" when nothing does."""
    if order.state == State.ATTENTION:
        return "; ".join(filter(None, [str(order.get_cause_display()), order.detail.replace("\n", "; ")]))
    return str(_("a person must look")) if order.state == State.PROPOSED else ""


def _row(one: Predicted) -> dict[str, Any]:
    order = one.order
    return {
        "order": order,
        "date": date_format(order.order_date, "SHORT_DATE_FORMAT") if order.order_date else "-",
        "in_the_way": in_the_way(order),
        "digest": one.digest,
        "posted_digest": one.posted_digest,
        "is_as_posted": one.is_as_posted,
    }
