"""What the list of orders says of each in its columns. Pure, texts in the language of the moment."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import ACTORS
from apps.orders.models import ENDED, PurchaseOrder, State


def title(order: PurchaseOrder) -> list[str]:
    """Return the vendor, and what of it this is: kind and number."""
    number = order.number or _("no number")
    return [order.vendor_name or _("unknown vendor"), f"{order.get_kind_display()} {number}"]


def books(order: PurchaseOrder) -> list[str]:
    """Return the administration and its client, and that it is a trial."""
    if order.administration is None:
        return ["-", _("not routed")]
    client = order.administration.client.name
    words = f"{client} · {_('test division')}" if order.is_in_test else client
    return [order.administration.name, words]


def amount(order: PurchaseOrder) -> str:
    """Return the total without VAT with its currency, "-" for an order that says none."""
    if order.net is None:
        return "-"
    text = number_format(order.net, decimal_pos=2, force_grouping=True)
    return format_html('<span class="pk-amount">{}&nbsp;{}</span>', order.currency, text)


def standing(order: Any) -> str:
    """Return the cause and who must act, or what it waits for, or how it ended and stands in Exact now.

    `order` has its posting's `next_attempt` beside its own columns.
    """
    if order.advice:
        return _chip("attention", order.get_cause_display(), str(ACTORS[order.advice.actor]))
    if order.state == State.DONE:
        return _ended(order)
    if order.removal_id:
        return _chip("plain", _("being taken back"), "")
    waits = " ".join(filter(None, [str(order.get_waits_for_display()), _minute(order)]))
    return _chip("plain", order.get_state_display(), waits)


def _ended(order: PurchaseOrder) -> str:
    if order.to_correct:
        return _chip("attention", _("to be corrected"), f"{order.exact_number} {order.to_correct}")
    if order.noticed_at and not order.noticed_seen:
        return _chip("attention", _("changed in Exact"), order.exact_number)
    is_test = order.posting is not None and order.posting.division.is_test
    look = "test" if is_test else "plain" if order.standing in ENDED else "good"
    more = [order.exact_number, str(order.get_standing_display()) if order.standing else ""]
    return _chip(look, order.stands_as, " · ".join(filter(None, more)))


def _chip(look: str, words: str, more: str) -> str:
    return format_html('<b class="pk-chip pk-{}">{}</b> <small>{}</small>', look, words, more)


def _minute(order: Any) -> str:
    """Return when an order that waits for the clock is expected to go on, "" for one that does not."""
    moment = order.next_attempt if order.state == State.POSTING else order.waits_until
    if not moment or moment <= clock.now():
        return ""
    return date_format(timezone.localtime(moment), "H:i")
