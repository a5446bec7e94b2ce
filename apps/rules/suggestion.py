"""Which ledger account, VAT code, cost centre and cost unit a line gets, and why. Pure.

Order of authority: rule of the administration, of the client, of the firm, the supplier card's default,
history, nothing (product page, *Coding the lines*). `rules` come strongest first.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

MOST_SHOWN = 50


class Suggestion(NamedTuple):
    """A value, who vouches for it (`rule`, `card`, `history`, `document`, `table`), and the line that says why."""

    value: str
    source: str
    why: str


NOTHING = Suggestion("", "", "")


@dataclass(frozen=True, slots=True)
class Rule:
    """A booking rule as coding sees it. Empty conditions fit everything; texts are compared without case."""

    name: str
    supplier_contains: str = ""
    supplier_code: str = ""
    text_contains: str = ""
    gl_code: str = ""
    vat_code: str = ""
    cost_center: str = ""
    cost_unit: str = ""

    def fits_supplier(self, name: str, code: str) -> bool:
        """Tell whether the conditions about the supplier hold."""
        return self.supplier_contains.casefold() in name.casefold() and self.supplier_code in {"", code}

    def fits_text(self, text: str) -> bool:
        """Tell whether the condition about the line holds."""
        return self.text_contains.casefold() in text.casefold()


def from_rules(rules: Iterable[Rule], field: str, known: Container[str]) -> Suggestion:
    """Return what the strongest of the fitting `rules` says about `field`.

    A code that is not `known` in this division says nothing: a weaker rule may still speak.
    """
    for rule in rules:
        value = getattr(rule, field)
        if value and value in known:
            return Suggestion(value, "rule", _("rule %(name)s") % {"name": rule.name})
    return NOTHING


def from_card(value: str, supplier: str) -> Suggestion:
    """Return the default of the supplier's card."""
    return (
        Suggestion(value, "card", _("default of %(supplier)s") % {"supplier": supplier}) if value else NOTHING
    )


def from_history(booked: Sequence[str]) -> Suggestion:
    """Return the value that this supplier was booked on most; `booked` is newest first."""
    recent = [value for value in booked if value][:MOST_SHOWN]
    if not recent:
        return NOTHING
    value, times = Counter(recent).most_common(1)[0]
    why = _("%(times)d of the last %(all)d booked lines of this supplier") % {
        "times": times,
        "all": len(recent),
    }
    return Suggestion(value, "history", why)


def first(*suggestions: Suggestion) -> Suggestion:
    """Return the first suggestion that says something."""
    return next((suggestion for suggestion in suggestions if suggestion.value), NOTHING)
