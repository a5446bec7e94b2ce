"""Which channels have gone quiet: looked for each day, told until something comes in again or somebody knows."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models.functions import TruncDate

from apps.clients.models import Administration
from apps.core import clock
from apps.intake.habit import LOOKS_BACK, habit_of
from apps.intake.models import Channel, Part, Silence

DOORS = (Channel.PEPPOL, Channel.MAIL, Channel.FOLDER)  # uploads and commands are people's own acts
SHOWN_FOR = timedelta(days=90)
Line = tuple[str, int | None]  # channel, administration (None: all of the firm)


def listen() -> int:
    """Look which channels are quiet against their habit; keep and end the rows, and return how many are quiet.

    Per administration, and for each channel as a whole: a dead mailbox silences them all. One that lasts longer
    than is looked back stays, for nothing came since.
    """
    today = clock.today()
    arrivals = _arrivals(today)
    for silence in Silence.objects.all():
        if any(
            day > silence.last_on for day in arrivals.get((silence.channel, silence.administration_id), ())
        ):
            silence.delete()
    quiet = 0
    for (channel, administration), days in arrivals.items():
        habit = habit_of(days, today)
        if habit and habit.is_broken:
            quiet += 1
            line: dict[str, Any] = {"channel": channel, "administration_id": administration}
            values = {"last_on": habit.last_on, "habit_days": habit.longest, "noticed_at": clock.now()}
            Silence.objects.get_or_create(**line, defaults=values)
    return quiet


def known_to(silence: Silence, who: str) -> bool:
    """Note that somebody knows of this silence: it is told no longer. False when it ended meanwhile."""
    return Silence.objects.filter(pk=silence.pk).update(quieted_by=who[:150]) == 1


def _arrivals(today: date) -> dict[Line, set[date]]:
    """Return the Dutch days on which something came in, per channel and administration; one query."""
    since = datetime.combine(today - 2 * LOOKS_BACK, time.min, tzinfo=clock.DUTCH)
    rows = (
        Part.objects.filter(receipt__received_at__gte=since, receipt__channel__in=DOORS)
        .annotate(day=TruncDate("receipt__received_at", tzinfo=clock.DUTCH))
        .values_list("receipt__channel", "administration", "day")
        .order_by()
        .distinct()
    )
    found: dict[Line, set[date]] = defaultdict(set)
    for channel, administration, day in rows:
        found[channel, None].add(day)
        if administration is not None:
            found[channel, administration].add(day)
    paused = set(Administration.objects.exclude(paused_at=None).values_list("pk", flat=True))
    return {line: days for line, days in found.items() if line[1] not in paused}


def told(user: Any) -> list[Silence]:
    """Return the silences that `user` sees and nobody knows of yet, the longest first."""
    rows = Silence.objects.visible_to(user).filter(quieted_by="", last_on__gte=clock.today() - SHOWN_FOR)
    return list(rows.select_related("administration__client").order_by("last_on", "pk"))
