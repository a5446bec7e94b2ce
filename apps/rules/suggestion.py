"""Which ledger account, VAT code, cost centre and cost unit a line gets, and why. Pure.

Order of authority: what a person chose for the same text before, rule of the administration, of the client, of the
firm, the item's account, the supplier card's default, history, nothing (product page, *Coding the lines*).
`rules` come strongest first.
"""

from collections.abc import Container, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.rules.conditions import Rule

SURE = 0.75  # three bookings of the same text, or five of the supplier, that all agree
FIELDS = ("gl_code", "vat_code", "cost_center", "cost_unit")
BESIDES = ("description", "payment_condition", "private_use", "non_deductible", "spread", "never_automatic")
YES = "yes"


class Suggestion(NamedTuple):
    """A code, who vouches for it (`rule`, `item`, `card`, `history`, `correction`, `document`, `table`), and why.

    `rule` is the rule that said it, None for all other sources. `confidence`, 0 to 1, is below 1 for what is told by
    history.
    """

    value: str
    source: str
    why: str
    rule: Rule | None = None
    confidence: float = 1.0

    @property
    def is_sure(self) -> bool:
        """Whether it may be taken without anybody looking: what is told by history must agree with itself."""
        return self.confidence >= SURE


NOTHING = Suggestion("", "", "")


class Heard(NamedTuple):
    """What one rule said about one field, and whether that is what was taken."""

    rule: Rule
    field: str
    value: str
    won: bool


def from_rules(rules: Iterable[Rule], field: str, known: Container[str]) -> Iterator[Suggestion]:
    """Yield what the fitting `rules` say about `field`, strongest first.

    A code that is not `known` in this division says nothing: a weaker rule may still speak.
    """
    for rule in rules:
        value = getattr(rule, field)
        if value and value in known:
            yield Suggestion(value, "rule", _("rule %(name)s") % {"name": rule.name}, rule)


def from_card(value: str, supplier: str) -> Suggestion:
    """Return the default of the supplier's card."""
    return (
        Suggestion(value, "card", _("default of %(supplier)s") % {"supplier": supplier}) if value else NOTHING
    )


def from_item(value: str, item: str) -> Suggestion:
    """Return the account of the item, or of its group."""
    return Suggestion(value, "item", _("account of item %(item)s") % {"item": item}) if value else NOTHING


def first(*suggestions: Suggestion) -> Suggestion:
    """Return the first suggestion that says something."""
    return next((suggestion for suggestion in suggestions if suggestion.value), NOTHING)


def heard(rules: Iterable[Rule], taken: Iterable[tuple[str, Suggestion]]) -> list[Heard]:
    """Return what each of the fitting `rules` said about each field, and whether it was `taken` (field, what)."""
    won = {(field, id(found.rule)) for field, found in taken}
    said = ((rule, field, said_of(rule, field)) for rule in rules for field in (*FIELDS, *BESIDES))
    return [Heard(rule, field, value, (field, id(rule)) in won) for rule, field, value in said if value]


def said_of(rule: Rule, field: str) -> str:
    """Return what `rule` says about `field` as text, "" for nothing; a percentage without needless zeros.

    A rule that splits says where its first part goes.
    """
    value = getattr(rule, field)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, bool):
        return YES if value else ""
    return rule.splits[0].gl_code if field == "gl_code" and not value and rule.splits else str(value or "")
