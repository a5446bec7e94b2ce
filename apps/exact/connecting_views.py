"""The page that shows the administrations being read that were linked last."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.exact import choosing
from apps.exact.choosing_views import CHOSEN, for_linkers, page_of
from apps.exact.losses import REMEDIES
from apps.exact.models import Division
from apps.exact.progress import progress_of
from apps.people.models import User


@for_linkers
def connecting(request: HttpRequest, user: User) -> HttpResponse:
    """Show how far each administration is read that was linked last; without such: those that are being read."""
    kept = request.session.get(CHOSEN) or {}
    mine = Division.objects.visible_to(user).exclude(administration=None)
    wanted = (
        mine.filter(pk__in=kept["linked"]) if kept.get("linked") else mine.filter(sync_plan__ended_at=None)
    )
    divisions = list(
        wanted.select_related("administration__client", "connection").order_by("administration__name")[
            : choosing.MOST
        ]
    )
    found = progress_of(divisions)
    rows = [(division, found[division.pk], _trouble(division)) for division in divisions]
    unread = [(progress, words) for _division, progress, words in rows if not progress.is_read]
    ends = [progress.pace.ends_at for progress, words in unread if progress.pace.ends_at and not words]
    context = {
        "title": _("Being connected"),
        "rows": rows,
        "refused": kept.get("refused", []),
        "read": len(rows) - len(unread),
        "is_going_on": any(not words for _progress, words in unread),
        "lines": sum(progress.rows for progress in found.values()),
        "calls": sum(progress.calls for progress in found.values()),
        "ends_at": max(ends, default=None),
        "at_least": any(progress.pace.at_least for progress, words in unread if not words),
    }
    return page_of(request, "admin/exact/connecting.html", context)


def _trouble(division: Division) -> str:
    """Return why nothing can be read of a division now, with what to do; "" when nothing stands in the way."""
    if division.connection is None:
        return _("No connection reaches this division. Sign in to Exact Online as a user who may open it.")
    remedy = REMEDIES.get(division.refused)
    return f"{remedy.sentence} {remedy.remedy}" if remedy else division.connection.sentences
