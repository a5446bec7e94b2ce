"""Many divisions of one connection synced by two worker processes, beside the busiest of them alone.

    python tests/bench/bench_side_by_side.py [--divisions 200] [--calls 6000] [--busiest 120] [--latency 250]

Prints one JSON line. The product is on PostgreSQL (DATABASE_URL, or a server on loopback), in a database of its own
that is thrown away; the sandbox is one SQLite file. Without a PostgreSQL it says so and ends. Takes about five minutes:
Exact allows 60 calls a minute in a division, so the busiest one takes two minutes whatever is done.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

from tests.bench.servers import database, make_tables, server_url  # noqa: E402

BUSIEST, ALONE, FIRST = 4_000_001, 4_000_002, 4_000_003


def main() -> None:
    parser = ArgumentParser()
    for name, value in (
        ("divisions", 200),
        ("calls", 6000),
        ("busiest", 120),
        ("latency", 250),
        ("workers", 2),
    ):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument(
        "--work", nargs="*", type=int, help="sync these divisions until they are done (a worker)"
    )
    asked = parser.parse_args()
    if asked.work:
        work(asked.work)
        return
    server = server_url()
    if server is None:
        print(json.dumps({"bench": "side_by_side", "skipped": "no PostgreSQL found"}))  # noqa: T201
        return
    with tempfile.TemporaryDirectory() as folder, database(server) as url:
        os.environ |= {"DATABASE_URL": url, "DATA_DIR": folder, "ROUNDS_AT_ONCE": str(asked.workers)}
        print(json.dumps({"bench": "side_by_side", **measure(asked)}))  # noqa: T201


def measure(asked: Namespace) -> dict[str, Any]:
    """Return the figures of both runs."""
    make_tables()
    from apps.sandbox import calls, switches

    codes = fill(asked)
    switches.change(latency_ms=asked.latency)
    alone = timed_run([ALONE], 1)
    together = timed_run([code for code in codes if code != ALONE], asked.workers)
    busiest = per_minute(BUSIEST)
    return {
        **{name: getattr(asked, name) for name in ("divisions", "workers", "latency")},
        "calls": together["calls"],
        "calls_of_busiest": sum(busiest.values()),
        "seconds_alone": alone["seconds"],
        "seconds_together": together["seconds"],
        "ratio": round(together["seconds"] / alone["seconds"], 2),
        "cpu_seconds": together["cpu"],
        "refused_429": calls.refused_429(),
        "most_at_once_in_a_division": max(calls.most_at_once(code) for code in codes),
        "most_at_once": calls.most_at_once(),
        "busiest_per_minute": [busiest[minute] for minute in sorted(busiest)],
    }


def fill(asked: Namespace) -> list[int]:
    """Fill the sandbox with divisions that take so many calls, connect and link them; return their codes."""
    from apps.core import clock
    from apps.exact import linking, registration, signing_in
    from apps.exact.models import Division, SyncPlan
    from apps.exact.visitor import Visitor
    from apps.sandbox import seed, switches

    seed.ensure()
    small = list(range(FIRST, FIRST + asked.divisions - 1))
    least = cost_of_nothing()
    spare = asked.calls - asked.busiest - len(small) * least
    each, more = divmod(max(spare, 0), len(small))
    for code in (BUSIEST, ALONE):
        seed.add_division(code, relations=relations_for(asked.busiest - least), bank_share=1)
    for place, code in enumerate(small):
        seed.add_division(code, relations=relations_for(each + (place < more)), bank_share=1)
    codes = [BUSIEST, ALONE, *small]
    switches.change(minute_limit=60)
    signing_in.complete(Visitor().consent(signing_in.begin(registration.default_app()), divisions=codes))
    for division in Division.objects.filter(code__in=codes).select_related("app", "connection"):
        linking.create_for(division)
    not_yet = clock.now() + timedelta(hours=20)
    SyncPlan.objects.all().delete()
    SyncPlan.objects.bulk_create([SyncPlan(division=each, due_at=not_yet) for each in Division.objects.all()])
    return codes


def relations_for(calls: int) -> int:
    """Return how many relations with a bank account each take `calls` calls more: pages of 1,000 and of 60."""
    relations = 1
    while calls > 0 and -(-relations // 1000) + -(-relations // 60) - 2 < calls:
        relations += 60
    return relations


def cost_of_nothing() -> int:
    """Return how many calls a first sync of a division without relations takes: found out, not assumed."""
    from apps.exact import linking, mirror, registration, signing_in
    from apps.exact.models import Division
    from apps.exact.visitor import Visitor
    from apps.sandbox import seed, switches

    probe = FIRST - 10
    switches.change(minute_limit=10_000)
    seed.add_division(probe)
    signing_in.complete(Visitor().consent(signing_in.begin(registration.default_app()), divisions=[probe]))
    division = Division.objects.select_related("app", "connection").get(code=probe)
    linking.create_for(division)
    calls = sum(result.calls for result in mirror.sync(division))
    Division.objects.filter(pk=division.pk).update(administration=None)
    return calls


def timed_run(codes: list[int], workers: int) -> dict[str, Any]:
    """Sync `codes` from the second second of a minute on, in so many processes; return seconds, calls and CPU."""
    from django.db import connections

    from apps.core import clock
    from apps.exact.models import SyncPlan
    from apps.sandbox import calls
    from apps.sandbox import time as sandbox_time

    sandbox_time.move_to(clock.now().replace(second=2, microsecond=0) + timedelta(minutes=1))
    due = clock.now() - timedelta(seconds=1)
    SyncPlan.objects.filter(division__code__in=codes).update(due_at=due)
    before = calls.count()
    connections.close_all()
    command = [sys.executable, __file__, "--work", *map(str, codes)]
    begun = time.monotonic()
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = [subprocess.Popen(command, cwd=ROOT) for _worker in range(workers)]
    failed = [worker.wait() for worker in running]
    if any(failed):
        raise SystemExit("a worker failed")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": round(time.monotonic() - begun, 1),
        "calls": calls.count() - before,
        "cpu": round(used.ru_utime + used.ru_stime - cpu.ru_utime - cpu.ru_stime, 1),
    }


def work(codes: list[int]) -> None:
    """Be a worker process: hold rounds until everything that is due was read to its end."""
    import django

    django.setup()
    from apps.core import clock
    from apps.exact import tasks
    from apps.exact.models import SyncPlan

    open_plans = SyncPlan.objects.filter(division__code__in=codes, ended_at=None)
    while open_plans.exists():
        tasks.sync_round(stay=int(clock.now().timestamp()) + 2)


def per_minute(code: int) -> Counter[str]:
    """Return how many calls the sandbox counted in each clock minute of one division."""
    from apps.sandbox.models import Call

    moments = Call.objects.filter(division=code, path__contains="/").values_list("at", flat=True)
    return Counter(f"{moment:%H:%M}" for moment in moments)


if __name__ == "__main__":
    main()
