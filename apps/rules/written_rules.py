"""The cells of a list of rules as the fields of a rule. Pure; whose rule it is, is found elsewhere."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.tables.columns import plain
from apps.rules.part_texts import NotANumber, amount_in
from apps.rules.scenario import Scenario
from apps.rules.words import Spread, TextIn, TextMatch

LANGUAGES = ("nl", "en")
YES = frozenset("yes ja true waar 1 x y j on aan".split())
NO = frozenset("no nee false onwaar 0 n off uit".split())
MOST_POSITION = 30_000


class BadCell(ValueError):
    """A cell cannot be read; the message says why, to people."""


def fields_of(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a rule that the `cells` (column -> text) say. An empty cell is the field's default.

    Texts are taken as they are. Raises BadCell.
    """
    return {name: _read(name, text) for name, text in cells.items()}


def _read(name: str, text: str) -> Any:
    reader = _READERS.get(name)
    try:
        return text if reader is None else reader(text)
    except NotANumber as error:
        raise BadCell(str(error)) from error


def _decimal(text: str) -> Decimal | None:
    found = amount_in(text.removesuffix("%")) if text else None
    if found is not None and found != found.quantize(Decimal("0.01")):
        raise BadCell(_("“%(text)s” has more than two decimals.") % {"text": text[:40]})
    return found


def _whole(default: int | None) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        found = amount_in(text) if text else None
        if found is not None and (found != int(found) or not 0 <= found <= MOST_POSITION):
            raise BadCell(_("“%(text)s” is no whole number that can stand here.") % {"text": text[:40]})
        return default if found is None else int(found)

    return read


def _truth(*, default: bool) -> Callable[[str], bool]:
    def read(text: str) -> bool:
        word = plain(text)
        if word in YES or word in NO:
            return word in YES
        if text:
            raise BadCell(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})
        return default

    return read


def _choice(choices: type[TextChoices], default: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text:
            return default
        found = _names(choices).get(plain(text))
        if found is None:
            known = ", ".join(str(one.label) for one in choices if one.value)
            raise BadCell(_("“%(text)s” is none of these: %(known)s.") % {"text": text[:40], "known": known})
        return found

    return read


def _names(choices: type[TextChoices]) -> dict[str, str]:
    """Return value by value and by label, in each of our languages."""
    found = {plain(value): value for value in choices.values}
    for language in LANGUAGES:
        with override(language):
            found |= {plain(str(label)): value for value, label in choices.choices}
    return found


_READERS: dict[str, Callable[[str], Any]] = {
    "position": _whole(100),
    "active": _truth(default=True),
    "text_in": _choice(TextIn, TextIn.LINE.value),
    "text_match": _choice(TextMatch, TextMatch.CONTAINS.value),
    "amount_from": _decimal,
    "amount_to": _decimal,
    "scenario": _choice(Scenario, ""),
    "private_use": _decimal,
    "non_deductible": _decimal,
    "spread": _choice(Spread, Spread.NOT.value),
    "spread_months": _whole(None),
    "never_automatic": _truth(default=False),
}
