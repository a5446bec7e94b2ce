"""What a person confirmed of a VAT code, and what of it changed in Exact since. Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.rules.vat_proposal import Code

TYPES = {
    "E": gettext_lazy("excluding VAT"),
    "I": gettext_lazy("including VAT"),
    "B": gettext_lazy("zero rate"),
    "N": gettext_lazy("no VAT"),
}
_USES = {
    "B": gettext_lazy("purchases and sales"),
    "P": gettext_lazy("purchases"),
    "S": gettext_lazy("sales"),
}
_LONGEST = 255  # VATTable.doubt


def facts_of(code: Code) -> dict[str, Any]:
    """Return what is kept of a code when somebody confirms it; the percentage as text, a fraction ("0.21")."""
    return {
        "type": code.type,
        "charged": code.charged,
        "percentage": _text(code.percentage),
        "transaction_type": code.transaction_type,
        "description": code.description,
    }


def doubt(confirmed: Mapping[str, Any], now: Code | None) -> str:
    """Return in words what changed of a code since it was `confirmed` (as `facts_of` made it), "" when nothing did.

    `now` is the code as Exact has it, None when it is gone. Another description alone is no reason to ask again.
    """
    if now is None:
        return _("The code is not in Exact any more.")
    if now.blocked:
        return _("The code is blocked in Exact.")
    return " ".join(_changes(confirmed, facts_of(now)))[:_LONGEST] if confirmed else ""


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    words = {
        "type": _("The type was “%(before)s” and is “%(after)s”."),
        "charged": _("Reverse charge was “%(before)s” and is “%(after)s”."),
        "percentage": _("The percentage was %(before)s and is %(after)s."),
        "transaction_type": _("It was for %(before)s and is for %(after)s."),
    }
    for name, sentence in words.items():
        if name in before and before[name] != after[name]:
            yield sentence % {"before": shown(name, before[name]), "after": shown(name, after[name])}


def shown(name: str, value: Any) -> str:
    """Return one fact for people; `name` and `value` as `facts_of` gives them."""
    if name == "type":
        return str(TYPES.get(value, value))
    if name == "charged":
        return _("yes") if value else _("no")
    if name == "transaction_type":
        return str(_USES.get(value, value or "-"))
    if name == "percentage":
        return f"{(Decimal(value) * 100).normalize():f} %" if value else "-"
    return str(value)


def sentence(facts: Mapping[str, Any]) -> str:
    """Return the facts of a code in one line for people, "" when none are known."""
    if not facts:
        return ""
    parts = [shown("type", facts["type"]), shown("percentage", facts["percentage"])]
    parts += [_("reverse charge")] if facts["charged"] else []
    parts += [shown("transaction_type", facts.get("transaction_type", ""))]
    return f"{facts['description']} ({', '.join(parts)})"


def _text(percentage: Decimal | None) -> str:
    return "" if percentage is None else f"{percentage.normalize():f}"
