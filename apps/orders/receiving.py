"""From a part that was handed on to an order or an answer in its administration, or to the reason why not."""

from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock
from apps.core.states import SYSTEM
from apps.intake import order_reading, releasing
from apps.intake.detection import Format
from apps.intake.models import Channel, Part, PartKind, PartOutcome
from apps.intake.order import OrderDocument
from apps.intake.parsing import Unreadable
from apps.intake.routing import Route
from apps.orders import addressing, other_post, papers, unread
from apps.orders.drafting import Draft, draft, standing
from apps.orders.models import PurchaseOrder, PurchaseOrderEvent, PurchaseOrderLine, State
from apps.orders.placing import missing
from apps.orders.rows import findings_json


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a part. `document` is what was read, None when nothing could be."""

    part: Part
    document: OrderDocument | None = None
    order: PurchaseOrder | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in the file of a part: the document, else why it cannot be read."""

    part: Part
    document: OrderDocument | None = None
    error: Unreadable | None = field(default=None, compare=False)


def read(part: Part) -> Read:
    """Read the file of `part`. Never raises for what is in it; FileNotFoundError when the archive lost it."""
    try:
        return Read(part, order_reading.read(part.original.content()))
    except Unreadable as error:
        return Read(part, error=error)


def receive(part: Part, found: Read | None = None) -> Received:
    """Route and store `part`, unless that was done before; `found`: what was read in it already.

    Ends with the part as a document (with its order in RECEIVED, or in ATTENTION where a person must act before it can
    be coded), as a duplicate, as other post, or as rejected with a reason. Safe to run twice: the second run finds the
    part settled.
    """
    found = found or read(part)
    if found.document is None:
        return _receive_unread(part, found.error)
    document = found.document
    route = addressing.route_of(document, part.receipt)
    administration = chosen_of(route)
    kind = other_post.kind_of_own(part, route) or other_post.kind_of_untaken(administration)
    if kind:
        settled = other_post.lay_aside(part, kind, route, str(document.format))
        return Received(part, document) if settled else _read_before(part, document)
    if not is_admitted(part, administration):
        return Received(part, document)
    return _take_in(part, document, route, administration)


def chosen_of(route: Route) -> Administration | None:
    """Return the one administration that `route` tells, None for nobody or several."""
    keys = route.administrations
    return Administration.objects.filter(pk=keys[0]).first() if len(keys) == 1 else None


def is_admitted(part: Part, administration: Administration | None) -> bool:
    """Tell whether `part` may be stored for `administration`; if not, its receipt waits for a person."""
    if part.receipt.channel != Channel.MAIL or administration is None:
        return True
    return releasing.admits(part, administration)


def _receive_unread(part: Part, error: Unreadable | None) -> Received:
    """Keep a file of which a person can say what it orders; reject one that no person can read either."""
    words = getattr(error, "text", "")
    if not unread.is_legible(part):
        reason = str(error.reason) if error else _("Nothing in this file can be read.")
        settled = part.settle(PartOutcome.REJECTED, reason=reason)
        return Received(part) if settled else _read_before(part)
    route = addressing.route_of_words(words, part.receipt)
    administration = chosen_of(route)
    kind = other_post.kind_of_untaken(administration)
    if kind:
        settled = other_post.lay_aside(part, kind, route, part.format)
        return Received(part) if settled else _read_before(part)
    if not is_admitted(part, administration):
        return Received(part)
    return _settle(part, None, unread.draft_of(part, administration), route, administration)


def _take_in(
    part: Part, document: OrderDocument, route: Route, administration: Administration | None
) -> Received:
    key = administration.pk if administration else None
    found = draft(document, key, own=route.own)
    return _settle(part, document, found, route, administration)


def _settle(
    part: Part,
    document: OrderDocument | None,
    found: Draft,
    route: Route,
    administration: Administration | None,
) -> Received:
    if found.known:
        return _duplicate(part, document, found.known, administration)
    beside = papers.of(part)
    try:
        with transaction.atomic():
            order = store(part, found, administration, route=route)
            if order:
                papers.attach(beside, part)
    except IntegrityError:  # another worker stored the same document in this very moment
        first = PurchaseOrder.objects.filter(double_key=found.values["double_key"]).first()
        if first is None:
            raise
        return _duplicate(part, document, first, administration)
    return Received(part, document, order) if order else _read_before(part, document)


def store(
    part: Part,
    found: Draft,
    administration: Administration | None,
    *,
    route: Route | None = None,
    by: str = SYSTEM,
    **values: Any,
) -> PurchaseOrder | None:
    """Write the order of `part`, with its lines and its first event, within the caller's transaction.

    None when somebody settled the part first. `route`: what told the administration; without one `by` chose it.
    """
    form = found.values["format"]
    settled = part.settle(
        PartOutcome.DOCUMENT, administration=administration, format=form, kind=PartKind.ORDER
    )
    if not settled:
        return None
    now = clock.now()
    order = PurchaseOrder(
        part=part,
        administration=administration,
        routing_why=(route.why if route else _("chosen by %(who)s") % {"who": by})[:255],
        received_at=part.receipt.received_at,
        changed_at=now,
        **found.values | values,
    )
    order.findings = [*order.findings, *findings_json(route.findings if route else ())]
    for name, value in standing(administration, missing(order), route).items():
        setattr(order, name, value)
    order.save(force_insert=True)
    store_lines(order, found.lines)
    PurchaseOrderEvent.objects.create(
        order=order, from_state=State.RECEIVED, to_state=order.state, who=by, why=_why(order), at=now
    )
    return order


def store_lines(order: PurchaseOrder, lines: list[PurchaseOrderLine]) -> None:
    """Write the unsaved `lines` as those of `order`."""
    for line in lines:
        line.order = order
    PurchaseOrderLine.objects.bulk_create(lines)


def _why(order: PurchaseOrder) -> str:
    if order.typed:
        return _("filled in by hand; %(why)s") % {"why": order.routing_why}
    names = {one.value: one.known_as for one in Format}
    known = names.get(order.format, order.format.upper())
    return _("read as %(format)s; %(why)s") % {"format": known, "why": order.routing_why}


def _duplicate(
    part: Part, document: OrderDocument | None, first: PurchaseOrder, administration: Administration | None
) -> Received:
    settled = first.part_id != part.pk and part.settle(
        PartOutcome.DUPLICATE,
        duplicate_of=first.part,
        administration=administration,
        format=str(document.format) if document else part.format,
        reason=_("The same document came in before, as %(file)s.") % {"file": first.part.filename},
    )
    return Received(part, document, first) if settled else _read_before(part, document)


def _read_before(part: Part, document: OrderDocument | None = None) -> Received:
    """Another process read this part first: say what became of it there."""
    part.refresh_from_db()
    key = part.duplicate_of_id or part.pk
    return Received(part, document, PurchaseOrder.objects.filter(part=key).first())
