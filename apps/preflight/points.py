"""From what is known of an administration to its points and its score. Pure; the words stand in `fixes`."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from apps.exact.rights_words import RIGHTS
from apps.preflight import access_points
from apps.preflight.facts import Books, Cards, Facts, Journal, Others
from apps.preflight.levels import BOOKS, CARDS, GOOD, NOTE, POOR, UNKNOWN, UNUSED, Point

NAMED = 10  # cards or accounts that a point names at most


def points_of(facts: Facts) -> list[Point]:
    """Return every point of an administration, in the order in which they are read; unlinked, that one alone.

    What only entries need is a note where no method books any.
    """
    if not facts.user.is_linked:
        return [access_points.connection(facts.user)]
    of_entries = [*_books(facts.books), *_cards(facts.cards)]
    if not facts.licence.books_entries:
        of_entries = [replace(point, level=NOTE, case=UNUSED) for point in of_entries if point.key != "filed"]
    return [
        *access_points.user_points(facts.user, facts.licence),
        *access_points.licence_points(facts.licence, facts.mailbox, facts.user),
        *of_entries,
        _others(facts.others),
    ]


def _books(books: Books) -> Iterator[Point]:
    level, case = _journal(books.journal)
    code = books.journal.code
    yield Point("journal", BOOKS, level, case, {"journal": code, "currency": books.journal.currency})
    yield Point("periods", BOOKS, *_periods(books), {"journal": code})
    if books.is_filed:
        yield Point("filed", BOOKS, NOTE)
    level, case, values = _vat(books)
    yield Point("vat", BOOKS, level, case, values)
    named = [list(one) for one in books.accounts[:NAMED]]
    if books.accounts:
        yield Point("accounts", BOOKS, POOR, "", {"accounts": named, "count": len(books.accounts)})
    else:
        yield Point("accounts", BOOKS, GOOD if books.are_accounts_read else UNKNOWN)


def _journal(journal: Journal) -> tuple[str, str]:
    if not journal.code:
        return POOR, "none"
    if journal.exists is None:
        return UNKNOWN, ""
    faults = {
        "gone": not journal.exists,
        "type": not journal.is_purchase,
        "blocked": journal.is_blocked,
        "no_vat": journal.takes_vat is False,
    }
    found = next((name for name, is_so in faults.items() if is_so), "")
    return (POOR, found) if found else (GOOD, "")


def _periods(books: Books) -> tuple[str, str]:
    if books.has_period is None:
        return UNKNOWN, ""
    if not books.has_period:
        return POOR, "none"
    return (GOOD, "") if books.is_open else (POOR, "closed")


def _vat(books: Books) -> tuple[str, str, dict[str, Any]]:
    if not books.has_table:
        return POOR, "none", {}
    if books.blocked_codes:
        return POOR, "blocked", {"codes": list(books.blocked_codes)}
    if books.scenarios:
        return POOR, "lacking", {"scenarios": list(books.scenarios)}
    if books.unconfirmed:
        return POOR, "unconfirmed", {"count": books.unconfirmed}
    return GOOD if books.are_codes_read else UNKNOWN, "", {}


def _cards(cards: Cards) -> Iterator[Point]:
    if cards.count is None:
        yield from (Point(key, CARDS, UNKNOWN) for key in ("bare", "same_kvk", "same_vat", "same_iban"))
        return
    percent = cards.bare * 100 // cards.count if cards.count else 0
    level = POOR if percent > cards.bare_percent_allowed else GOOD
    yield Point("bare", CARDS, level, "", {"count": cards.bare, "all": cards.count, "percent": percent})
    for kind in ("kvk", "vat", "iban"):
        found = cards.same.get(kind, ())
        named = [[number, list(names[:NAMED])] for number, names in found[:NAMED]]
        yield Point(f"same_{kind}", CARDS, POOR if found else GOOD, "", {"same": named, "count": len(found)})


def _others(others: Others) -> Point:
    values = {"said": others.said, "count": others.entries}
    if others.active is None:
        return Point("others", BOOKS, UNKNOWN, "", values)
    return Point("others", BOOKS, POOR if others.active else GOOD, "", values)


KEYS = (
    "connection",
    "user_kind",
    "scopes",
    *(f"right_{right.key}" for right in RIGHTS),
    *("mailbox", "digital_mailbox", "trial", "methods"),
    *("journal", "periods", "filed", "vat", "accounts"),
    *("bare", "same_kvk", "same_vat", "same_iban", "others"),
)
