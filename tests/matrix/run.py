"""The fault matrix: every step of a delivery with every fault, over a PostgreSQL of its own. Prints one JSON line.

    python tests/matrix/run.py [--kinds invoices orders] [--documents 1000] [--divisions 20] [--workers 4]
                               [--times 1] [--every 1] [--seed 1]

So many documents and divisions of each kind. `--times`: how often each combination is armed; `--every 4`: only each
fourth of them. Without a seed the combinations come in order of their fault, which takes less time. Ends with 1 when
anything is not as it must be.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.matrix.cluster import Cluster, cluster, free_port, programs  # noqa: E402

LEASE = 30
KINDS = ("invoices", "orders")


def main() -> int:
    """Run what the arguments ask for; return the exit status."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))  # what was started is ended
    parser = ArgumentParser()
    sizes = {"documents": 1000, "divisions": 20, "workers": 4, "times": 1, "every": 1, "seed": 0}
    for name, value in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    asked = parser.parse_args()
    found = programs()
    if found is None:
        print(json.dumps({"skipped": "initdb of PostgreSQL is not on this machine"}))  # noqa: T201
        return 1
    with TemporaryDirectory() as folder, cluster(found) as made:
        port = free_port()
        os.environ |= _environment(folder, made, port, asked.workers)
        outcome = _play(asked, made, port)
    print(json.dumps(outcome))  # noqa: T201
    is_right = outcome["most_at_once_in_a_division"] == 1
    return int(not is_right or any(outcome[name] for name in ("wrong", "not_hit", "orphans")))


def _environment(folder: str, made: Cluster, port: int, workers: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": folder,
        "DATABASE_URL": made.url,
        "SANDBOX": "1",
        "EXACT_BASE_URL": f"http://127.0.0.1:{port}/sandbox/exact",
        "EMAIL_URL": "memorymail://",
        "LOG_LEVEL": "ERROR",
        "HOLD_BACK_MINUTES": "0",
        "DIVISION_LEASE_SECONDS": str(LEASE),
        "ROUNDS_AT_ONCE": str(workers),
        "DIVISIONS_AT_ONCE": "6",
    }


def _play(asked: Namespace, made: Cluster, port: int) -> dict[str, Any]:
    import django

    django.setup()
    from apps.core import clock
    from apps.sandbox import time as sandbox_time
    from tests.matrix import judging
    from tests.matrix.driver import Driver, Stuck
    from tests.matrix.workers import Workers

    sandbox_time.FRESH_SECONDS = 0.0
    _make_tables()
    begun = time.monotonic()
    with _desk(port):
        courses = _courses(asked)
        workers, started, set_up = Workers(asked.workers), clock.now(), time.monotonic() - begun
        driver, stuck = Driver(courses, workers, made, port), False
        try:
            driver.play()
        except Stuck:
            stuck = True
        finally:
            workers.end()
    hit = Counter(f"{course.kind}: {each.name}" for course in courses for each in course.had if each.is_hit)
    kinds = {course.kind.name: course.kind for course in courses}.values()
    names = {f"{kind}: {each.name}" for kind in kinds for each in kind.combinations(asked.every)}
    return {
        **vars(asked),
        "came_in": {
            kind.name: sum(kind.of(each.division).count() for each in courses if each.kind is kind)
            for kind in kinds
        },
        "orders_by_themselves": judging.by_themselves(courses),
        "combinations": len(names),
        "hits": hit.total(),
        "not_hit": sorted(names - hit.keys()),
        "kills": workers.kills,
        "restarts": made.restarts,
        "signed_in_again": driver.signed_in_again,
        "jumps_of_the_clock": driver.jumps,
        "sandbox_minutes": round((clock.now() - started).total_seconds() / 60),
        "most_at_once_in_a_division": workers.most_at_once(),
        "orphans": judging.orphans(courses),
        "wrong": [*(["stuck"] if stuck else []), *workers.failures(), *judging.wrong(courses)],
        "seconds_of_set_up": round(set_up),
        "seconds": round(time.monotonic() - begun),
        "hit": dict(hit),
    }


def _make_tables() -> None:
    """Make the tables as the models say: going through all migrations takes half a minute and changes nothing."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    for name in ("default", "sandbox"):
        call_command("migrate", database=name, verbosity=0, interactive=False, run_syncdb=True)


@contextmanager
def _desk(port: int) -> Iterator[None]:
    from apps.sandbox import seed

    seed.ensure()
    command = [sys.executable, str(ROOT / "tests/matrix/desk.py"), str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as desk:
        try:
            if not desk.stdout or desk.stdout.readline() != "serving\n":
                raise SystemExit("the sandbox does not serve")
            yield
        finally:
            desk.kill()


def _courses(asked: Namespace) -> list[Any]:
    """Found the firm, take everything in, and spread documents and combinations over the divisions of their kind."""
    from tests.matrix import firm
    from tests.matrix.driver import Course
    from tests.matrix.invoices import Invoices
    from tests.matrix.orders import Orders

    kinds = [kind for kind in (Invoices(), Orders()) if kind.name in asked.kinds]
    wanted = {kind.name: _wanted(kind, asked) for kind in kinds}
    bookkeeper, courses = firm.bookkeeper(), []
    for place, division in enumerate(firm.found([kind for kind in kinds for _ in range(asked.divisions)])):
        kind, number = kinds[place // asked.divisions], place % asked.divisions
        kind.take_in(division, len(range(number, asked.documents, asked.divisions)))
        to_come = wanted[kind.name][number :: asked.divisions]
        courses.append(Course(division, kind, to_come, kind.proposed(division), bookkeeper))
    return courses


def _wanted(kind: Any, asked: Namespace) -> list[Any]:
    wanted = [each for _time in range(asked.times) for each in kind.combinations(asked.every)]
    if asked.seed:
        random.Random(asked.seed).shuffle(wanted)  # noqa: S311 - the order need not be secret
    return wanted


if __name__ == "__main__":
    sys.exit(main())
