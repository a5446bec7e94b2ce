"""Account numbers as people read them: in groups of four, with what differs. Pure."""

from itertools import zip_longest


def fours(iban: str) -> list[str]:
    """Return an account number in groups of four."""
    return [iban[at : at + 4] for at in range(0, len(iban), 4)]


def grouped(iban: str) -> str:
    """Return an account number as people write it."""
    return " ".join(fours(iban))


def beside(iban: str, other: str) -> list[tuple[str, bool]]:
    """Return the groups of `iban`, each with whether it differs from the one at the same place in `other`."""
    pairs = zip_longest(fours(iban), fours(other), fillvalue="")
    return [(ours, ours != theirs) for ours, theirs in pairs if ours]
