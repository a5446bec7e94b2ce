"""The audit trail of an order, or of an answer to one: all that happened to it, in words, with who and why."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.core.trail import Fact, Listed, Step, Trail, Value, moved
from apps.intake.came_in import came_in
from apps.intake.findings import Finding
from apps.orders import difference, line_page
from apps.orders.models import PurchaseOrder
from apps.orders.related import answers_to, order_of
from apps.posting.call_words import calls_of

MOST_ANSWERS = 100


def trail_of(order: PurchaseOrder, *, user: Any) -> Trail:
    """Return the trail of `order` with what `user` sees of the answers to it, in the language of the moment."""
    answers = answers_to(order, user, most=MOST_ANSWERS)[::-1]
    return Trail(
        number=order.number,
        changed_at=order.changed_at,
        is_in_test=order.is_in_test,
        facts=tuple(_facts(order, order_of(order, user))),
        steps=(
            came_in(order.part),
            *moved(order.events.order_by("at", "pk")),
            *map(_answered, answers),
            *calls_of(order.posting),
        ),
        lists=(
            Listed(
                _("What the checks found"), tuple(str(Finding(**one).sentence()) for one in order.findings)
            ),
            Listed(_("Differences from the order"), tuple(_differing(order.differences))),
            Listed(
                _("Changed in Exact since"), tuple(difference.kept(one).sentence for one in order.noticed)
            ),
            Listed(_("Answers to this order"), tuple(_told(answers))),
        ),
        lines_title=_("What it says") if order.is_answer else _("Ordered as"),
        lines=tuple((line, _values(line)) for line in order.lines.order_by("position")),
    )


def _facts(order: PurchaseOrder, about: PurchaseOrder | None) -> Iterator[Fact]:
    """Yield what document it is and how it stands."""
    day = date_format(order.order_date, "SHORT_DATE_FORMAT") if order.order_date else ""
    net = "" if order.net is None else number_format(order.net, decimal_pos=2, force_grouping=True)
    yield Fact(_("Vendor"), order.vendor_name)
    yield Fact(_("Kind"), str(order.get_kind_display()), _("filled in by hand") if order.typed else "")
    yield Fact(_("Number"), order.number)
    yield Fact(_("Date"), day)
    yield Fact(_("Without VAT"), f"{order.currency} {net}" if net else "")
    yield Fact(_("Administration"), str(order.administration or ""), order.routing_why)
    yield Fact(_("Supplier"), order.supplier_name, order.supplier_why)
    if about is not None:
        yield Fact(_("About order"), f"{about.number} {about.exact_number}".strip())
    yield Fact(_("State"), f"{order.stands_as} {order.exact_number}".strip())
    if order.standing:
        yield Fact(_("In Exact"), str(order.get_standing_display()), order.to_correct)


def _values(line: Any) -> list[Value]:
    """Return what a line is ordered with, as its page shows it, with who vouches for it and why."""
    return [
        Value(
            one["label"],
            " ".join(filter(None, (one["value"], one["text"]))),
            ": ".join(filter(None, (one["source"], one["why"]))),
        )
        for one in line_page.content(line)["values"]
        if one["value"] or one["why"]
    ]


def _answered(answer: PurchaseOrder) -> Step:
    """Return that something was answered to the order."""
    return Step(answer.received_at, _("Answered"), answer.vendor_name, _named(answer))


def _told(answers: Iterable[PurchaseOrder]) -> Iterator[str]:
    """Yield each answer with how it stands, and below it in what it differs."""
    for answer in answers:
        yield f"{_named(answer)}: {answer.stands_as}"
        yield from _differing(answer.differences)


def _differing(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield each difference, with the reason where a person does it in Exact."""
    for each in map(difference.kept, rows):
        why = each.why.label
        yield each.sentence if each.can_apply else f"{each.sentence} ({_('by hand in Exact')}: {why})"


def _named(answer: PurchaseOrder) -> str:
    return f"{answer.get_kind_display()} {answer.number}".strip()
