"""What the page of one order shows, gathered for its template."""

from typing import Any

from apps.exact.models import Division
from apps.intake import rule_making
from apps.intake.findings import Finding
from apps.items.models import ItemQuestion
from apps.orders import addressing, difference, line_page, paper_page, plan_page, related
from apps.orders.acts import acts_for
from apps.orders.models import PurchaseOrder, PurchaseOrderLine
from apps.rules.books import books_of

EDIT, ROUTE = "edit", "route"  # the parts of the page that suggest codes, and rules for what comes next
MOST_ANSWERS = 20
MOST_QUESTIONS = 5  # about items; the others stand on the page of unknown items


def content(order: PurchaseOrder, *, may_act: bool, user: Any) -> dict[str, Any]:
    """Return what the template shows `user` of `order`, its texts in the language of the moment."""
    lines = list(order.lines.select_related("item_question").order_by("position"))
    division = _division(order)
    acts = acts_for(order, lines) if may_act else []
    opens = {act.opens for act in acts}
    about = related.order_of(order, user)
    return {
        "order": order,
        "lines": [line_page.content(line) for line in lines],
        "findings": [Finding(**finding) for finding in order.findings],
        **_unknown(lines),
        "events": list(order.events.order_by("-at", "-pk")),
        "acts": acts,
        "opens": opens,
        "proposals": rule_making.proposals(addressing.asked_of(order)) if ROUTE in opens else [],
        "books": books_of(division) if division and EDIT in opens else None,
        "plan": plan_page.content(order, lines, division, about),
        "question": order.question,
        "division": division,
        "differences": [difference.kept(row) for row in order.differences],
        "noticed": [difference.kept(row) for row in order.noticed],
        "answers": related.answers_to(order, user, most=MOST_ANSWERS),
        "about": about,
        **paper_page.content(order.part),
    }


def _unknown(lines: list[PurchaseOrderLine]) -> dict[str, Any]:
    """Return the open questions about items of `lines`, each with its first line, and how many more there are."""
    found: dict[int, tuple[PurchaseOrderLine, ItemQuestion]] = {}
    for line in lines:
        question = line.item_question
        if question is not None and question.answered_at is None and line.item is None:
            found.setdefault(question.pk, (line, question))
    shown = list(found.values())[:MOST_QUESTIONS]
    return {"unknown": shown, "more_unknown": len(found) - len(shown)}


def _division(order: PurchaseOrder) -> Division | None:
    return getattr(order.administration, "division", None)
