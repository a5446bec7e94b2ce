"""Calls for a first and a steady nightly sync next to the least possible, and a first sync that is cut off.

    python tests/bench/bench_syncing.py [--relations 50000] [--lines 6000]

Prints one JSON line. On the database of DATABASE_URL, in a test database that is thrown away. The second part reads
many relations, with a process that dies in the middle, deletions, a division move, and the sandbox's truth beside it.
"""

import json
import os
import sys
import time
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

CODE, LARGE = 4_100_001, 4_100_002
RELATIONS = "crm/Accounts"


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--relations", type=int, default=50_000)
    parser.add_argument("--lines", type=int, default=6_000)
    arguments = parser.parse_args()
    import django

    django.setup()
    from django.db import connections
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        figures = measure(arguments.relations, arguments.lines)
        print(json.dumps({"bench": "syncing", "database": connections["default"].vendor, **figures}))  # noqa: T201
    finally:
        runner.teardown_databases(databases)


def measure(relations: int, lines: int) -> dict[str, Any]:
    """Return the figures of both parts."""
    from apps.exact import registration, signing_in
    from apps.exact.visitor import Visitor
    from apps.sandbox import seed, switches

    seed.reset()
    seed.add_division(CODE, relations=2_500, bank_share=0.5, lines=lines)
    seed.add_division(LARGE, relations=relations, bank_share=0)
    switches.change(minute_limit=1_000_000)
    switches.set_package(CODE, unlimited_days=True)
    switches.set_package(LARGE, unlimited_days=True)
    app = registration.default_app()
    signing_in.complete(Visitor().consent(signing_in.begin(app), divisions=[CODE, LARGE]))
    return {**usual(), "cut_off": cut_off()}


def usual() -> dict[str, Any]:
    """Return calls for each resource of a first sync and of a night in which little changed."""
    from apps.exact import mirror
    from apps.sandbox import time as sandbox_time
    from apps.sandbox.exact import store

    division = division_of(CODE)
    started = time.perf_counter()
    first = mirror.sync(division)
    seconds = time.perf_counter() - started
    sandbox_time.advance(timedelta(days=1))
    quiet = mirror.sync(division)
    sandbox_time.advance(timedelta(days=1))
    for path in (RELATIONS, "crm/BankAccounts", "financialtransaction/TransactionLines"):
        for row in store.rows(path, CODE).order_by("-key")[:5]:
            store.put(path, CODE, {**row.data, "Description": "changed"})
    night = mirror.sync(division)
    assert not [result for result in (*first, *quiet, *night) if result.trouble]
    over = {result.resource: result.calls for result in first if result.calls > least(result)}
    nightly = {result.resource: result.calls for result in (*quiet, *night) if result.calls > 1}
    return {
        "first": {result.resource: [result.calls, least(result), result.rows] for result in first},
        "first_calls": sum(result.calls for result in first),
        "first_least": sum(map(least, first)),
        "first_seconds": round(seconds, 2),
        "first_above_least": over,
        "quiet_night": {result.resource: result.calls for result in quiet},
        "quiet_night_calls": sum(result.calls for result in quiet),
        "busy_night_calls": sum(result.calls for result in night),
        "nightly_above_one": nightly,
    }


def least(result: Any) -> int:
    """Return the fewest calls in which Exact gives so many rows."""
    from apps.exact.resources import RESOURCES

    size = RESOURCES[result.resource].page_size
    return max(1, -(-result.rows // size)) if size else 1


def cut_off() -> dict[str, Any]:
    """Return what a crash in the middle of a first sync of many relations costs, and whether anything is wrong."""
    from apps.exact import mirror
    from apps.sandbox import calls, switches
    from apps.sandbox.exact import store

    division, started = division_of(LARGE), time.perf_counter()
    rows = store.rows(RELATIONS, LARGE).count()
    kept = die_in_the_middle(division, rows)
    goes_on = {result.resource: result for result in mirror.sync(division, ["relations", "deleted"])}
    pages = calls.count("sync/CRM/Accounts", division=LARGE)
    resumed = time.perf_counter() - started
    after_crash = wrong(LARGE)
    for row in store.rows(RELATIONS, LARGE).order_by("key")[: rows // 50]:
        switches.delete(RELATIONS, LARGE, row.key)
    deletions = {result.resource: result for result in mirror.sync(division, ["relations", "deleted"])}
    after_deletions = wrong(LARGE)
    switches.move_division(LARGE)
    mirror.restart(division)
    moved = {result.resource: result for result in mirror.sync(division, ["relations", "deleted"])}
    counts = (*after_crash.values(), *after_deletions.values(), *wrong(LARGE).values())
    assert not any(counts), "the mirror differs from the sandbox"
    assert pages <= -(-rows // 1000) + 1, "more than one page was read twice"
    return {
        "relations": rows,
        "pages_kept_before_the_crash": kept,
        "calls_after_it": goes_on["relations"].calls,
        "calls_in_all": pages,
        "least": -(-rows // 1000),
        "wrong_after_crash": after_crash,
        "deleted": deletions["deleted"].rows,
        "calls_for_deletions": deletions["deleted"].calls,
        "wrong_after_deletions": after_deletions,
        "calls_after_move": moved["relations"].calls,
        "wrong_after_move": wrong(LARGE),
        "seconds_first_sync": round(resumed, 2),
        "seconds": round(time.perf_counter() - started, 2),
    }


def die_in_the_middle(division: Any, rows: int) -> int:
    """Read until about half of the pages are kept and a further one is on its way; return how many are kept."""
    from apps.exact.budget import Purpose
    from apps.exact.client import Exact
    from apps.exact.passes import Pass
    from apps.exact.resources import RESOURCES

    one = Pass(Exact(division, Purpose.SYNC), division, RESOURCES["relations"])
    half = max(rows // 2000, 1)
    for number, page in enumerate(one._pages()):
        if number == half:  # answered, and then the process dies before it is kept
            return half
        one._keep(page)
    return half


def wrong(code: int) -> dict[str, int]:
    """Compare the mirror with the sandbox: rows missing, too much, double, different in name."""
    from apps.exact.models import Relation
    from apps.sandbox.exact import store

    truth = dict(store.rows(RELATIONS, code).values_list("key", "data__Name"))
    present = Relation.objects.filter(division__code=code)
    rows = [(str(key), name) for key, name in present.values_list("exact_id", "name")]
    ours = dict(rows)
    return {
        "missing": len(truth.keys() - ours.keys()),
        "too_much": len(ours.keys() - truth.keys()),
        "double": len(rows) - len(ours),
        "different": sum(truth[key].strip() != ours[key] for key in truth.keys() & ours.keys()),
    }


def division_of(code: int) -> Any:
    from apps.exact.models import Division

    return Division.objects.select_related("app", "connection__app").get(code=code)


if __name__ == "__main__":
    main()
