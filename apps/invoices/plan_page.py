"""What the page of a document shows of its entry or purchase invoice: as it was sent, or would be."""

from collections.abc import Sequence
from typing import Any

from apps.exact.models import Division
from apps.invoices import item_page
from apps.invoices.delivering import plan_of
from apps.invoices.item_delivery import is_uncoded
from apps.invoices.models import Invoice, InvoiceLine, State
from apps.posting.models import ENTRY, PURCHASE_INVOICE
from apps.rules.books import Books

LINES = {ENTRY: "PurchaseEntryLines", PURCHASE_INVOICE: "PurchaseInvoiceLines"}


def shown(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    division: Division | None,
    books: Books | None,
    *,
    of_items: bool,
) -> dict[str, Any] | None:
    """Return what was or would be written, None while something is missing for it.

    `of_items`: it is delivered as a purchase invoice; `lines` then come with their items.
    """
    is_coming = invoice.state in {State.PROPOSED, State.READY}
    if invoice.posting is not None and not is_coming:
        plan = invoice.posting.plan
    elif division and is_coming and _is_coded(invoice, lines, of_items=of_items):
        try:
            plan = plan_of(invoice, division, "PK")
        except KeyError:  # a VAT code is gone from Exact since it was chosen
            return None
    else:
        return None
    found = next((step for step in plan["steps"] if step["name"] in LINES and "payload" in step), None)
    if found is None:
        return None
    name, payload = found["name"], found["payload"]
    header = {key: value for key, value in payload.items() if key != LINES[name]}
    rows = _entry_lines(payload, books) if name == ENTRY else list(item_page.planned(payload, lines))
    return {"header": header, "lines": rows, "raw": plan, "is_coming": is_coming, "of_items": name != ENTRY}


def _is_coded(invoice: Invoice, lines: Sequence[InvoiceLine], *, of_items: bool) -> bool:
    return not is_uncoded(invoice) if of_items else all(line.vat_code for line in lines)


def _entry_lines(payload: dict[str, Any], books: Books | None) -> list[dict[str, Any]]:
    codes = {key: account.code for key, account in books.accounts.items()} if books else {}
    return [{**row, "account": codes.get(row["GLAccount"], "")} for row in payload["PurchaseEntryLines"]]
