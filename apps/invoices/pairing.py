"""Which booking made by hand is of which document. Pure."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from apps.invoices.comparing import Booking

_SIGNS = re.compile(r"[\W_]+")
NEAR = timedelta(days=27)  # some vendors write the same number on the invoice of each month
D = TypeVar("D")
E = TypeVar("E")
Likeness = tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Pair(Generic[E]):
    """An entry that is of a document. `certain`: number and date, or number-less with the same figures.

    Else a person should say whether it is the same one.
    """

    entry: E
    certain: bool


def pairs(documents: dict[D, Booking], entries: dict[E, Booking]) -> dict[D, list[Pair[E]]]:
    """Return for each document the entries that are of it, best first; an entry is of one document only.

    By the number, with the same supplier or the same amount; else by supplier, date and amount.
    """
    found: dict[D, list[Pair[E]]] = {document: [] for document in documents}
    left = set(entries)
    by_number = _by_number(documents)
    for entry, booking in entries.items():
        alike = [one for one in by_number[key_of(booking.your_ref)] if _is_of(documents[one], booking)]
        if alike:
            left.discard(entry)
            best = max(alike, key=lambda one: _likeness(documents[one], booking))
            found[best].append(Pair(entry, certain=_is_near(documents[best], booking)))
    found = {one: _likely(documents[one], those, entries) for one, those in found.items()}
    unpaired = {one: documents[one] for one, those in found.items() if not those}
    for one, those in _by_figures(unpaired, {entry: entries[entry] for entry in entries if entry in left}):
        found[one] = those
    return found


def key_of(number: str) -> str:
    """Return a number as it is compared: people leave out dashes and blanks."""
    return _SIGNS.sub("", number).casefold()


def _by_number(documents: dict[D, Booking]) -> dict[str, list[D]]:
    found: dict[str, list[D]] = defaultdict(list)
    for one, booking in documents.items():
        key = key_of(booking.your_ref)
        if key:
            found[key].append(one)
    return found


def _is_of(document: Booking, entry: Booking) -> bool:
    return document.supplier == entry.supplier or document.total == entry.total


def _likeness(document: Booking, entry: Booking) -> Likeness:
    return document.total == entry.total, document.date == entry.date


def _likely(document: Booking, those: Sequence[Pair[E]], entries: dict[E, Booking]) -> list[Pair[E]]:
    """Leave out what only shares the number: some vendors write the same one on every invoice."""
    likely = [pair for pair in those if pair.certain or entries[pair.entry].total == document.total]
    likely.sort(key=lambda pair: (pair.certain, _likeness(document, entries[pair.entry])), reverse=True)
    return [pair for pair in likely if pair.certain] or likely[:1]


def _is_near(document: Booking, entry: Booking) -> bool:
    return bool(document.date and entry.date and abs(document.date - entry.date) <= NEAR)


def _by_figures(documents: dict[D, Booking], entries: dict[E, Booking]) -> list[tuple[D, list[Pair[E]]]]:
    """Pair by supplier, date and amount; several alike are dealt out one by one."""
    alike: dict[tuple[str, date | None, Decimal], list[E]] = defaultdict(list)
    for entry, booking in entries.items():
        alike[_figures(booking)].append(entry)
    waiting: dict[tuple[str, date | None, Decimal], list[D]] = defaultdict(list)
    for document, booking in documents.items():
        waiting[_figures(booking)].append(document)
    return [
        (
            document,
            [Pair(entry, not entries[entry].your_ref) for entry in alike[figures][place :: len(those)]],
        )
        for figures, those in waiting.items()
        if figures[0]
        for place, document in enumerate(those)
    ]


def _figures(booking: Booking) -> tuple[str, date | None, Decimal]:
    return booking.supplier, booking.date, booking.total
