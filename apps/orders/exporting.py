"""The list of orders as a table: one row for each, as it stands now."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.core.causes import ACTORS
from apps.intake.order_sheets.figures import written
from apps.orders.models import PurchaseOrder
from apps.orders.pilot_page import in_the_way

NEEDED = ("administration__client", "administration__division", "posting__division", "about")  # of each order


def table(orders: Iterable[PurchaseOrder]) -> Iterator[Sequence[str]]:
    """Yield `orders`, with what NEEDED names, as rows of a file, the header first; texts in the language of the moment.

    Days are ISO dates, amounts have a point.
    """
    yield [
        _("Received"),
        _("Kind"),
        _("Number"),
        _("Date"),
        _("Wanted on"),
        _("Client"),
        _("Administration"),
        _("Vendor"),
        _("Supplier"),
        _("Lines"),
        _("Currency"),
        _("Without VAT"),
        _("State"),
        _("Stands in the way"),
        _("Who must act"),
        _("About order"),
        _("Number in Exact"),
        _("In Exact"),
        _("Done on"),
    ]
    for order in orders:
        yield [*_document(order), *_standing(order)]


def _document(order: PurchaseOrder) -> list[str]:
    """Return what the document says, and for whom it is."""
    books = order.administration
    return [
        _day(order.received_at),
        str(order.get_kind_display()),
        order.number,
        _day(order.order_date),
        _day(order.receipt_date),
        books.client.name if books else "",
        books.name if books else "",
        order.vendor_name,
        order.supplier_name,
        str(order.line_count),
        order.currency,
        written(order.net),
    ]


def _standing(order: PurchaseOrder) -> list[str]:
    """Return how far it is, and what became of it."""
    return [
        order.stands_as,
        in_the_way(order),
        str(ACTORS[order.advice.actor]) if order.advice else "",
        order.about.number if order.about else "",
        order.exact_number,
        str(order.get_standing_display()) if order.standing else "",
        _day(order.done_at),
    ]


def _day(moment: date | None) -> str:
    """Return the Dutch day of a moment, or a day as it is; "" for none."""
    day = localtime(moment).date() if isinstance(moment, datetime) else moment
    return day.isoformat() if day else ""
