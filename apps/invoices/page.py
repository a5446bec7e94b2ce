"""What the page of one document shows, gathered for its template."""

from typing import Any

from apps.clients.models import Mode
from apps.exact.models import Division
from apps.intake.findings import Finding
from apps.invoices import item_page, line_page, pilot_page, plan_page
from apps.invoices.acts import acts_for
from apps.invoices.models import ActiveMethod, Invoice, InvoiceLine
from apps.posting.models import Method
from apps.rules.books import books_of
from apps.rules.models import BookingRule


def content(invoice: Invoice, *, may_act: bool, user: Any) -> dict[str, Any]:
    """Return what the template shows `user` of `invoice`, its texts in the language of the moment."""
    lines = list(invoice.lines.select_related("item__question").order_by("position"))
    of_items = ActiveMethod.objects.method_for(invoice.administration_id, invoice.kind) == Method.INVOICE
    division = _division(invoice)
    books = books_of(division) if division else None
    acts = acts_for(invoice) if may_act else []
    seen = _rules_seen(lines, user)
    return {
        "invoice": invoice,
        "lines": [line_page.content(line, books, seen, of_items=of_items) for line in lines],
        "findings": [Finding(**finding) for finding in invoice.findings],
        "events": list(invoice.events.order_by("-at", "-pk")),
        "acts": acts,
        "opens": {act.opens for act in acts},
        "books": books,
        "plan": plan_page.shown(invoice, lines, division, books, of_items=of_items),
        "items": item_page.offered(invoice, division, lines) if of_items else [],
        "question": invoice.question,
        "division": division,
        "by_hand": pilot_page.of_document(invoice, division) if _is_pilot(invoice) else None,
    }


def _is_pilot(invoice: Invoice) -> bool:
    return invoice.administration is not None and invoice.administration.mode == Mode.PILOT


def _division(invoice: Invoice) -> Division | None:
    if invoice.administration_id is None:
        return None
    return Division.objects.filter(administration=invoice.administration_id).first()


def _rules_seen(lines: list[InvoiceLine], user: Any) -> set[int]:
    """Return the keys of the rules that spoke about `lines` and that this person may open."""
    keys = {said["pk"] for line in lines for said in line.rules}
    return (
        set(BookingRule.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
        if keys
        else set()
    )
