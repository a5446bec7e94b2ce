"""Cards of suppliers and customers, and those that the data file names."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from apps.sandbox.firm.divisions import Division
from apps.sandbox.firm.source import Row, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was booked on a supplier before: how many invoices, their usual net amount, account and VAT."""

    invoices: int
    net: int
    ledger: str
    vat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One relation: `exact` holds fields by their Exact names; ledger, VAT and condition are roles."""

    exact: Row
    ledger: str | None = None
    vat: str | None = None
    condition: str | None = None
    banks: tuple[tuple[str, str], ...] = field(default=())
    past: Past | None = None
    supplier: bool = True
    customer: bool = False

    @property
    def code(self) -> str:
        """The relation's code, without padding."""
        return str(self.exact["Code"])


def named(division: Division) -> Iterator[Card]:
    """Yield the division's cards of the data file: the senders of the sample documents."""
    for row in load("suppliers")[str(division.code)]:
        yield _card(row)


def _card(row: Row) -> Card:
    ours = {"ledger", "vat", "pay", "banks", "history"}
    history = row.get("history")
    return Card(
        exact={name: value for name, value in row.items() if name not in ours},
        ledger=row["ledger"],
        vat=row["vat"],
        condition=row["pay"],
        banks=tuple((iban, bic) for iban, bic in row["banks"]),
        past=Past(**{"ledger": row["ledger"], "vat": row["vat"]} | history) if history else None,
    )
