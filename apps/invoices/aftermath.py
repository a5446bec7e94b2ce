"""What the ledger now says of a booking, next to what was booked. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.exact.models import LedgerLine
from apps.invoices.comparing import Difference, Field
from apps.invoices.models import InExact
from apps.posting.lookup import dates_of, is_of

PROCESSED = 50  # TransactionLines.Status (Exact 4.8)


def since(look: Mapping[str, Any], head: LedgerLine) -> tuple[InExact, list[Difference]]:
    """Return what became of the entry that `look` (of its posting's plan) describes, and in what it differs now.

    `head` is its header line in the ledger mirror, also when that is gone. What `look` does not name is not compared.
    """
    if head.gone_at is not None:
        return InExact.DELETED, []
    differences = list(_differences(look, head))
    if differences:
        return InExact.CHANGED, differences
    return InExact.PROCESSED if head.status == PROCESSED else InExact.NOTHING, []


def look_of(head: LedgerLine) -> dict[str, Any]:
    """Return how the entry of `head` looks that somebody else made, in the shape of a posting's "look"."""
    return {
        "supplier": str(head.relation or ""),
        "your_ref": head.your_ref,
        "date": head.date.isoformat() if head.date else "",
        "amount": str(-(head.amount_fc or head.amount)),
    }


def _differences(look: Mapping[str, Any], head: LedgerLine) -> Any:
    supplier, number = look.get("supplier"), str(look.get("your_ref", "")).strip()
    if supplier and supplier != str(head.relation or ""):
        yield Difference(Field.SUPPLIER, supplier, str(head.relation or ""))
    if "amount" in look and not is_of(head, Decimal(look["amount"])):
        yield Difference(Field.TOTAL, Decimal(look["amount"]), -(head.amount_fc or head.amount))
    if "your_ref" in look and number != head.your_ref.strip():
        yield Difference(Field.YOUR_REF, number, head.your_ref.strip())
    if look.get("date") and (head.date is None or head.date.isoformat() not in dates_of(look)):
        yield Difference(Field.DATE, look["date"], head.date.isoformat() if head.date else "")
