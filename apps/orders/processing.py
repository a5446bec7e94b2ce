"""What the worker does when its bell rings: read what was handed on, code orders, settle answers to them."""

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock
from apps.core.causes import Cause
from apps.core.states import SYSTEM
from apps.core.transitions import Changed
from apps.intake import scanning
from apps.intake.models import Part
from apps.orders import confirming, pairing, rerouting
from apps.orders.going_on import go_on
from apps.orders.models import Kind, PurchaseOrder, State
from apps.orders.reading_parts import read_parts


def process(receipt: int | None = None) -> int:
    """Read every order that was handed on (of one receipt, or all) and go on with it; return how many parts.

    Safe to run in many processes at once: each part is settled once, each document moved once.
    """
    count, administrations = 0, set()
    for received in read_parts(receipt):
        count += 1
        if received.order:
            administrations.add(received.order.administration_id)
    go_on_with_received(receipt)
    if receipt is None:
        pair_waiting()
    else:
        for administration in administrations - {None}:
            pair_waiting(administration)
    return count


def go_on_with_received(receipt: int | None = None) -> int:
    """Code the orders in RECEIVED that have an administration, and settle the answers; return how many moved.

    Orders first: an answer may be about one of them. Not while other parts of the same arrival are unread: they may
    belong to the order.
    """
    waiting = PurchaseOrder.objects.filter(state=State.RECEIVED, administration__isnull=False)
    if receipt is not None:
        waiting = waiting.filter(part__receipt=receipt)
    unread = Part.objects.unread() | Part.objects.orders_to_read()
    waiting = waiting.exclude(Exists(unread.order_by().filter(receipt=OuterRef("part__receipt"))))
    orders = list(waiting.filter(kind=Kind.ORDER).order_by("pk").values_list("pk", flat=True))
    moved = sum(_go_on(key) for key in orders)
    answers = waiting.filter(pk__in=confirming.due().values("pk")).order_by("pk")
    return moved + sum(_go_on(key) for key in list(answers.values_list("pk", flat=True)))


def _go_on(key: int) -> bool:
    """Go on with one document, read anew: those before it may have changed what it is about."""
    order = PurchaseOrder.objects.select_related("part__original", "double_of", "about", "posting").get(
        pk=key
    )
    if order.state != State.RECEIVED or order.administration_id is None:
        return False
    if order.typed and not _is_clean(order):
        return False
    # It is wanted next with its division, so all for one query.
    order.administration = Administration.objects.select_related("division").get(pk=order.administration_id)
    return go_on(order)


def _is_clean(order: PurchaseOrder) -> bool:
    """Have the file beside a typed order scanned: all others were before they were read. False: it waits, or is bad."""
    if scanning.is_passed(order.part) or scanning.is_clean(order.part):
        return True
    if order.part.original.virus:
        words = scanning.reason(order.part.original.virus)
        order.move(
            State.ATTENTION, who=SYSTEM, why=words, at=clock.now(), cause=Cause.UNREADABLE, detail=words
        )
    return False


def pair_waiting(administration: int | None = None) -> int:
    """Bring answers that waited for their order to it, now that it is here; return how many went on."""
    waiting = pairing.waiting()
    if administration is not None:
        waiting = waiting.filter(administration=administration)
    return sum(_pair(answer) for answer in waiting.select_related("part").order_by("pk"))


def follow_firsts() -> int:
    """Make changes of what waits as a possible double of an order that came into Exact since; return how many."""
    waiting = PurchaseOrder.objects.filter(
        kind=Kind.ORDER,
        state=State.ATTENTION,
        cause=Cause.POSSIBLE_DOUBLE,
        double_of__state=State.DONE,
        double_of__done_at__gte=F("changed_at"),
    )
    return sum(_becomes_change(one) for one in waiting.select_related("double_of").order_by("pk"))


def _becomes_change(order: PurchaseOrder) -> bool:
    try:
        return rerouting.becomes_change(order, by=SYSTEM) and _go_on(order.pk)
    except Changed:  # a person was first
        return False


def _pair(answer: PurchaseOrder) -> bool:
    order = pairing.order_of(answer)
    if order is None:
        return False
    why = _("order %(number)s came in") % {"number": order.number}
    try:
        answer.move(State.RECEIVED, who=SYSTEM, why=why, at=clock.now(), about=order)
    except Changed:
        return False
    return _go_on(answer.pk)


def follow_rules() -> int:
    """Go on with what the rules of now bring to an administration; return how many documents moved."""
    return sum(_go_on(order.pk) or True for order in rerouting.follow_rules())
