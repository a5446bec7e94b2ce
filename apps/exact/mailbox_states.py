"""How a digital mailbox stands after a look into Exact, and when to look again. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apps.exact.models import MailboxState
from apps.exact.values import guid_of, integer_of, text_of

LOOKS = (1, 5, 15, 60)  # minutes after it was made, or somebody said so; then each night
_KEPT = frozenset(  # said by Exact when it was to be made: that it is not there is no news
    {MailboxState.NONE, MailboxState.FORBIDDEN, MailboxState.TRIAL, MailboxState.REFUSED}
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One mailbox as Exact shows it; no division: it is bound to none."""

    key: UUID
    address: str
    division: int | None


@dataclass(frozen=True, slots=True)
class Before:
    """How it stood until now: whether Exact ever showed it, when it was made or said to be there."""

    state: str
    was_seen: bool
    asked_at: datetime | None


def chosen(rows: Iterable[Mapping[str, Any]], address: str, division: int) -> Seen | None:
    """Return the mailbox called `address`, rather the one bound to `division`; None when it is not among them."""
    named = [row for row in rows if text_of(row.get("Mailbox")).lower() == address.lower()]
    found = [one for one in map(_seen, named) if one]
    return next((one for one in found if one.division == division), found[0] if found else None)


def own(rows: Iterable[Mapping[str, Any]], division: int) -> Seen | None:
    """Return the division's own default mailbox; one of the scanning service is not ours to send into."""
    usable = [one for row in rows if not row.get("IsScanServiceMailbox") and (one := _seen(row))]
    return next((one for one in usable if one.division == division and one.address), None)


def judged(before: Before, seen: Seen | None, division: int, now: datetime, minutes: int) -> str:
    """Return the state after a look in `division`. Nothing is called missing within `minutes` of its making."""
    is_young = before.asked_at is not None and now < before.asked_at + timedelta(minutes=minutes)
    if seen and seen.division != division and not (is_young and seen.division is None):
        return MailboxState.ELSEWHERE
    if is_young:  # also one that Exact shows already and has not bound yet
        return MailboxState.FRESH
    if seen:
        return MailboxState.ACTIVE
    refused_there = before.state == MailboxState.ELSEWHERE and not before.was_seen
    return before.state if before.state in _KEPT or refused_there else MailboxState.MISSING


def next_look(asked_at: datetime | None, now: datetime, minutes: int) -> datetime | None:
    """Return when to look again; None: not before the night."""
    if asked_at is None:
        return None
    moments = (asked_at + timedelta(minutes=each) for each in sorted({*LOOKS, minutes}))
    return next((moment for moment in moments if moment > now), None)


def _seen(row: Mapping[str, Any]) -> Seen | None:
    key = guid_of(row.get("ID"))
    division = row.get("ForDivision")
    return Seen(key, text_of(row.get("Mailbox")).lower(), integer_of(division) or None) if key else None
