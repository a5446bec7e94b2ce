"""What is known about one order's supplier and books when its lines are coded. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from apps.rules.books import Books
from apps.rules.conditions import DocumentFacts, Patience, Rule
from apps.rules.items import ItemFacts
from apps.rules.scenario import Supply


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`rules` may fit the order, strongest first; `accounts`: what Exact knows of the items, by their ids.

    `vat_doubts`: why a scenario's VAT code does not count until it is confirmed again, in words. `card_vat_code`: the
    default of the supplier's card. `currency`: the order's; `band`: how far a price may lie from Exact's, in percent.
    `has_ceilings`: whether firm or client set any. `patience`: which expressions of rules took too long in this order.
    """

    books: Books
    document: DocumentFacts = field(default_factory=DocumentFacts)
    rules: Sequence[Rule] = ()
    vat_table: Mapping[str, str] = field(default_factory=dict)
    vat_doubts: Mapping[str, str] = field(default_factory=dict)
    supply: Supply = field(default_factory=Supply)
    card_vat_code: str = ""
    accounts: Mapping[UUID, ItemFacts] = field(default_factory=dict)
    currency: str = ""
    band: Decimal = Decimal(5)
    has_ceilings: bool = True
    patience: Patience = field(default_factory=Patience)
