"""When a division stands still: paused by a person, or halted because Exact refused the same several times in a row."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.core.causes import Cause
from apps.core.http import Temporary
from apps.exact.models import Division
from apps.people.models import User
from apps.posting import refusals
from apps.posting.models import Halt, Posting, PostingState

EQUAL_REFUSALS = (
    3  # of one kind in a row: then the fault is in a setting, and the next ones would meet it too
)


class Paused(Temporary):
    """Somebody paused the administration meanwhile: what was begun goes on when it is resumed."""


def is_paused(division: Division) -> bool:
    """Tell whether somebody paused the administration of `division`."""
    return Administration.objects.filter(division=division, paused_at__isnull=False).exists()


def halt_of(division: Division) -> Halt | None:
    """Return the halt of `division` that waits for a person, None when there is none."""
    return Halt.objects.filter(division=division, halted_at__isnull=False).first()


def standstill(division: Division) -> str:
    """Return why nothing may be sent to `division` now, in words; "" when it may."""
    if is_paused(division):
        return _("This administration is paused. Nothing is sent until somebody resumes it.")
    halt = halt_of(division)
    return halt.sentence if halt else ""


def go_on(halt: Halt, *, by: User) -> bool:
    """Let the division of `halt` go on at once; False when somebody else did already.

    Who did stands in the history of the administration.
    """
    rows = Halt.objects.filter(pk=halt.pk, halted_at__isnull=False)
    with transaction.atomic():
        if rows.update(halted_at=None, times=0) != 1:
            return False
        administration = Administration.objects.filter(division=halt.division_id).first()
        if administration:
            administration.remark(_("goes on after: %(words)s") % {"words": halt.words.strip()}, by=by)
        Posting.objects.filter(division=halt.division_id).open().update(next_attempt_at=clock.now(), words="")
        queue.ring("division_due", halt.division_id)
    return True


class Streak:
    """The equal refusals in a row of one division, kept over drains. Only the holder of its turn writes it."""

    def __init__(self, division: Division) -> None:
        self._division = division
        row = Halt.objects.filter(division=division).first()
        self.times, self._kind = (row.times, _kind(row.cause, row.words)) if row else (0, ("", ""))

    def note(self, posting: Posting) -> Halt | None:
        """Count what became of `posting`; return the halt when this was one refusal of a kind too many.

        A double is of its document alone and says nothing about those behind it.
        """
        if posting.state == PostingState.DONE and self.times:
            self.times = 0
            Halt.objects.filter(division=self._division).update(times=0)
        if posting.state != PostingState.REFUSED or posting.cause == Cause.POSSIBLE_DOUBLE:
            return None
        kind = _kind(posting.cause, posting.words)
        self.times = self.times + 1 if kind == self._kind else 1
        self._kind = kind
        return self._keep(posting, clock.now() if self.times >= EQUAL_REFUSALS else None)

    def _keep(self, posting: Posting, halted_at: datetime | None) -> Halt | None:
        values = {
            "cause": posting.cause,
            "words": posting.words,
            "times": self.times,
            "halted_at": halted_at,
        }
        halt, _made = Halt.objects.update_or_create(division=self._division, defaults=values)
        return halt if halted_at else None


def _kind(cause: str, words: str) -> tuple[str, str]:
    return cause, refusals.key_of(words)
