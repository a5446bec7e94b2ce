"""Is a card, or its account number, in Exact already? Nothing makes either unique there (Exact 5), so this is asked.

A card is found by our own reference, which stands in its search code: one of the few fields that can be both
written and filtered on (Exact 3.6). Else by the numbers of a company, and at last by its name.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from apps.exact.client import Exact
from apps.exact.values import filter_guid, filter_text, text_of

ACCOUNTS, BANK_ACCOUNTS = "crm/Accounts", "crm/BankAccounts"
MARK = "SearchCode"
NUMBERS = ("VATNumber", "ChamberOfCommerce")  # a company has one of each
_CARD = ("ID", "Code", "Name", MARK, *NUMBERS)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card that is there. `ours`: it carries our reference."""

    exact_id: str
    code: str
    name: str
    ours: bool


def card_like(payload: Row, exact: Exact, *, by_name: bool, known: Collection[str]) -> FoundCard | None:
    """Return the card that a `payload` of crm/Accounts became, or that stands in its way; one call.

    `by_name`: the name alone counts as well, but for the cards that were `known` (ids in Exact) beforehand.
    """
    asked = [MARK, *(name for name in NUMBERS if payload.get(name)), *(["Name"] if by_name else [])]
    one_of = " or ".join(f"{name} eq {filter_text(payload[name])}" for name in asked)
    rows = exact.find(ACCOUNTS, one_of, _CARD)
    ours = [row for row in rows if row.get(MARK) == payload[MARK]]
    same = [row for row in rows if _has_number_of(row, payload)]
    named = [row for row in rows if by_name and row["ID"] not in known and _is_namesake(row, payload)]
    found = next(iter([*ours, *same, *named]), None)
    if found is None:
        return None
    key, code, name = (text_of(found.get(field)) for field in ("ID", "Code", "Name"))
    return FoundCard(key, code, name, ours=bool(ours))


def accounts_of(card: str, exact: Exact) -> dict[str, str]:
    """Return the account numbers of a card (its id in Exact) without blanks, each with its own id; one call."""
    rows = exact.find(BANK_ACCOUNTS, f"Account eq {filter_guid(card)}", ("ID", "BankAccount"))
    return {plain(row.get("BankAccount")): text_of(row["ID"]) for row in rows}


def lacking(card: str, payload: Row, exact: Exact) -> Row | None:
    """Return what of `payload` is empty on a card (its id in Exact); None when that card is not there; one call."""
    rows = exact.find(ACCOUNTS, f"ID eq {filter_guid(card)}", ("ID", *payload))
    return (
        {name: value for name, value in payload.items() if not text_of(rows[0].get(name))} if rows else None
    )


def plain(account: Any) -> str:
    """Return an account number as it is compared."""
    return "".join(text_of(account).split()).upper()


def _has_number_of(row: Row, payload: Row) -> bool:
    return any(payload.get(name) and text_of(row.get(name)) == payload[name] for name in NUMBERS)


def _is_namesake(row: Row, payload: Row) -> bool:
    """Tell whether a card has the same name and no number that says it is another company."""
    pairs = [(text_of(row.get(name)), payload.get(name) or "") for name in NUMBERS]
    return text_of(row.get("Name")) == payload["Name"] and not any(a and b and a != b for a, b in pairs)
