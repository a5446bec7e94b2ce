"""/health/: whether the house stands, for whoever watches it. Tells no secret, so it asks no sign-in."""

import shutil
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache

from apps.core import heartbeat

SILENT = timedelta(minutes=5)
LEAST_DISK_MB = 500


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


def _pending_migrations() -> int:
    return len(_known_migrations() - set(MigrationRecorder(connection).applied_migrations()))


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else int(age.total_seconds())


def _is_beating(age: timedelta | None) -> bool:
    return age is not None and age < SILENT


@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well and 503 when not, with the facts: seconds, megabytes, counts; null is unknown."""
    disk = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    try:
        pending: int | None = _pending_migrations()
        worker, clock = heartbeat.age(heartbeat.WORKER), heartbeat.age(heartbeat.CLOCK)
        figures = {name: import_string(path)() for name, path in settings.HEALTH_FIGURES.items()}
    except (DatabaseError, InterfaceError):
        pending = worker = clock = None
        figures = dict.fromkeys(settings.HEALTH_FIGURES)
    ok = pending == 0 and _is_beating(worker) and _is_beating(clock) and disk >= LEAST_DISK_MB
    facts = {
        "ok": ok,
        "database": pending is not None,
        "pending_migrations": pending,
        "worker_beat_seconds": _seconds(worker),
        "schedule_beat_seconds": _seconds(clock),
        "disk_free_mb": disk,
        **figures,
    }
    return JsonResponse(facts, status=200 if ok else 503)
