"""What is known about one document's supplier and books when its lines are coded. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from apps.rules.books import Books
from apps.rules.conditions import DocumentFacts, Patience, Rule
from apps.rules.history import History
from apps.rules.items import ItemFacts
from apps.rules.said import Corrections
from apps.rules.scenario import Supply
from apps.rules.spreading import Span


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`rules` may fit the document, strongest first; `card_code` is the default account of the supplier's card.

    `vat_doubts`: why a scenario's VAT code does not count until it is confirmed again, in words. `supply`: what the
    document says about VAT in all its lines; `country` counts where it names none. `items` by the seller's code.
    `wording`: what the words in a rule's description stand for. `period`: what the document says it is about.
    `patience`: which expressions of rules took too long in this document.
    """

    books: Books
    document: DocumentFacts = field(default_factory=DocumentFacts)
    rules: Sequence[Rule] = ()
    vat_table: Mapping[str, str] = field(default_factory=dict)
    vat_doubts: Mapping[str, str] = field(default_factory=dict)
    supply: Supply = field(default_factory=Supply)
    country: str = ""
    card_code: str = ""
    history: History = field(default_factory=History)
    corrections: Corrections = field(default_factory=Corrections)
    items: Mapping[str, ItemFacts] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)
    day: date | None = None
    period: Span | None = None
    patience: Patience = field(default_factory=Patience)
