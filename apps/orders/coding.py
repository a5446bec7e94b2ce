"""From a received order to one that could be made in Exact: supplier, items, quantities, prices, codes."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.clients import policy
from apps.clients.models import Administration, Mode
from apps.clients.policy import Decision, Obstacle
from apps.core import clock
from apps.core.causes import Cause
from apps.core.states import SYSTEM, UNDER_WAY, WaitsFor
from apps.exact.kept import Stamps, stamps_of
from apps.exact.models import Division, Relation
from apps.intake.findings import ABOUT_ROUTING, Finding
from apps.orders import checks, doubles, first_orders, four_eyes, knowing, line_items, ordered_before, placing
from apps.orders.identifying import doubt, identify
from apps.orders.lines import code_line
from apps.orders.models import Kind, PurchaseOrder, PurchaseOrderLine
from apps.orders.quantities import figures_of, forget, order_line
from apps.posting.models import PostingState

CODED = [
    "item", "item_code", "item_name", "item_source", "item_why", "item_question", "item_mapping",
    "purchase_unit", "factor", "ordered", "ordered_price", "ordered_source", "unit_why", "price_why",
    "scenario", "vat_code", "vat_source", "vat_why", "rules",
    "receipt_date", "receipt_date_source", "receipt_date_why", "project_text", "project_source", "project_why",
    "cost_center", "cost_center_source", "cost_center_why", "cost_unit", "cost_unit_source", "cost_unit_why",
]  # fmt: skip
COLUMNS = [field.attname for field in PurchaseOrderLine._meta.concrete_fields if field.name in CODED]
NOBODY: dict[str, Any] = {
    "supplier": None,
    "supplier_name": "",
    "supplier_why": "",
    "question": None,
    "mapping_id": None,
    "accepted_by": None,
}
ABOUT_FIGURES = (Cause.NEEDS_APPROVAL, Cause.TOTALS_DIFFER)  # what is waived holds for these figures only
ORDER = (Cause.ITEM_UNKNOWN, Cause.NEEDS_APPROVAL, Cause.TOTALS_DIFFER, Cause.NO_VAT_CODE)


@dataclass
class Draft:
    """An order in the making: its lines, what is set on it, and what stands in the way, gravest first.

    `reasons`: why a person must look at it, although nothing stands in the way. `figures`: the mark of
    quantities.figures_of, "" before there are any. `has_ceilings`: whether firm or client may have set any.
    `before`: how the lines were coded, by their keys.
    """

    lines: list[PurchaseOrderLine]
    values: dict[str, Any] = field(default_factory=dict)
    obstacles: list[Obstacle] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    figures: str = ""
    has_ceilings: bool = True
    before: dict[int, tuple[Any, ...]] = field(default_factory=dict)


def code(
    order: PurchaseOrder,
    *,
    accepted: bool = False,
    who: str = SYSTEM,
    why: str = "",
    mode: str = "",
    **values: Any,
) -> None:
    """Match and code an order and move it from where it is to ATTENTION, PROPOSED or READY.

    `accepted`: a person agreed with it. `mode`: instead of that of its administration. `values` are set along with the
    move. Raises core.transitions.Changed when another process moved it first; then nothing is written. One that is on
    its way to Exact, or there, and an answer to an order, are never coded: ValueError.
    """
    administration = order.administration
    if administration is None or order.state in UNDER_WAY or order.kind != Kind.ORDER:
        raise ValueError(f"{order} cannot be coded in state {order.state}.")
    draft = _draft(order, administration)
    order.waived = _still_waived(order, draft, values.get("waived", order.waived))
    if accepted and policy.standing(draft.obstacles, order.waived):
        values["accepted_by"] = None  # nobody can agree yet
    mode = mode or _mode(order, administration)
    draft.reasons += four_eyes.reasons(order, administration, mode, draft.lines, are_there=draft.has_ceilings)
    reasons = list(dict.fromkeys(draft.reasons))
    decision = policy.decide(mode, draft.obstacles, waived=order.waived, accepted=accepted, reasons=reasons)
    with transaction.atomic():
        order.move(
            decision.state,
            who=who,
            why=why or decision.detail or draft.values.get("supplier_why") or _("coded"),
            at=clock.now(),
            cause=decision.cause,
            detail=decision.detail,
            waits_for=decision.waits_for,
            waits_until=waits_until(decision),
            **{
                **NOBODY,
                "proposed_because": "\n".join(reasons),
                **draft.values,
                **values,
                **_waived_as(order, draft),
            },
        )
        write_lines(line for line in draft.lines if _as_coded(line) != draft.before.get(line.pk))


def _still_waived(order: PurchaseOrder, draft: Draft, waived: list[str]) -> list[str]:
    """Return what of `waived` still counts: a person decided about figures as they were seen, and about no others."""
    return waived if draft.figures == order.figures else [one for one in waived if one not in ABOUT_FIGURES]


def _waived_as(order: PurchaseOrder, draft: Draft) -> dict[str, Any]:
    return {"waived": order.waived, "figures": draft.figures}


def _as_coded(line: PurchaseOrderLine) -> tuple[Any, ...]:
    """Return what coding may change on `line`, to tell whether it did."""
    return tuple(copy(getattr(line, name)) for name in COLUMNS)


def write_lines(lines: Iterable[PurchaseOrderLine]) -> None:
    """Write what coding and people set on stored `lines`, within the caller's transaction; one query for each 500."""
    # One upsert instead of bulk_update: its CASE per column and row costs many times more.
    PurchaseOrderLine.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["pk"], update_fields=CODED, batch_size=500
    )


