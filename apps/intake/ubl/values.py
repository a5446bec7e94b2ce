"""Numbers, amounts and dates out of texts. Pure.

A value that cannot be read is None and noted as an oddity: one wrong date must not cost an invoice. Only what
a booking cannot do without is demanded.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.intake.document import Oddity
from apps.intake.parsing import Unreadable
from apps.intake.ubl.branches import Branch

MOST_ODDITIES = 50
MOST_CHARACTERS = 60
FIRST_YEAR, LAST_YEAR = 1990, 2099  # outside these a date is a slip of the pen or a trap

_NUMBER = re.compile(r"[+-]?(?:0*[0-9]{1,12}(?:\.[0-9]{0,12})?|\.[0-9]{1,12})")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T[0-9:.]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal | None:
    """Return an xsd:decimal of at most 12 digits before and 12 behind the point, None for anything else."""
    if len(text) > MOST_CHARACTERS or not _NUMBER.fullmatch(text):
        return None
    value = Decimal(text)
    return value if value else abs(value)  # never a negative zero


def day(text: str) -> date | None:
    """Return an xsd:date (a time of day or zone behind it is left out), None for anything else."""
    found = _DATE.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


class Values:
    """Reads the values of one document: `sign` is -1 in a credit note; `oddities` are what was unreadable."""

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.oddities: list[Oddity] = []

    def _note(self, name: str, text: str) -> None:
        if text and len(self.oddities) < MOST_ODDITIES:
            self.oddities.append(Oddity(name, text[:100]))

    def number(self, branch: Branch, name: str) -> Decimal | None:
        """Return a child as a number with the sign it was written with: a rate, a price."""
        text = branch.raw(name)
        value = number(text) if text else None
        if value is None:
            self._note(name, text)
        return value

    def rate(self, branch: Branch, name: str) -> Decimal | None:
        """Return a child as a percentage from 0 to 100."""
        value = self.number(branch, name)
        if value is not None and not 0 <= value <= 100:
            self._note(name, branch.raw(name))
            return None
        return value

    def currency(self, branch: Branch, name: str) -> str:
        """Return a child as an ISO 4217 code, "" when it is none."""
        text = branch.raw(name).upper()
        if _CURRENCY.fullmatch(text):
            return text
        self._note(name, text)
        return ""

    def amount(self, branch: Branch, name: str) -> Decimal | None:
        """Return a child as an amount or quantity, signed from the buyer's cost view."""
        value = self.number(branch, name)
        return -value if value and self.sign < 0 else value

    def day(self, branch: Branch, name: str) -> date | None:
        """Return a child as a date."""
        text = branch.raw(name)
        value = day(text) if text else None
        if value is None:
            self._note(name, text)
        return value

    def demanded_amount(self, branch: Branch, name: str) -> Decimal:
        """Return a child as an amount. Raises Unreadable (code `amount`) when it is missing or none."""
        value = self.amount(branch, name)
        if value is None:
            sentence = _("The total {name} is missing or is not an amount: “{text}”.")
            raise Unreadable(format_lazy(sentence, name=name, text=branch.text(name)), "amount")
        return value

    def demanded_day(self, branch: Branch, name: str) -> date:
        """Return a child as a date. Raises Unreadable (code `date`) when it is missing or none."""
        value = self.day(branch, name)
        if value is None:
            sentence = _("The date {name} is missing or is not a date: “{text}”.")
            raise Unreadable(format_lazy(sentence, name=name, text=branch.text(name)), "date")
        return value
