"""Whether two names are of one company, or of two of one owner: says how they look, decides nothing. Pure."""

from collections.abc import Sequence

from rapidfuzz.fuzz import ratio, token_sort_ratio

SAME_NAME = 93  # two names this alike are one, misspelt
SAME_WORD = 75  # two words this alike are one, misspelt
# What tells companies of one owner apart, where their names are otherwise the same.
OF_A_GROUP = frozenset(
    "holding beheer vastgoed onroerend groep group management participatie participaties investments invest pensioen "
    "exploitatie materieel personeel verhuur services international financial "
    "ii iii iv".split()
)


def look_like_sisters(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether no pair of these plain names is one name, and a pair has the looks of two companies of one owner.

    So are "jansen bouw" and "jansen beheer", and "jansen" and "jansen holding"; a misspelt word is the same word,
    and names with nothing in common say nothing: one may be a trade name.
    """
    pairs = [(set(a.split()), set(b.split())) for a in one for b in other]
    apart = [_apart(a, b) for a, b in pairs]
    if any(not mine and not theirs for mine, theirs in apart) or any(
        token_sort_ratio(a, b) >= SAME_NAME for a in one for b in other
    ):
        return False
    return any(
        bool(a - mine) and (bool(mine and theirs) or bool((mine | theirs) & OF_A_GROUP))
        for (a, _b), (mine, theirs) in zip(pairs, apart, strict=True)
    )


def _apart(one: set[str], other: set[str]) -> tuple[set[str], set[str]]:
    """The words that each name has and the other has not, nor one like it."""
    return _lacking(one, other), _lacking(other, one)


def _lacking(one: set[str], other: set[str]) -> set[str]:
    return {word for word in one - other if not any(ratio(word, their) >= SAME_WORD for their in other)}
