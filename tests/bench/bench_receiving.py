"""Documents kept, read, routed, matched and coded per second, with queries per document, beside bare inserts.

    python tests/bench/bench_receiving.py [--documents 300]

Prints one JSON line. On the database of DATABASE_URL, in a test database that is thrown away.
"""

import json
import os
import statistics
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")


TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--documents", type=int, default=300)
    documents = parser.parse_args().documents
    import django

    django.setup()
    from django.db import connections
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        figures = measure(documents)
        print(json.dumps({"bench": "receiving", "database": connections["default"].vendor, **figures}))  # noqa: T201
    finally:
        runner.teardown_databases(databases)


def measure(documents: int) -> dict[str, Any]:
    """Return the figures for `documents` copies of a sample invoice, each with a number of its own."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from apps.exact import registration, signing_in
    from apps.exact.visitor import Visitor
    from apps.invoices.demo import FIXTURES
    from apps.invoices.models import Invoice, State
    from apps.sandbox.models import Switches
    from apps.sandbox.seed import ensure
    from tests.flows.conftest import BAKERY, link

    ensure()
    Switches.objects.update(minute_limit=100_000)
    signing_in.complete(Visitor().consent(signing_in.begin(registration.default_app()), divisions=[BAKERY]))
    link(BAKERY)
    sample = (FIXTURES / "documents" / "01-zwaluw-bloem.xml").read_bytes()
    copies = [numbered(sample, place) for place in range(documents + 2)]
    work(copies[0], 0)  # builds what is kept per division
    with CaptureQueriesContext(connection) as queries:
        work(copies[-1], documents + 1)
    seconds, cpu = [], time.process_time()
    started = time.perf_counter()
    for place, content in enumerate(copies[1:-1], start=1):
        before = time.perf_counter()
        work(content, place)
        seconds.append(time.perf_counter() - before)
    whole = time.perf_counter() - started
    cpu = time.process_time() - cpu
    ready = Invoice.objects.filter(state=State.READY).count()
    assert ready == documents + 2, f"{ready} of {documents + 2} came to a booking"
    return {
        "documents": documents,
        "per_second": round(documents / whole, 1),
        "median_ms": round(statistics.median(seconds) * 1000, 2),
        "own_cpu_ms": round(cpu / documents * 1000, 2),
        "queries": sum(not query["sql"].startswith(TRANSACTION) for query in queries),
        "bare_inserts_ms": round(bare_inserts(documents) * 1000, 3),
    }


def work(content: bytes, place: int) -> None:
    """Do for one document what an upload and the worker do."""
    from apps.intake.keeping import keep
    from apps.invoices.processing import process

    process(keep([(f"{place}.xml", content)], channel="upload").pk)


def numbered(sample: bytes, place: int) -> bytes:
    """Return the sample with another invoice number."""
    start = sample.index(b"<cbc:ID>") + len(b"<cbc:ID>")
    end = sample.index(b"</cbc:ID>", start)
    return sample[:start] + f"BENCH-{place}".encode() + sample[end:]


def bare_inserts(times: int) -> float:
    """Return the median seconds of one committed insert of a small row: the yardstick of this disk."""
    from django.utils import timezone

    from apps.core.models import Heartbeat

    seconds = []
    for place in range(times):
        before = time.perf_counter()
        Heartbeat.objects.create(name=f"bench {place}", beat_at=timezone.now())
        seconds.append(time.perf_counter() - before)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
