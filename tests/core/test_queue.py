import pytest
from django.db import transaction
from django_q.scheduler import scheduler
from pytest_django import Settings

from apps.core import clock, queue
from apps.core.queue import OrmQ, Schedule, ScheduledTask, Task

pytestmark = pytest.mark.django_db

CLOCK = ScheduledTask("Clock", "apps.core.tasks.tick", "* * * * *")
NIGHTLY = ScheduledTask("Nightly", "apps.core.tasks.prune", "30 2 * * *")


def _rung() -> list[tuple[str, tuple[object, ...]]]:
    return [(row.task["func"], row.task["args"]) for row in OrmQ.objects.order_by("pk")]


def _malformed(name: str) -> Schedule:
    return Schedule(
        name=name, func="apps.core.tasks.tick", args="'unclosed", schedule_type="O", next_run=clock.now()
    )


def test_a_bell_rings_a_task_with_ids() -> None:
    queue.ring("apps.core.tasks.beat", 7, 8)
    assert _rung() == [("apps.core.tasks.beat", (7, 8))]


def test_a_bell_by_name_reaches_whoever_the_settings_say(settings: Settings) -> None:
    settings.BELLS = {"parts_kept": ("apps.core.tasks.tick", "apps.core.tasks.prune")}
    queue.ring("parts_kept")
    assert _rung() == [("apps.core.tasks.tick", ()), ("apps.core.tasks.prune", ())]


def test_a_bell_rung_in_a_transaction_that_fails_was_never_rung() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue.ring("apps.core.tasks.beat")
        1 / 0  # noqa: B018
    assert _rung() == []


def test_installing_writes_each_schedule_once() -> None:
    queue.install([CLOCK, NIGHTLY])
    queue.install([CLOCK, NIGHTLY])
    assert sorted(Schedule.objects.values_list("name", "func", "cron")) == [
        ("Clock", "apps.core.tasks.tick", "* * * * *"),
        ("Nightly", "apps.core.tasks.prune", "30 2 * * *"),
    ]


def test_installing_again_does_not_start_the_wait_anew() -> None:
    queue.install([NIGHTLY])
    before = Schedule.objects.get().next_run
    queue.install([NIGHTLY])
    assert Schedule.objects.get().next_run == before


def test_a_changed_time_is_taken_over() -> None:
    queue.install([NIGHTLY])
    queue.install([ScheduledTask("Nightly", "apps.core.tasks.prune", "0 4 * * *")])
    schedule = Schedule.objects.get()
    assert schedule.cron == "0 4 * * *"
    assert clock.local_date(schedule.next_run) and schedule.next_run.astimezone(clock.DUTCH).hour == 4


def test_a_schedule_that_is_no_longer_meant_goes() -> None:
    queue.install([CLOCK, NIGHTLY])
    queue.install([CLOCK])
    assert [schedule.name for schedule in queue.schedules()] == ["Clock"]


def test_a_doubled_schedule_becomes_one() -> None:
    queue.install([CLOCK])
    Schedule.objects.create(name="Clock", func="apps.core.tasks.tick", schedule_type="C", cron="* * * * *")
    queue.install([CLOCK])
    assert Schedule.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["Clock", "somebody's own"])
def test_a_malformed_row_does_not_survive_installing(name: str) -> None:
    Schedule.objects.bulk_create([_malformed(name)])
    queue.install([CLOCK])
    Schedule.objects.update(next_run=clock.now())
    scheduler()
    assert _rung() == [("apps.core.tasks.tick", ())]


def _finished(number: int) -> Task:
    at = clock.now()
    return Task(id=f"{number:032}", name=str(number), func="f", started=at, stopped=at, success=True)


def test_pruning_keeps_the_newest_results() -> None:
    Task.objects.bulk_create(_finished(number) for number in range(10))
    assert queue.prune(keep=4) == 6
    assert sorted(Task.objects.values_list("name", flat=True)) == ["6", "7", "8", "9"]


def test_pruning_a_short_list_removes_nothing() -> None:
    Task.objects.bulk_create(_finished(number) for number in range(3))
    assert queue.prune(keep=4) == 0
    assert Task.objects.count() == 3
