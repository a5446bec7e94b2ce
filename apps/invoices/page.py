"""What the page of one document shows, gathered for its template."""

from typing import Any

from apps.clients.models import Mode
from apps.exact.models import Division
from apps.intake.findings import Finding
from apps.invoices import line_page, pilot_page
from apps.invoices.acts import acts_for
from apps.invoices.delivering import plan_of
from apps.invoices.models import Invoice, InvoiceLine, State
from apps.rules.books import Books, books_of
from apps.rules.models import BookingRule


def content(invoice: Invoice, *, may_act: bool, user: Any) -> dict[str, Any]:
    """Return what the template shows `user` of `invoice`, its texts in the language of the moment."""
    lines = list(invoice.lines.order_by("position"))
    division = _division(invoice)
    books = books_of(division) if division else None
    acts = acts_for(invoice) if may_act else []
    seen = _rules_seen(lines, user)
    return {
        "invoice": invoice,
        "lines": [line_page.content(line, books, seen) for line in lines],
        "findings": [Finding(**finding) for finding in invoice.findings],
        "events": list(invoice.events.order_by("-at", "-pk")),
        "acts": acts,
        "opens": {act.opens for act in acts},
        "books": books,
        "plan": _plan(invoice, lines, division, books),
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


def _plan(
    invoice: Invoice, lines: list[InvoiceLine], division: Division | None, books: Books | None
) -> dict[str, Any] | None:
    """Return the entry that was or would be written, None while something is missing for it."""
    is_coming = invoice.state in {State.PROPOSED, State.READY}
    if invoice.posting is not None and not is_coming:
        plan = invoice.posting.plan
    elif division and is_coming and all(line.vat_code for line in lines):
        try:
            plan = plan_of(invoice, division, "PK")
        except KeyError:  # a VAT code is gone from Exact since it was chosen
            return None
    else:
        return None
    entry = next((step["payload"] for step in plan["steps"] if step["name"] == "entry"), None)
    if entry is None:
        return None
    header = {name: value for name, value in entry.items() if name != "PurchaseEntryLines"}
    codes = {key: account.code for key, account in books.accounts.items()} if books else {}
    rows = [{**row, "account": codes.get(row["GLAccount"], "")} for row in entry["PurchaseEntryLines"]]
    return {"header": header, "lines": rows, "raw": plan, "is_coming": is_coming}
