"""The bell and the clock: the only module that imports django_q.

Nothing is promised here. A task may run twice, late or never; the rows it looks after say what is due.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django_q.models import OrmQ, Schedule, Task
from django_q.tasks import async_task

__all__ = ["OrmQ", "Schedule", "ScheduledTask", "Task", "install", "prune", "ring", "schedules"]


@dataclass(frozen=True)
class ScheduledTask:
    """A task that runs by itself: its name for people, the dotted path, and a cron line in local time."""

    name: str
    task: str
    cron: str


def ring(task: str, *ids: int | str) -> None:
    """Ask a worker to run `task` with `ids`, soon, and perhaps twice or never.

    `task` is a name in settings.BELLS, which may call several, or a dotted path. Inside a transaction the bell
    rings only if that commits. Ids only: arguments are readable in the admin.
    """
    for path in settings.BELLS.get(task, (task,)):
        async_task(path, *ids)


@transaction.atomic
def install(tasks: Iterable[ScheduledTask]) -> None:
    """Make the stored schedules equal to `tasks`; doubled, altered and foreign ones are removed."""
    names = set()
    for task in tasks:
        names.add(task.name)
        values = {"func": task.task, "schedule_type": Schedule.CRON, "cron": task.cron, "repeats": -1}
        values |= dict.fromkeys(
            ("args", "kwargs", "hook", "cluster")
        )  # one malformed row stops all schedules
        same_name = Schedule.objects.filter(name=task.name)
        if same_name.count() != 1 or not same_name.filter(**values).exists():
            same_name.delete()
            Schedule.objects.create(name=task.name, **values)
    Schedule.objects.exclude(name__in=names).delete()


def schedules() -> QuerySet[Schedule]:
    """Return the stored schedules, next to run first."""
    found: QuerySet[Schedule] = Schedule.objects.order_by("next_run")
    return found


def prune(*, keep: int = 5_000) -> int:
    """Delete the results of finished tasks beyond the newest `keep`; return how many went."""
    edge = Task.objects.order_by("-stopped").values_list("stopped", flat=True)[keep : keep + 1].first()
    return Task.objects.filter(stopped__lte=edge).delete()[0] if edge else 0
