"""Proof of life: the worker's clusters and the clock write a beat, the watchdog and /health/ read it."""

import os
import socket
from datetime import datetime, timedelta

from django.db.models import Max

from apps.core import clock
from apps.core.models import Heartbeat

WORKER = "worker"
CLOCK = "clock"


def worker_name(group: int) -> str:
    """Return the name under which the cluster beats whose process group is `group`, on this host."""
    return f"{WORKER} {socket.gethostname()[:30]} {group}"


def own_worker_name() -> str:
    """Return the name of the cluster that this process belongs to."""
    return worker_name(os.getpgrp())


def beat(name: str) -> None:
    """Write down that `name` is alive now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": clock.now()})


def last(name: str) -> datetime | None:
    """Return when `name` last beat, None when never."""
    return Heartbeat.objects.filter(name=name).values_list("beat_at", flat=True).first()


def age(kind: str) -> timedelta | None:
    """Return how long ago anything of `kind` (WORKER, CLOCK) last beat, None when never."""
    newest = Heartbeat.objects.filter(name__startswith=kind).aggregate(at=Max("beat_at"))["at"]
    return max(timedelta(), clock.now() - newest) if newest else None


def forget(name: str) -> None:
    """Remove the beat of a cluster that is no more."""
    Heartbeat.objects.filter(name=name).delete()


def prune(*, older_than: timedelta = timedelta(days=7)) -> int:
    """Remove beats of clusters that ended without a word; return how many."""
    return Heartbeat.objects.filter(beat_at__lt=clock.now() - older_than).delete()[0]
