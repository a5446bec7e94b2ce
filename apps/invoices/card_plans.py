"""What would be written on cards in Exact: the exact payloads, as a plan for `posting`. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.invoices.card_fields import account_payload, bank_payload
from apps.posting.card_lookup import ACCOUNTS, BANK_ACCOUNTS, MARK
from apps.posting.models import ACCOUNT, BANK

CARD = "card"  # the step that fills in a card


def supplier_plan(values: Mapping[str, str], *, reference: str, known: Sequence[str]) -> dict[str, Any]:
    """Return the plan of a new supplier: its card, then its account number; Exact takes none inside a card (4.1).

    `reference` is ours and stands in the search code, so that the card can be found again. `known`: the ids of
    the cards of that name that there are already, which are never taken for it.
    """
    payload = {**account_payload(values), "IsSupplier": True, MARK: reference}
    steps = [{"name": ACCOUNT, "resource": ACCOUNTS, "payload": payload}]
    if bank := bank_payload(values):
        steps.append(
            {"name": BANK, "resource": BANK_ACCOUNTS, "payload": bank, "needs": {"Account": ACCOUNT}}
        )
    return {"steps": steps, "look": {"known": list(known)}}


def card_plan(values: Mapping[str, str], *, relation: str) -> dict[str, Any]:
    """Return the plan that fills in what the card `relation` (its id in Exact) lacks."""
    steps: list[dict[str, Any]] = []
    if payload := account_payload(values):
        steps.append({"name": CARD, "resource": ACCOUNTS, "payload": payload, "fills": relation})
    if bank := bank_payload(values):
        steps.append({"name": BANK, "resource": BANK_ACCOUNTS, "payload": {**bank, "Account": relation}})
    return {"steps": steps, "look": {}}
