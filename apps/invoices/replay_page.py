"""What the page of a replay shows: how far it is, its result in a sentence, and the lines to look at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.clients.models import Administration
from apps.core import clock
from apps.people.models import User
from apps.rules.models import BookingRule, Replay
from apps.rules.replay_spec import rule_from, values_in
from apps.rules.replay_words import reason
from apps.rules.saying import sentence_of
from apps.rules.suggestion import FIELDS


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the past as the page shows it. `invoice`: our document, None for a line of the ledger."""

    day: date
    administration: str
    supplier: str
    text: str
    amount: Decimal
    number: str
    invoice: int | None
    booked: str
    would: str
    why: str
    times: int


def content(replay: Replay, user: User) -> dict[str, Any]:
    """Return what the template shows; lines of administrations that `user` does not see any more are left out."""
    seen = Administration.objects.visible_to(user).filter(pk__in=replay.administrations)
    rows = list(_rows(replay, dict(seen.values_list("pk", "name"))))
    return {
        "replay": replay,
        "percent": 100 * replay.looked_at // replay.total if replay.total else 0,
        "rate": _rate(replay),
        "result": result(replay),
        "sentence": sentence_of(BookingRule(**values_in(replay.spec)), rule_from(replay.spec)),
        "several": len(replay.administrations) > 1,
        "differs": [row for kind, row in rows if kind == "differs"],
        "changes": [row for kind, row in rows if kind == "changes"],
        "cannot_say": [row for kind, row in rows if kind == "cannot_say"],
    }


def result(replay: Replay) -> str:
    """Return what it found, in a sentence or two."""
    booked = replay.agrees + replay.differs
    if not booked:
        return _(
            "Of the last twelve months it would have booked nothing of which we can tell whether it is right."
        )
    words = ngettext(
        "It would have booked %(count)d line, of which %(agrees)d as you did.",
        "It would have booked %(count)d lines, of which %(agrees)d as you did.",
        booked,
    ) % {"count": booked, "agrees": replay.agrees}
    if not replay.differs:
        return words
    look = ngettext("Look at the one that differs.", "Look at the %(count)d that differ.", replay.differs)
    return f"{words} {look % {'count': replay.differs}}"


def _rate(replay: Replay) -> int:
    """Return how many lines a second it looked at, over all."""
    taken = ((replay.finished_at or clock.now()) - replay.asked_at).total_seconds()
    return round(replay.looked_at / taken) if taken > 0 else 0


def _rows(replay: Replay, names: Mapping[int, str]) -> Iterator[tuple[str, Row]]:
    for one in replay.examples:
        if one["administration"] not in names:
            continue
        yield (
            one["kind"],
            Row(
                day=date.fromisoformat(one["date"]),
                administration=names[one["administration"]],
                supplier=one["supplier"],
                text=one["text"],
                amount=Decimal(one["amount"]),
                number=one["number"],
                invoice=one["invoice"],
                booked=_codes(one["booked"]),
                would=_codes(one["would"]),
                why=reason(one.get("why", "")),
                times=one.get("times", 1),
            ),
        )


def _codes(codes: Mapping[str, str]) -> str:
    return " / ".join(codes[name] or "-" for name in FIELDS if name in codes)
