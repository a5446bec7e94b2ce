"""What the texts of two lines have in common: how evidence about a line is found again. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache
from math import log

LONGEST_KEY = 200
_SHORTEST_CUT = 30  # a text that Exact cut at 60 characters still has this much of its key
_WORD = re.compile(r"[^\W\d_]+")
# Bills by the month say the same each month. Short names only before a number: "Jan" is a person as well.
_MONTHS = re.compile(
    r"\b(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|january|february|march|may|june|july|august|october"
    r"|(?:jan|feb|mrt|mar|apr|jun|jul|aug|sept?|okt|oct|nov|dec)(?=\.?[\s'’/-]*\d))\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def text_key(text: str) -> str:
    """Return what two lines that say the same have in common: without case, numbers, months and punctuation."""
    return " ".join(_WORD.findall(_MONTHS.sub(" ", text.casefold())))[:LONGEST_KEY]


def is_same(booked: str, key: str) -> bool:
    """Tell whether the key of a booked line is `key`, or the beginning of it: Exact keeps 60 characters of a text."""
    return bool(key) and (booked == key or (len(booked) >= _SHORTEST_CUT and key.startswith(booked)))


def words_of(key: str) -> frozenset[str]:
    """Return the words of a key that may tell lines apart."""
    return frozenset(word for word in key.split() if len(word) > 2)


class Rarity:
    """How much each word tells among the texts of one supplier: a word that all of them have tells nothing."""

    def __init__(self, keys: Iterable[str]) -> None:
        """Count in how many of the different `keys` each word stands."""
        self._counted: dict[str, int] = {}
        self._texts = 0
        for words in map(words_of, set(keys)):
            self._texts += 1
            for word in words:
                self._counted[word] = self._counted.get(word, 0) + 1

    def likeness(self, one: str, other: str) -> float:
        """Return how alike two keys are, 0 to 1: what their common words weigh of all their words."""
        mine, theirs = words_of(one), words_of(other)
        all_of_it = sum(map(self._weight, mine | theirs))
        return sum(map(self._weight, mine & theirs)) / all_of_it if all_of_it else 0.0

    def _weight(self, word: str) -> float:
        return log((1 + self._texts) / max(1, self._counted.get(word, 0)))
