"""What a supplier was booked on before, as evidence for the next line. Pure.

Lines that say the same speak first, then lines with similar words, then the supplier as a whole. A recent booking
weighs more than an older one, so that a change wins after three or four bookings and a single mistake does not.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.rules.line_text import Rarity, is_same, text_key
from apps.rules.suggestion import NOTHING, Suggestion

MOST_READ = 300  # lines of one supplier, the newest ones
ALIKE = 0.4  # texts that are less alike say nothing about each other
_SAME, _SIMILAR, _SUPPLIER = "same", "similar", "supplier"
# What one booking weighs of the next newer one: of the same text three in a row overrule all before them, of the
# whole supplier six do; and how much is believed of what each kind of evidence says.
_FADES = {_SAME: 0.75, _SIMILAR: 0.8, _SUPPLIER: 0.88}
_BELIEVED = {_SAME: 1.0, _SIMILAR: 0.9, _SUPPLIER: 0.9}


class Past(NamedTuple):
    """One booked line of a supplier: its codes as in Exact, its text, the day of its entry, and which entry."""

    gl_code: str
    vat_code: str = ""
    cost_center: str = ""
    cost_unit: str = ""
    text: str = ""
    day: date | None = None
    entry: str = ""


class Vote(NamedTuple):
    """A booking with the code that it gave; `likeness` of its text, 1 for the same."""

    booking: str
    value: str
    day: date | None
    likeness: float


@dataclass(slots=True)
class Standing:
    """How one code stands: in how many bookings, the last day of them, and what they weigh together."""

    times: int = 0
    last: date | None = None
    weight: float = 0.0


@dataclass(frozen=True)
class History:
    """What one supplier was booked on, newest first."""

    lines: Sequence[Past] = ()
    _told: dict[tuple[str, str], list[Suggestion]] = field(default_factory=dict, init=False, compare=False)

    def without(self, gl_codes: Container[str]) -> "History":
        """Return it without what was booked on `gl_codes`: suspense accounts say nothing about the next invoice."""
        return History([line for line in self.lines if line.gl_code not in gl_codes]) if gl_codes else self

    def propose(self, field: str, text: str, usable: Container[str]) -> Suggestion:
        """Return what a line with this `text` is best booked on by what was done before, NOTHING when nothing was."""
        ranked = self.ranked(field, text, usable, most=1)
        return ranked[0] if ranked else NOTHING

    def ranked(self, field: str, text: str, usable: Container[str], most: int = 3) -> list[Suggestion]:
        """Return the proposals for `field`, best first; only codes that are `usable` now.

        Each says how sure it is, 0 to 1: less when bookings disagree, when there are few, or when they are of other
        texts. Bookings on codes that are not usable any more still count among those that disagree.
        """
        known = (field, text_key(text))
        if known not in self._told:
            self._told[known] = list(self._tell(*known, text))
        return [one for one in self._told[known] if one.value in usable][:most]

    @cached_property
    def _keyed(self) -> list[tuple[str, str, Past]]:
        """Each line with the key of its text and what tells its booking from others."""
        return [
            (text_key(line.text), line.entry or f"line {place}", line)
            for place, line in enumerate(self.lines[:MOST_READ])
        ]

    @cached_property
    def _rarity(self) -> Rarity:
        return Rarity(key for key, _booking, _line in self._keyed)

    def _tell(self, field: str, key: str, text: str) -> Iterator[Suggestion]:
        said: set[str] = set()
        for kind in (_SAME, _SIMILAR, _SUPPLIER):
            for one in _weighed(self._votes(kind, field, key), kind, text):
                if one.value not in said:
                    said.add(one.value)
                    yield one

    def _votes(self, kind: str, field: str, key: str) -> list[Vote]:
        """Return what each booking says, newest first; a code that it gave to several lines is said once."""
        likeness: dict[str, float] = {}
        found: dict[tuple[str, str], Vote] = {}
        for booked, booking, line in self._keyed:
            value = getattr(line, field)
            if booked not in likeness:
                likeness[booked] = self._likeness(kind, booked, key)
            if value and likeness[booked] >= ALIKE:
                found.setdefault((booking, value), Vote(booking, value, line.day, likeness[booked]))
        return list(found.values())

    def _likeness(self, kind: str, booked: str, key: str) -> float:
        if kind == _SIMILAR:
            return self._rarity.likeness(booked, key)
        return float(kind == _SUPPLIER or is_same(booked, key))


def _weighed(votes: Sequence[Vote], kind: str, text: str) -> list[Suggestion]:
    """Return what the `votes`, newest first, say together, best first."""
    bookings = list(dict.fromkeys(vote.booking for vote in votes))
    age = {booking: place for place, booking in enumerate(bookings)}
    found: dict[str, Standing] = {}
    for vote in votes:
        standing = found.setdefault(vote.value, Standing(last=vote.day))
        standing.times += 1
        standing.weight += vote.likeness * _FADES[kind] ** age[vote.booking]
    total = sum(standing.weight for standing in found.values())
    ordered = sorted(found.items(), key=lambda one: -one[1].weight)  # the newest first among equals
    return [
        Suggestion(
            value,
            "history",
            _words(kind, standing, len(bookings), text),
            confidence=_believed(kind, standing, total),
        )
        for value, standing in ordered
    ]


def _believed(kind: str, standing: Standing, total: float) -> float:
    """Return how sure it is: the weight of a code among all, less for few bookings and for those of other texts."""
    return round(_BELIEVED[kind] * standing.weight / total * standing.times / (standing.times + 1), 3)


def _words(kind: str, standing: Standing, bookings: int, text: str) -> str:
    words = {
        _SAME: _("%(times)d of the last %(all)d lines “%(text)s”, last on %(day)s"),
        _SIMILAR: _("%(times)d of the last %(all)d lines like “%(text)s”, last on %(day)s"),
        _SUPPLIER: _("%(times)d of the last %(all)d bookings of this supplier"),
    }
    return words[kind] % {
        "times": standing.times,
        "all": bookings,
        "text": text if len(text) <= 60 else f"{text[:59]}…",
        "day": date_format(standing.last, "j-n-Y") if standing.last else "-",
    }


def newest_first(lines: Iterable[Past]) -> list[Past]:
    """Return `lines` of several sources as History wants them; those of one day stay in their order."""
    return sorted(lines, key=lambda line: line.day or date.min, reverse=True)[:MOST_READ]
