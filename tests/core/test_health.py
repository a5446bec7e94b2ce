import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from apps.core import tasks, views
from apps.sandbox import time as sandbox_time

pytestmark = pytest.mark.django_db


def test_all_is_well_while_worker_and_clock_beat(client: Client) -> None:
    tasks.beat()
    tasks.tick()
    answer = client.get("/health/")
    assert answer.status_code == 200
    facts = answer.json()
    assert facts["ok"] is facts["database"] is True
    assert facts["pending_migrations"] == 0
    assert facts["worker_beat_seconds"] < 60
    assert facts["schedule_beat_seconds"] < 60
    assert facts["disk_free_mb"] > 0


def test_it_needs_no_sign_in_and_is_never_cached(client: Client) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert "no-store" in answer["Cache-Control"]


def test_without_a_worker_it_is_not_well(client: Client) -> None:
    tasks.tick()
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["worker_beat_seconds"]) == (503, None)


def test_schedules_that_stand_still_show(client: Client) -> None:
    tasks.tick()
    sandbox_time.advance(600)
    tasks.beat()
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["schedule_beat_seconds"] >= 600


def test_a_migration_that_was_not_run_shows(client: Client) -> None:
    tasks.beat()
    tasks.tick()
    MigrationRecorder.Migration.objects.filter(app="core").delete()
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["pending_migrations"] >= 1


def test_a_full_disk_shows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks.beat()
    tasks.tick()
    monkeypatch.setattr(views, "LEAST_DISK_MB", 10**9)
    assert client.get("/health/").status_code == 503
