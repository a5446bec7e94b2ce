"""Which names are like this one: finds and ranks, decides nothing. Pure.

A trigram index picks the few names worth comparing, rapidfuzz compares them. So a search costs about as much as the
rare letters of the name, and not as much as there are names.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import nlargest

from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

COMPARED = 60  # names that are compared in full
MOST_POSTINGS = 12_000  # entries of the index that are counted for one name
FEWEST_TRIGRAMS = 3
PART_COUNTS = (
    0.9  # of a name that is wholly part of the other ("Bakker Jansen" in "Bakker Jansen Amersfoort")
)


def alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how alike the nearest of two sets of plain names are, 0 to 100."""
    return max((_likeness(a, b) for a in one for b in other), default=0)


def _likeness(one: str, other: str) -> int:
    whole = token_sort_ratio(one, other)
    is_short = min(one.count(" "), other.count(" ")) == 0  # one word alone is part of too much
    part = 0.0 if is_short else token_set_ratio(one, other) * PART_COUNTS
    glued = token_sort_ratio(one.replace(" ", ""), other.replace(" ", ""))
    return int(max(whole, part, glued * 0.98))


def _trigrams(name: str) -> set[str]:
    words = [f" {word} " for word in name.split()]
    return {word[at : at + 3] for word in words for at in range(len(word) - 2)}


class NameIndex:
    """Plain names, each with the place of what it belongs to."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        self._names: list[str] = []
        self._owners: list[int] = []
        postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for name, owner in names:
            at = len(self._names)
            self._names.append(name)
            self._owners.append(owner)
            for trigram in _trigrams(name):
                postings[trigram].append(at)
        self._postings = dict(postings)

    def nearest(self, spellings: Sequence[str], most: int) -> list[tuple[int, int]]:
        """Return up to `most` (owner, score 0 to 100), the most alike first, each owner once."""
        best: dict[int, int] = {}
        for spelling in spellings:
            for at in self._worth_comparing(spelling):
                score = _likeness(spelling, self._names[at])
                owner = self._owners[at]
                best[owner] = max(best.get(owner, 0), score)
        return nlargest(most, best.items(), key=lambda found: (found[1], -found[0]))

    def _worth_comparing(self, spelling: str) -> list[int]:
        """The names that share most of the rare trigrams of this one."""
        lists = [found for trigram in _trigrams(spelling) if (found := self._postings.get(trigram))]
        lists.sort(key=len)
        counts: Counter[int] = Counter()
        read = 0
        for number, found in enumerate(lists):
            if number >= FEWEST_TRIGRAMS and read + len(found) > MOST_POSTINGS:
                break
            counts.update(found)
            read += len(found)
        return nlargest(COMPARED, counts, key=counts.__getitem__)
