"""An order gets its administration after it came in: chosen by a person, or found by rules that changed since."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock
from apps.core.causes import Cause
from apps.core.states import SYSTEM
from apps.core.transitions import Changed
from apps.intake import findings, senders
from apps.intake.models import Part, PartOutcome, RoutingRule
from apps.intake.routing import Route
from apps.orders import addressing, doubles, other_post, unread
from apps.orders.drafting import placed, standing
from apps.orders.models import Kind, PurchaseOrder, PurchaseOrderLine, State
from apps.orders.placing import ABOUT_PLACE, Place, accepted, lacking, place
from apps.orders.rows import findings_json
from apps.people.models import User

UNPLACED = (Cause.NOT_OURS, Cause.SEVERAL_ADMINISTRATIONS)
LOOK_BACK = timedelta(minutes=15)  # how long the sweeper mends a lost bell
_NOT_SAID_THERE: dict[str, Any] = {
    "waived": [],
    "question": None,
    "mapping": None,
    "accepted_by": None,
    "coded_by": None,
    "differences": [],
}
_ELSEWHERE: dict[str, Any] = {"supplier": None, "supplier_name": "", "supplier_why": "", "posting": None}


def reroute(
    order: PurchaseOrder, administration: Administration, *, by: User | str, route: Route | None = None
) -> None:
    """Give `order` an administration: the one that a person chose, or that `route` now tells. It starts again there.

    It ends in RECEIVED, to be coded, or in ATTENTION where something is lacking before that (placing.missing). A double
    in that administration shows as a possible double: a person is looking at it already. What was decided and coded
    elsewhere means nothing here. Raises Changed when somebody was first, or it just came in there as well.
    """
    try:
        with transaction.atomic():
            _reroute(order, administration, by, route)
    except IntegrityError as error:
        raise Changed(_("The same document came in there just now. Open this one again.")) from error


def _reroute(
    order: PurchaseOrder, administration: Administration, by: User | str, route: Route | None
) -> None:
    elsewhere = order.administration_id != administration.pk
    Part.objects.filter(pk=order.part_id).update(
        administration=administration, outcome=PartOutcome.DOCUMENT, reason="", settled_by=""
    )
    _what_came_with(order.part_id).update(administration=administration)
    values = _there(order, administration, route)
    values |= _NOT_SAID_THERE | (_ELSEWHERE if elsewhere else {})
    if elsewhere:
        uncode(order)
    number = order.order_reference or order.vendor.get("sales_order_id", "")
    lacks = lacking(values["kind"], values["about"] is not None, values["line_count"], number)
    begins = standing(administration, lacks, route)
    order.move(
        begins.pop("state"),
        who=str(by),
        why=_moved_by(administration, route),
        at=clock.now(),
        **begins,
        administration=administration,
        routing_why=route.why[:255] if route else _("chosen by %(who)s") % {"who": by},
        touched=order.touched or route is None,
        **values,
    )


def _there(order: PurchaseOrder, administration: Administration, route: Route | None) -> dict[str, Any]:
    """Return the columns that say what `order` is in `administration`."""
    lines = list(order.lines.order_by("position"))
    kept = [one for one in order.findings if one["code"] not in {*findings.ABOUT_ROUTING, *ABOUT_PLACE}]
    from_routing = findings_json(route.findings if route else ())
    if unread.is_unread(order):
        values = unread.placed(order, administration)
        return {**values, "findings": [*kept, *from_routing], "line_count": 0}
    seen = doubles.seen_in(order, administration.pk)
    found = place(seen, lines, besides=order.pk)
    if _drops_lines(order, found):
        left = accepted(lines)
        PurchaseOrderLine.objects.filter(order=order).exclude(pk__in=[one.pk for one in left]).delete()
        lines = left
    values = placed(seen, found)
    if found.double:
        values["double_key"] = None
    about = [*findings_json(found.findings), *from_routing]
    return {**values, "findings": [*kept, *about], "line_count": len(lines)}


def _drops_lines(order: PurchaseOrder, found: Place) -> bool:
    return order.is_answer and any(one.code == doubles.MADE for one in found.findings)


def uncode(order: PurchaseOrder) -> None:
    """Forget what the lines of `order` mean in Exact: that was in another administration."""
    PurchaseOrderLine.objects.filter(order=order).update(
        item=None, item_code="", item_name="", item_source="", item_why="", item_question=None, item_mapping=None,
        purchase_unit="", factor=None, ordered=None, ordered_price=None, ordered_source="", unit_why="",
        price_why="", scenario="", vat_code="", vat_source="", vat_why="", cost_center="", cost_center_source="",
        cost_center_why="", cost_unit="", cost_unit_source="", cost_unit_why="", rules=[], exact_line=None,
    )  # fmt: skip


def _what_came_with(part: int) -> QuerySet[Part]:
    """Return what goes where the document of `part` goes: its attachments, and its copies with theirs."""
    return Part.objects.filter(Q(attached_to=part) | Q(duplicate_of=part) | Q(attached_to__duplicate_of=part))


def _moved_by(administration: Administration, route: Route | None) -> str:
    if route is None:
        return _("administration chosen: %(name)s") % {"name": administration.name}
    return _("administration found: %(name)s; %(why)s") % {"name": administration.name, "why": route.why}


def place_again(order: PurchaseOrder, *, by: User | str) -> bool:
    """Bring an order without an administration to the one that is found now; False for none or several.

    Nor to one that takes no orders, or by itself to one that takes no mail of its sender: a person has to say so. It
    is not coded yet.
    """
    route = addressing.route_again(order)
    if len(route.administrations) != 1:
        return False
    administration = Administration.objects.get(pk=route.administrations[0])
    if other_post.kind_of_untaken(administration):
        return False
    if isinstance(by, str) and not senders.is_welcome(order.part.receipt, administration):
        return False
    reroute(order, administration, by=by, route=route)
    return True


def becomes_change(order: PurchaseOrder, *, by: User | str) -> bool:
    """Make a change of what was kept as a possible double, now that the first version is in Exact; False if it is none.

    It ends in RECEIVED, to be compared. One that says the same once more stays a double, and so does what a person
    said is no double. Raises Changed when somebody moved it first.
    """
    first = order.double_of
    if order.kind != Kind.ORDER or first is None or first.state != State.DONE or order.posting_id is not None:
        return False
    if Cause.POSSIBLE_DOUBLE in order.waived or first.administration_id != order.administration_id:
        return False
    if doubles.fingerprint_of(order).content == doubles.fingerprint_of(first).content:
        return False
    version = findings.Finding(doubles.VERSION, {"number": order.number})
    kept = [one for one in order.findings if one["code"] not in ABOUT_PLACE]
    words = _("%(number)s is in Exact by now, so this is a change of it")
    with transaction.atomic():
        uncode(order)
        order.move(
            State.RECEIVED,
            who=str(by),
            why=words % {"number": first.number},
            at=clock.now(),
            kind=Kind.CHANGE,
            about=first,
            double_of=None,
            proposed_because="",
            findings=[*kept, *findings_json((version,))],
            **_NOT_SAID_THERE,
            **_ELSEWHERE,
        )
    return True


def follow_rules() -> list[PurchaseOrder]:
    """Bring what waits for its administration where the rules of now say; return what moved, to be coded.

    What no rule places is left as it is, without a word. Safe to run twice, and by several.
    """
    waiting = PurchaseOrder.objects.filter(state=State.ATTENTION, cause__in=UNPLACED, administration=None)
    moved = []
    for key in list(waiting.order_by("pk").values_list("pk", flat=True)):
        order = waiting.select_related("part__receipt", "posting").filter(pk=key).first()
        if order is None:
            continue
        try:
            if place_again(order, by=SYSTEM):
                moved.append(order)
        except Changed:  # a person was first
            continue
    return moved


def have_rules_changed() -> bool:
    """Tell whether a rule began to count just now: then a bell may have been lost."""
    recent = RoutingRule.objects.filter(is_active=True, made_at__gte=clock.now() - LOOK_BACK)
    return recent.exists()
