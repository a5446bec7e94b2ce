from datetime import timedelta

import pytest

from apps.core import heartbeat, tasks
from apps.core.models import Heartbeat
from apps.sandbox import time as sandbox_time

pytestmark = pytest.mark.django_db


def test_what_never_beat_has_no_age() -> None:
    assert heartbeat.age(heartbeat.WORKER) is None
    assert heartbeat.last("worker x 1") is None


def test_the_youngest_of_all_clusters_counts() -> None:
    heartbeat.beat("worker one 1")
    sandbox_time.advance(600)
    heartbeat.beat("worker two 2")
    assert (heartbeat.age(heartbeat.WORKER) or timedelta.max) < timedelta(minutes=1)


def test_a_cluster_beats_under_its_own_name() -> None:
    tasks.beat()
    assert heartbeat.last(heartbeat.own_worker_name())


def test_a_clock_that_was_set_back_gives_no_negative_age() -> None:
    sandbox_time.advance(600)
    tasks.tick()
    sandbox_time.advance(-600)
    assert heartbeat.age(heartbeat.CLOCK) == timedelta()


def test_pruning_forgets_clusters_long_gone() -> None:
    heartbeat.beat("worker old 1")
    sandbox_time.advance(8 * 86_400)
    tasks.tick()
    tasks.prune()
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["clock"]