def waits_until(decision: Decision) -> datetime | None:
    """Return the end of the minutes for undo, None when the order does not wait for that."""
    if decision.waits_for != WaitsFor.HOLD_BACK:
        return None
    return clock.now() + timedelta(minutes=settings.HOLD_BACK_MINUTES)


def in_the_way(order: PurchaseOrder) -> list[Obstacle]:
    """Return what would keep `order` from going on if it were coded now, gravest first; no state is changed."""
    administration = order.administration
    if administration is None or order.kind != Kind.ORDER:
        return []
    draft = _draft(order, administration)
    return policy.standing(draft.obstacles, _still_waived(order, draft, order.waived))


def _mode(order: PurchaseOrder, administration: Administration) -> str:
    """A person took it back, or it names another receiver than it came to: it is not ordered by itself.

    On pilot nothing is ordered anyway.
    """
    is_withdrawn = order.posting is not None and order.posting.state == PostingState.WITHDRAWN
    is_elsewhere = any(one["code"] in ABOUT_ROUTING for one in order.findings)
    is_live = administration.mode != Mode.PILOT
    return (
        Mode.PROPOSE
        if is_live and (order.taken_back or is_withdrawn or is_elsewhere)
        else administration.mode
    )


def _draft(order: PurchaseOrder, administration: Administration) -> Draft:
    division: Division | None = getattr(administration, "division", None)
    stamps = stamps_of(division) if division else {}
    draft = Draft(list(order.lines.order_by("position")), obstacles=_doubts(order))
    draft.before = {line.pk: _as_coded(line) for line in draft.lines}
    identified = identify(order, administration, division, stamps)
    draft.values.update(identified.values)
    draft.obstacles += identified.obstacles
    if identified.relation and division:
        if words := doubt(order, division, identified.relation, stamps):
            draft.reasons.append(words)
        if order.double_of is None:
            _compare(ordered_before.of_ours(order, identified.relation.exact_id), draft)
        _code_lines(order, administration, division, identified.relation, stamps, draft)
        if first_orders.is_first(order, division, identified.relation.exact_id):
            words = _("the first order to %(name)s: a person looks at it")
            draft.reasons.append(words % {"name": identified.relation.name})
    if any(one["code"] == doubles.MADE for one in order.findings):
        draft.reasons.append(
            _("made of a confirmation, and the order itself is not here: a person looks at it")
        )
    if lacking := placing.missing(order):
        draft.obstacles.insert(0, lacking)
    return draft


def _compare(other: PurchaseOrder | None, draft: Draft) -> None:
    """Have a person compare the order with the `other` one of its supplier, if there is one."""
    if other is not None:
        draft.values["double_of"] = other
        draft.obstacles.insert(0, _double(other))


def _double(other: PurchaseOrder) -> Obstacle:
    words = _("The other one: %(number)s of %(date)s, %(amount)s %(currency)s.")
    values = {
        "number": other.number,
        "date": date_format(other.order_date, "j-n-Y") if other.order_date else "?",
        "amount": "?" if other.net is None else number_format(other.net, 2, force_grouping=True),
        "currency": other.currency,
    }
    return Obstacle(Cause.POSSIBLE_DOUBLE, words % values)


def _doubts(order: PurchaseOrder) -> list[Obstacle]:
    found = [_double(order.double_of)] if order.double_of else []
    findings = [Finding(**finding) for finding in order.findings]
    return found + [Obstacle(finding.cause, finding.sentence()) for finding in findings if finding.blocks]


def _code_lines(
    order: PurchaseOrder,
    administration: Administration,
    division: Division,
    relation: Relation,
    stamps: Stamps,
    draft: Draft,
) -> None:
    draft.obstacles = [*ordered_before.obstacles(order, division, relation.exact_id), *draft.obstacles]
    cards, unknown = line_items.find(
        order,
        draft.lines,
        administration=administration,
        division=division,
        relation=relation,
        stamps=stamps,
    )
    wanted = (card.exact_id for card in cards.values())
    known = knowing.of(order, administration, division, relation, wanted=wanted, stamps=stamps)
    draft.has_ceilings = known.has_ceilings
    obstacles = [*unknown, *checks.totals(order, draft.lines)]
    for line in draft.lines:
        card = cards.get(line.position)
        coded = code_line(line, card, known)
        obstacles += coded.obstacles
        draft.reasons += coded.reasons
        if card is None:
            forget(line)
            continue
        priced = order_line(line, card, currency=known.currency, band=known.band)
        obstacles += priced.obstacles
        draft.reasons += priced.reasons
    draft.figures = figures_of(order, draft.lines, cards)
    draft.obstacles += sorted(obstacles, key=_gravity)


def _gravity(obstacle: Obstacle) -> int:
    return ORDER.index(obstacle.cause) if obstacle.cause in ORDER else len(ORDER)
