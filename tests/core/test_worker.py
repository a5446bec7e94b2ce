"""Real worker processes on the test database; they are killed the hard way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from apps.core.models import Heartbeat
from apps.core.queue import Schedule, Task, ring
from config.schedules import SCHEDULES
from tests.shared import ROOT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc"),
]
PATIENCE = 60  # seconds; only a broken worker needs as many


def _until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.1)


def _members(group: int) -> dict[int, str]:
    """The living processes of a process group, each with its title."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            title = stat.with_name("cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_group) == group and state not in "ZX":
            found[int(stat.parent.name)] = title
    return found


def _has_ended(group: int) -> bool:
    return not _members(group)


def _beating_groups() -> set[int]:
    names = Heartbeat.objects.filter(name__startswith="worker ").values_list("name", flat=True)
    return {int(name.rpartition(" ")[2]) for name in names} - {os.getpgrp()}


def _database_url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    address = f"{values['HOST'] or '127.0.0.1'}:{values['PORT'] or 5432}"
    return f"postgres://{values['USER']}{password}@{address}/{values['NAME']}"


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A running `manage.py worker` whose cluster has beaten, with a short patience."""
    environment = {
        **os.environ,
        "DATABASE_URL": _database_url(),
        "DATA_DIR": str(tmp_path),
        "SANDBOX": "0",
        "SECRET_KEY": settings.SECRET_KEY,
        "TOKEN_KEYS": ",".join(settings.TOKEN_KEYS),
    }
    command = [sys.executable, "manage.py", "worker", "--stale", "6", "--grace", "20"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        _until(_beating_groups, "a first beat")
        yield process
        process.kill()
    for group in _beating_groups():
        _until(partial(_has_ended, group), "the end of the cluster")


def test_a_cluster_whose_idle_workers_were_killed_works_again(worker: subprocess.Popen[bytes]) -> None:
    (group,) = _beating_groups()
    idle = [pid for pid, title in _members(group).items() if title.rstrip().endswith("idle")]
    assert idle
    for pid in idle:
        os.kill(pid, signal.SIGKILL)
    _until(lambda: _beating_groups() - {group}, "a beat of a new cluster")
    assert not _members(group)
    ring("apps.core.tasks.tick")
    _until(lambda: Task.objects.filter(func="apps.core.tasks.tick", success=True).exists(), "a finished task")
    assert worker.poll() is None


def test_a_worker_told_to_stop_ends_everything(worker: subprocess.Popen[bytes]) -> None:
    (group,) = _beating_groups()
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert not _members(group)
    assert not _beating_groups()


def test_a_killed_supervisor_leaves_no_orphans(worker: subprocess.Popen[bytes]) -> None:
    (group,) = _beating_groups()
    assert len(_members(group)) >= 5
    worker.kill()
    _until(partial(_has_ended, group), "the end of the cluster")


def test_a_cluster_whose_leader_was_killed_is_replaced_whole(worker: subprocess.Popen[bytes]) -> None:
    (group,) = _beating_groups()
    os.kill(group, signal.SIGKILL)
    _until(lambda: _beating_groups() - {group}, "a beat of a new cluster")
    assert not _members(group)


def test_the_worker_installs_exactly_the_schedules(worker: subprocess.Popen[bytes]) -> None:
    assert set(Schedule.objects.values_list("name", "func", "cron")) == {
        (schedule.name, schedule.task, schedule.cron) for schedule in SCHEDULES
    }
