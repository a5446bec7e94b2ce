"""Which rules the bookings of a supplier speak for: one account for all of it, or one for each kind of line. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

FEWEST = 3  # booked lines before they speak for a rule
SHARE = 90  # percent of them on one account
MOST_WORDS = 10  # rules for one supplier
_WORD = re.compile(r"[^\W\d_]{4,}")
_MONTHS = frozenset(
    "januari februari maart april juni juli augustus september oktober november december january february march "
    "june july august october factuur invoice nota btw".split()
)


class Booked(NamedTuple):
    """So many lines of one supplier with this text on this account."""

    gl_code: str
    text: str
    times: int


@dataclass(frozen=True, slots=True)
class Supplier:
    """A card: its code and name in Exact, and the account that the card itself gives, "" for none."""

    code: str
    name: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule for `supplier`, on lines with the whole word `word` ("" for all): booked so `times` out of `of` times."""

    supplier: Supplier
    gl_code: str
    times: int
    of: int
    word: str = ""

    @property
    def token(self) -> str:
        """What a page sends back for it, so that nothing else is accepted."""
        return f"{self.supplier.code}|{self.word}|{self.gl_code}"

    @property
    def same(self) -> tuple[str, str, str]:
        """What makes another rule the same one: its conditions and its account."""
        return self.supplier.code.strip(), self.word.casefold(), self.gl_code

    @property
    def name(self) -> str:
        """What the rule is called."""
        about = f"{self.supplier.name} {self.word}".strip()
        return f"{about[:80]} - {self.gl_code}"[:100]

    @property
    def why(self) -> str:
        """The evidence, in words."""
        return _("%(times)d of %(of)d booked lines") % {"times": self.times, "of": self.of}

    @property
    def conditions(self) -> dict[str, str]:
        """The columns of the rule, without its owner."""
        text = {"text": self.word, "text_match": "word"} if self.word else {}
        return {"name": self.name, "supplier_code": self.supplier.code, **text, "gl_code": self.gl_code}


def propose(supplier: Supplier, booked: Iterable[Booked], usable: Collection[str]) -> list[Proposal]:
    """Return the rules that the bookings of `supplier` speak for; only accounts that are `usable` now.

    One rule where FEWEST lines went to one account in SHARE per cent; else one for each word that tells the lines
    of one account from the others, the most telling first.
    """
    rows = list(booked)
    whole = _clear(Counter(_times(rows)), usable)
    if whole:
        return [Proposal(supplier, *whole)]
    return list(_by_word(supplier, rows, usable))


def best(supplier: Supplier, booked: Iterable[Booked], usable: Collection[str]) -> Proposal | None:
    """Return the rule that books the most lines, None when they speak for none."""
    return max(propose(supplier, booked, usable), key=lambda one: one.times, default=None)


def words_of(text: str) -> list[str]:
    """Return the words of a line that may tell it from others: no numbers, no months, the longest first."""
    found = dict.fromkeys(word.casefold() for word in _WORD.findall(text))
    return sorted((word for word in found if word not in _MONTHS), key=lambda word: (-len(word), word))


def _times(rows: Iterable[Booked]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row.gl_code] += row.times
    return found


def _clear(counted: Counter[str], usable: Collection[str]) -> tuple[str, int, int] | None:
    """Return the account that nearly all went to with how often, out of how many; None when there is none."""
    of = counted.total()
    if not of:
        return None
    code, times = min(counted.most_common(), key=lambda one: (-one[1], one[0]))
    return (code, times, of) if of >= FEWEST and 100 * times >= SHARE * of and code in usable else None


def _by_word(supplier: Supplier, rows: Sequence[Booked], usable: Collection[str]) -> Iterator[Proposal]:
    left = [(frozenset(words_of(row.text)), row) for row in rows]
    for _time in range(MOST_WORDS):
        found = _telling(left, usable)
        if found is None:
            return
        word, (code, times, of) = found
        yield Proposal(supplier, code, times, of, word)
        left = [(words, row) for words, row in left if word not in words]


def _telling(
    rows: Iterable[tuple[frozenset[str], Booked]], usable: Collection[str]
) -> tuple[str, tuple[str, int, int]] | None:
    """Return the word whose lines nearly all went to one account, that with the most lines."""
    by_word: dict[str, Counter[str]] = defaultdict(Counter)
    for words, row in rows:
        for word in words:
            by_word[word][row.gl_code] += row.times
    clear: Mapping[str, tuple[str, int, int]] = {
        word: found for word, counted in by_word.items() if (found := _clear(counted, usable))
    }
    return min(clear.items(), key=lambda one: (-one[1][1], -len(one[0]), one[0]), default=None)
