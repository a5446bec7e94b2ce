"""Switches for training, demonstrations and tests: limits, closed periods, grants, users and scopes."""

from collections.abc import Iterable
from typing import Any

from apps.sandbox.exact import store
from apps.sandbox.models import ExactUser, Grant, RegisteredApp, Row, Switches

STATUS_LIST = "read/financial/JournalStatusList"


def current() -> Switches:
    """Return the one row of settings."""
    return Switches.objects.get_or_create(pk=1)[0]


def change(**fields: Any) -> None:
    """Change settings by field name, e.g. `minute_limit=5`."""
    Switches.objects.update_or_create(pk=1, defaults=fields)


def set_period(division: int, journal: str, year: int, period: int, *, closed: bool) -> None:
    """Close or open one period of one journal (Exact facts 4.0: JournalStatusList is where it shows)."""
    journal_row = store.by_mark("financial/Journals", division, journal)
    fields = {
        "Journal": journal,
        "Year": year,
        "Period": period,
        "Status": int(closed),
        "StatusDescription": "Afgesloten" if closed else "Open",
        "JournalDescription": journal_row.data.get("Description") if journal_row else None,
        "JournalType": journal_row.data.get("Type") if journal_row else None,
    }
    store.put(STATUS_LIST, division, fields)


def turn_periods(rows: Iterable[Row], *, closed: bool) -> None:
    """Close or open the journal periods behind these rows."""
    for row in rows:
        set_period(row.division, row.data["Journal"], row.data["Year"], row.data["Period"], closed=closed)


def grant(divisions: Iterable[int]) -> None:
    """Let every connected app reach exactly these divisions."""
    Grant.objects.update(divisions=sorted(divisions))


def block_user(reason: str = "BlockedUser") -> None:
    """Answer 403 with this Reason to every user; an empty reason lifts the block (Exact facts 1.7)."""
    ExactUser.objects.update(blocked=reason)


def speak(language: str) -> None:
    """Let Exact answer every user in "nl" or "en"."""
    ExactUser.objects.update(language=language)


def lack_scopes(*scopes: str) -> None:
    """Take scopes such as "Financial accounting" from every app; none: give all."""
    RegisteredApp.objects.update(missing_scopes=list(scopes))
