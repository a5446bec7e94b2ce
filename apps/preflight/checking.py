"""One preflight: ask Exact what may be asked, judge what is known, and keep the points."""

from django.db.models import Q

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.exact import probing
from apps.exact.models import Division, SyncState
from apps.preflight.gathering import gather
from apps.preflight.levels import POOR, score_of
from apps.preflight.models import Preflight
from apps.preflight.points import points_of

CHECK = "apps.preflight.tasks.check"


def check(administration: Administration) -> Preflight:
    """Probe, judge and store; what Exact does not answer stays unknown. A person's wish is fulfilled by it."""
    kept, _made = Preflight.objects.get_or_create(administration=administration)
    asked_at = kept.asked_at
    division = (
        Division.objects.select_related("app", "connection").filter(administration=administration).first()
    )
    if division:
        probing.probe(division, by_hand=asked_at is not None)
    judge(administration)
    Preflight.objects.filter(pk=kept.pk, asked_at=asked_at).update(asked_at=None)
    kept.refresh_from_db()
    return kept


def judge(administration: Administration) -> None:
    """Judge what is known now, without a call, and store it."""
    points = points_of(gather(administration))
    Preflight.objects.update_or_create(
        administration=administration,
        defaults={
            "points": [point.kept for point in points],
            "score": score_of(points),
            "poor": sum(point.level == POOR for point in points),
            "checked_at": clock.now(),
        },
    )


def ask(administration: Administration) -> None:
    """Have it checked as soon as a worker has time, because a person wants it."""
    Preflight.objects.update_or_create(administration=administration, defaults={"asked_at": clock.now()})
    queue.ring(CHECK, administration.pk)


def never_checked(division: int) -> Administration | None:
    """Return the administration of a division whose first sync came to its end and that was never checked."""
    never = Q(preflight=None) | Q(preflight__checked_at=None)
    found: Administration | None = Administration.objects.filter(
        never, division=division, division__sync_plan__ended_at__isnull=False
    ).first()
    return found


def everything() -> list[int]:
    """Return the administrations that are linked, or were checked while they were; by primary key."""
    rows = Administration.objects.filter(Q(division__isnull=False) | Q(preflight__isnull=False))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def made_stale(division: int) -> list[int]:
    """Return the administrations to check now that a division was linked, unlinked or reached anew.

    That of the division, and those that are linked no more and were judged by their books. One whose mirrors are
    read for the first time is not judged by what others showed, and is checked at the end of that (`never_checked`).
    """
    unlinked = Preflight.objects.filter(administration__division=None).order_by("administration")
    found = [kept.administration_id for kept in unlinked if not kept.says_unlinked]
    if _is_mirrored(division):
        linked = Administration.objects.filter(division=division)
        return [*found, *linked.values_list("pk", flat=True)]
    here = Preflight.objects.filter(administration__division=division)
    here.update(points=[], score=None, poor=0, checked_at=None)
    return found


def _is_mirrored(division: int) -> bool:
    """Tell whether each mirror was read to its end, or refused."""
    states = SyncState.objects.filter(division=division)
    return states.exists() and not states.filter(synced_at=None, trouble="").exists()
