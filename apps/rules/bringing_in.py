"""The good rows of a list of rules stored, after a person saw what each would do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from apps.people.models import User
from apps.rules import ruling
from apps.rules.checking import APPLIED, Status, Verdict, check
from apps.rules.exchange import Line
from apps.rules.models import BookingRule

AT_ONCE = 500  # rules stored by one request


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a list: rules stored now, rows that others changed since it was shown, rows still to do."""

    applied: int
    moved: tuple[Verdict, ...]
    left: int


def bring_in(lines: Sequence[Line], shown: dict[int, list[str]], *, by: User) -> Done:
    """Store the good rows of a list that was shown before; `shown` are the marks that its rows had then.

    Every row is looked at anew, as `by` may see it now. One that would do something else than was shown is left and
    told; one that is the same by now was brought in already. At most AT_ONCE rows: the rest is left for the next call.
    """
    applied: list[Verdict] = []
    moved: list[Verdict] = []
    waiting: list[Verdict] = []
    for verdict in check(lines, by):
        before = shown.get(verdict.line.number, [""])
        if before[0] not in APPLIED or verdict.status is Status.SAME:
            continue
        if verdict.mark != before:
            moved.append(verdict)
        elif len(applied) >= AT_ONCE:
            waiting.append(verdict)
        else:
            (applied if _store(verdict, by) else moved).append(verdict)
    return Done(len(applied), tuple(moved), len(waiting))


def _store(verdict: Verdict, by: User) -> bool:
    """Store the rule of a row with its parts; False when somebody changed it in this very moment."""
    row, rule = verdict.row, verdict.rule
    if row is None or rule is None:
        return False
    with transaction.atomic():
        if row.pk is not None:
            same = BookingRule.objects.select_for_update().filter(pk=row.pk, changed_at=row.changed_at)
            if not same.exists():
                return False
        shares = rule.splits
        ruling.save(row, by=by, parts=lambda: ruling.set_parts(row, shares, by=by), why=_("from a list"))
    return True
