"""Calls for an invoice, use of a division's minute, and many divisions booked by 1, 2 and 4 worker processes.

    python tests/bench/bench_delivering.py [--waiting 200] [--divisions 20] [--invoices 40] [--workers 1 2 4]

Prints one JSON line; with `--divisions 50` it takes some ten minutes. The product is on PostgreSQL (DATABASE_URL, or a
server on loopback), in a database of its own that is thrown away; the sandbox is one SQLite file, answered inside the
workers. Its clock is moved on when everybody waits for the next minute, so a rate is of the sandbox's minutes.
`product_cpu_ms` is CPU of the workers, threads that wait and look included, less what their threads spent inside the
sandbox (`sandbox_cpu_ms`).
"""

import json
import os
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

BARE, WITH_PAGE, FIRST = 4_200_001, 4_200_002, 4_200_003
LIMIT, KEPT = 60, 3  # calls of a minute in a division, and those of them that are left to people
LEAST = 3  # document, original, entry; Exact has no batch
ENTRIES, LEDGER = "purchaseentry/PurchaseEntries", "sync/Financial/TransactionLines"


def main() -> None:
    parser = ArgumentParser()
    for name, value in (("waiting", 200), ("divisions", 20), ("invoices", 40)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--work", action="store_true", help="book until nothing is left (a worker)")
    asked = parser.parse_args()
    if asked.work:
        work()
        return
    server = server_url()
    if server is None:
        print(json.dumps({"bench": "delivering", "skipped": "no PostgreSQL found"}))  # noqa: T201
        return
    with tempfile.TemporaryDirectory() as folder, database(server) as url:
        at_once = str(max(asked.workers))
        os.environ |= {"DATABASE_URL": url, "DATA_DIR": folder, "ROUNDS_AT_ONCE": at_once, "RENDER_PDF": "0"}
        print(json.dumps({"bench": "delivering", "database": "postgresql", **measure(asked)}))  # noqa: T201


def measure(asked: Namespace) -> dict[str, Any]:
    """Return the figures of all parts."""
    make_tables()
    from django.conf import settings

    from apps.sandbox import calls
    from tests import batches

    begun = time.monotonic()
    waiting = one_division(BARE, asked.waiting, LEAST)
    settings.RENDER_PDF = True
    with_page = one_division(WITH_PAGE, asked.invoices, LEAST + 1)
    settings.RENDER_PDF = False
    codes = list(range(FIRST, FIRST + asked.divisions))
    batches.open_books(codes)
    runs = {str(workers): side_by_side(codes, asked.invoices, workers) for workers in asked.workers}
    return {
        "one_division": waiting,
        "with_a_rendered_page": with_page,
        "divisions": asked.divisions,
        "invoices_each": asked.invoices,
        "windows_allow_a_minute": asked.divisions * (LIMIT // LEAST),
        "windows_allow_a_minute_less_reserve": asked.divisions * ((LIMIT - KEPT) // LEAST),
        "workers": runs,
        "most_at_once_in_a_division": max(calls.most_at_once(code) for code in codes),
        "seconds": round(time.monotonic() - begun),
    }


def one_division(code: int, count: int, least: int) -> dict[str, Any]:
    """Book so many waiting invoices of one division, from the second second of a minute on."""
    from apps.core import clock
    from apps.invoices.delivering import deliver_due
    from apps.invoices.models import Invoice, State
    from apps.sandbox import time as sandbox_time
    from tests import batches

    (division,) = batches.open_books([code])
    invoices = batches.stack(division, count)
    sandbox_time.move_to(clock.now().replace(second=2, microsecond=0) + timedelta(minutes=1))
    newest = newest_call()
    while goes_on_at := deliver_due(division.pk):
        sandbox_time.move_to(max(goes_on_at, clock.now()))
    booked = Invoice.objects.filter(pk__in=[one.pk for one in invoices], state=State.DONE).count()
    assert booked == count, f"{booked} of {count} booked"
    return {"invoices": count, **calls_since(newest, code, count, least)}


def calls_since(newest: int, code: int, count: int, least: int) -> dict[str, Any]:
    """Return what the booking of `count` invoices took, beside the least that it can."""
    from apps.sandbox.models import Call

    made = Call.objects.filter(pk__gt=newest, division=code)
    paths = Counter(made.values_list("path", flat=True))
    ledger = paths.pop(LEDGER, 0)
    minutes = Counter(f"{moment:%H:%M}" for moment in made.values_list("at", flat=True))
    entries = Counter(f"{moment:%H:%M}" for moment in made.filter(path=ENTRIES).values_list("at", flat=True))
    complete = sorted(minutes)[:-1]  # in the last one nothing waits at its end
    full = [minutes[minute] for minute in complete]
    writes = sum(paths.values())
    return {
        "calls_an_invoice": round(writes / count, 3),
        "least_an_invoice": least,
        "ledger_calls": ledger,
        "minutes": len(minutes),
        "calls_of_full_minutes": full,
        "least_use_of_a_full_minute": round(min(full) / LIMIT, 3) if full else None,
        "use_of_full_minutes": round(sum(full) / LIMIT / len(full), 3) if full else None,
        "invoices_a_minute": round(sum(entries[minute] for minute in complete) / len(full), 1)
        if full
        else None,
        "windows_allow_a_minute": LIMIT // least,
        "windows_allow_a_minute_less_reserve": (LIMIT - KEPT) // least,
        "refused_429": made.filter(status=429).count(),
    }


def newest_call() -> int:
    """Return the key of the last call in the sandbox's log."""
    from apps.sandbox.models import Call

    return Call.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def side_by_side(codes: list[int], each: int, workers: int) -> dict[str, Any]:
    """Book `each` invoices of every division in so many processes, from the second second of a minute on."""
    from django.db import connections

    from apps.core import clock
    from apps.exact.models import Division
    from apps.sandbox import time as sandbox_time
    from tests import batches

    for division in Division.objects.select_related("administration").filter(code__in=codes):
        batches.stack(division, each)
    connections.close_all()
    command = [sys.executable, __file__, "--work"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(command, cwd=ROOT, **pipes) for _worker in range(workers)]  # type: ignore[call-overload]
    for worker in running:
        assert worker.stdout.readline() == "ready\n"
    newest = newest_call()
    sandbox_time.move_to(clock.now().replace(second=2, microsecond=0) + timedelta(minutes=1))
    begun_at, begun = clock.now(), time.monotonic()
    for worker in running:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    moves = move_on_while(lambda: any(worker.poll() is None for worker in running))
    minutes, seconds = (clock.now() - begun_at).total_seconds() / 60, time.monotonic() - begun
    told = [json.loads(worker.communicate()[0]) for worker in running]
    return {
        **share(told, len(codes) * each),
        **per_minute(newest, len(codes) * each, minutes),
        "seconds": round(seconds, 1),
        "moves_of_the_clock": moves,
    }


def move_on_while(goes_on: Any) -> int:
    """Move the clock to the next wanted moment whenever everybody waits for it; return how often that was."""
    moves = 0
    while goes_on():
        time.sleep(0.1)
        moment = awaited()
        if moment:
            from apps.sandbox import time as sandbox_time

            sandbox_time.move_to(moment)
            moves += 1
    return moves


def awaited() -> Any:
    """Return the moment that all work waits for; None while anybody is at work, or soon will be."""
    from django.db.models import Min

    from apps.core import clock
    from apps.exact.models import Division
    from apps.invoices.models import Invoice, State
    from apps.posting.models import Posting

    soon = clock.now() + timedelta(seconds=3)
    if Invoice.objects.filter(state=State.READY).exists():
        return None
    if Division.objects.filter(leased_until__gt=clock.now()).exists():
        return None
    moment = Posting.objects.open().aggregate(at=Min("next_attempt_at"))["at"]
    return moment if moment and moment > soon else None


def share(told: list[dict[str, float]], count: int) -> dict[str, Any]:
    """Return what the workers told, as shares of one invoice."""
    own = sum(worker["cpu"] - worker["sandbox"] for worker in told)
    return {
        "queries_an_invoice": round(sum(worker["queries"] for worker in told) / count, 1),
        "product_cpu_ms_an_invoice": round(own / count * 1000, 1),
        "sandbox_cpu_ms_an_invoice": round(sum(worker["sandbox"] for worker in told) / count * 1000, 1),
    }


def per_minute(newest: int, count: int, minutes: float) -> dict[str, Any]:
    """Return how many entries were made in all, in each minute of the sandbox, and with how many calls."""
    from apps.sandbox.models import Call

    made = Call.objects.filter(pk__gt=newest)
    entries = made.filter(path=ENTRIES, method="POST", status=201).values_list("at", flat=True)
    by_minute = Counter(f"{moment:%H:%M}" for moment in entries)
    booked = sum(by_minute.values())
    assert booked == count, f"{booked} of {count} booked"
    return {
        "invoices_a_minute": round(count / minutes),
        "invoices_of_each_minute": [by_minute[minute] for minute in sorted(by_minute)],
        "calls_an_invoice": round(made.exclude(path=LEDGER).filter(path__contains="/").count() / count, 3),
        "ledger_calls": made.filter(path=LEDGER).count(),
        "refused_429": made.filter(status=429).count(),
    }


def work() -> None:
    """Be a worker process: hold rounds until everything is booked, then tell what that took."""
    import django

    django.setup()
    from django.conf import settings

    from apps.core import clock
    from apps.invoices.models import Invoice, State
    from apps.invoices.tasks import deliver_round
    from tests.bench import metering

    settings.HTTP_MOUNT = "tests.bench.metering.MeteredSandbox"
    metering.count_queries()
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    cpu = time.process_time()
    while Invoice.objects.filter(state__in=(State.READY, State.POSTING, State.UNCERTAIN)).exists():
        deliver_round(stay=int(clock.now().timestamp()) + 1)
    print(json.dumps({"cpu": time.process_time() - cpu, **metering.figures()}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
