"""Many processes use one connection for a long time of the sandbox, and are killed at random. Prints one JSON line.

Runs inside a place of its own (tests.processes): `driver.py <processes> <minutes>`. First act: nobody is killed
between sending a renewal and storing its pair, and nothing may be lost. Second act: somebody is.
"""

import json
import os
import random
import sys
import time as machine
from collections.abc import Callable
from typing import Any

import django

os.environ["EMAIL_URL"] = "memorymail://"
django.setup()

from django.core import mail  # noqa: E402
from django.db import connection as database  # noqa: E402
from django.utils import translation  # noqa: E402

from apps.core import clock, queue  # noqa: E402
from apps.exact import chain, connection_tasks, lookout, registration, signing_in  # noqa: E402
from apps.exact.models import Connection, ConnectionStatus  # noqa: E402
from apps.exact.visitor import Visitor  # noqa: E402
from apps.people.models import User  # noqa: E402
from apps.sandbox import calls, faults, time  # noqa: E402
from apps.sandbox.models import Fault  # noqa: E402
from tests.soak.askers import Askers  # noqa: E402

TOKEN = "oauth2/token"
STEP = 15  # seconds of the sandbox, a third of the lease of a renewal
TICK = 0.2  # seconds of the machine
KILL_EVERY = 4  # steps
OF_A_WORKER = {lookout.LOOK: connection_tasks.look_after, chain.TELL: connection_tasks.tell}


def sign_in(owner: User) -> Connection:
    """Go the whole way through the consent page."""
    consent = signing_in.begin(registration.default_app(), owner)
    return signing_in.complete(Visitor().consent(consent, divisions=[3100101]), owner)


def wait_for(what: Callable[[], Any], seconds: float = 30) -> bool:
    """Wait until `what` is true; tell whether it became so in time."""
    end = machine.monotonic() + seconds
    while machine.monotonic() < end:
        if what():
            return True
        machine.sleep(0.02)
    return False


def step(pk: int, seconds: float) -> None:
    """Let time pass when no renewal is under way: a jump of the clock would end its lease."""
    wait_for(lambda: not Connection.objects.filter(pk=pk, asked_at__isnull=False).exists(), seconds=3)
    time.advance(seconds)


def work() -> None:
    """Do what a worker would in this minute."""
    connection_tasks.watch_connections()
    for bell in queue.OrmQ.objects.order_by("pk"):
        task, keys = bell.func(), bell.task["args"]
        bell.delete()
        if task in OF_A_WORKER:
            OF_A_WORKER[task](*keys)


def first_act(pk: int, askers: Askers, seconds: int) -> dict[str, Any]:
    """Kill at random, but nobody between sending a renewal and storing its pair."""
    before, kills, unsound = calls.count(TOKEN), 0, 0
    choose = random.Random(20260801)  # noqa: S311 - who is killed need not be secret
    for number in range(seconds // STEP):
        step(pk, STEP)
        if number % KILL_EVERY == 0:
            machine.sleep(choose.random() * TICK)  # also while the others wait for a renewal
            kills += askers.kill(choose.choice(askers.numbers), unless_renewing=True)
            askers.fill()
        machine.sleep(TICK)
        unsound += Connection.objects.filter(pk=pk).exclude(status=ConnectionStatus.ALIVE).exists()
    words = askers.words()
    return {
        "calls": words.total(),
        "calls_ok": words["ok"],
        "calls_put_off": words["Temporary"],
        "calls_refused": words.total() - words["ok"] - words["Temporary"],
        "kills": kills,
        "renewals": calls.count(TOKEN, status=200) - before,
        "renewals_refused": calls.count(TOKEN, status__gte=400) + calls.count(TOKEN, status=0),
        "times_seen_unsound": unsound,
    }


def second_act(owner: User, pk: int, askers: Askers) -> dict[str, Any]:
    """Kill somebody between sending and storing: it is told at once, and signing in again mends everything."""
    askers.kill_all()
    lone = Askers(pk, 1)
    faults.arm("stall_answer", path=TOKEN, seconds=60)
    time.advance(600)
    lone.fill()
    sent = wait_for(lambda: Fault.objects.filter(times=0).exists() and Connection.objects.get(pk=pk).asked_at)
    machine.sleep(1)  # Exact has renewed by now, and only the answer is missing
    lone.kill(lone.numbers[0])
    killed_at = clock.now()
    askers.fill()
    lost = Connection.objects.get(pk=pk)
    while (clock.now() - killed_at).total_seconds() < 300 and not (lost.told_at and lost.status == "lost"):
        machine.sleep(TICK)
        time.advance(STEP)
        work()
        lost = Connection.objects.get(pk=pk)
    sign_in(owner)
    resumed = wait_for(lambda: set(askers.last_words()) == {"ok"})
    return {
        "sent_and_killed": sent,
        "seconds_until_told": round((lost.told_at - killed_at).total_seconds()) if lost.told_at else None,
        "status": lost.status,
        "loss": lost.loss,
        "remedy_told": bool(lost.remedy)
        and str(lost.remedy.remedy if lost.remedy else "") in mail.outbox[-1].body,
        "resumed_after_signing_in": resumed,
        "status_then": Connection.objects.get(pk=pk).status,
    }


def main(processes: int, minutes: int) -> None:
    """Play both acts."""
    mail.outbox = []
    owner = User.objects.create_superuser("owner@example.com", "a password", language="en")
    pk = sign_in(owner).pk
    queue.OrmQ.objects.all().delete()
    askers = Askers(pk, processes)
    begun = machine.monotonic()
    with translation.override("en"):
        askers.fill()
        try:
            first = first_act(pk, askers, minutes * 60)
            second = second_act(owner, pk, askers)
        finally:
            for number in askers.numbers:
                askers.kill(number)
    size = {"processes": processes, "minutes": minutes, "database": database.vendor}
    outcome = {**size, **first, "killed_in_between": second, "seconds": round(machine.monotonic() - begun)}
    print(json.dumps(outcome))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
