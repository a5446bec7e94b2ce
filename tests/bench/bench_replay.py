"""One rule replayed over 50,000 booked lines of a ledger: how fast, with how many queries, in how much memory.

python tests/bench/bench_replay.py [--lines 50000] [--suppliers 400] [--rules 60]
"""

import argparse
import json
import os
import random
import resource
import sys
import time
import uuid
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
BATCH = 1_000
ACCOUNTS = ("4000", "4100", "4300", "4510", "4600", "7000")
TEXTS = (
    "Abonnement internet",
    "Kantoorartikelen",
    "Onderhoud kopieerapparaat",
    "Huur",
    "Brandstof",
    "Telefonie",
)


def _fill(lines: int, suppliers: int, rules: int, seed: int) -> Any:
    """Make a division with a year of ledger lines of two to an entry; return its administration."""
    from apps.core import clock
    from apps.exact.models import GLAccount, LedgerLine, Relation
    from apps.rules.models import BookingRule
    from tests.clients.factories import AdministrationFactory
    from tests.exact.factories import DivisionFactory

    draw, today = random.Random(seed), clock.today()  # noqa: S311
    division = DivisionFactory(administration=AdministrationFactory(name="Bench B.V."))
    accounts = [GLAccount(division=division, exact_id=uuid.uuid4(), code=code, type=121) for code in ACCOUNTS]
    GLAccount.objects.bulk_create(accounts)
    cards = [
        Relation(
            division=division, exact_id=uuid.uuid4(), code=str(n), name=f"Supplier {n} B.V.", is_supplier=True
        )
        for n in range(suppliers)
    ]
    Relation.objects.bulk_create(cards)
    BookingRule.objects.bulk_create(
        BookingRule(name=f"Rule {n}", supplier_code=str(n), gl_code=draw.choice(ACCOUNTS))
        for n in range(rules)
    )
    for start in range(0, lines, BATCH):
        numbers = range(start, min(start + BATCH, lines))
        LedgerLine.objects.bulk_create(
            _line(draw, division, number, draw.choice(accounts), draw.choice(cards), today)
            for number in numbers
        )
    return division.administration


def _line(draw: random.Random, division: Any, number: int, account: Any, card: Any, today: date) -> Any:
    from apps.exact.models import LedgerLine

    return LedgerLine(
        division=division,
        exact_id=uuid.uuid4(),
        entry_id=uuid.UUID(int=number // 2),
        entry_number=number // 2,
        line_number=1 + number % 2,
        type=30,
        relation=card.exact_id,
        gl_account=account.exact_id,
        gl_code=account.code,
        date=today - timedelta(days=draw.randrange(360)),
        description=f"{draw.choice(TEXTS)} {number}",
        amount=Decimal(draw.randrange(100, 99_999)) / 100,
    )


def _watch(replay: Any, steps: list[float]) -> Any:
    """Return a way to keep a chunk that notes how far it is, in per cents."""
    kept = replay._write

    def write(row: Any, lease: Any, **values: Any) -> bool:
        if "looked_at" in values and row.total is None:
            row.refresh_from_db(fields=["total"])
        if "looked_at" in values:
            steps.append(round(100 * values["looked_at"] / (row.total or 1), 1))
        done: bool = kept(row, lease, **values)
        return done

    return write


def _measure(options: argparse.Namespace) -> dict[str, Any]:
    from apps.invoices import replay
    from apps.rules.models import BookingRule, Replay
    from apps.rules.replay_spec import spec_of
    from tests.bench import metering
    from tests.people.factories import UserFactory

    metering.watch_open_connections()
    administration = _fill(options.lines, options.suppliers, options.rules, options.seed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    user = UserFactory(is_superuser=True)
    rule = BookingRule(name="Internet", supplier_contains="supplier 1", text="internet", gl_code="4510")
    asked = replay.ask(spec_of(rule, []), rule=None, by=user)
    steps: list[float] = []
    replay._write = _watch(replay, steps)
    queries, began = metering.figures()["queries"], time.perf_counter()
    while Replay.objects.get(pk=asked.pk).finished_at is None:
        replay.run(asked.pk)
    taken = time.perf_counter() - began
    done = Replay.objects.get(pk=asked.pk)
    return {
        "administration": administration.name,
        "lines": done.looked_at,
        "seconds": round(taken, 2),
        "lines_a_second": round(done.looked_at / taken),
        "queries": round(metering.figures()["queries"] - queries - len(steps)),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peak_mib_before": round(before / 1024),
        "progress_steps": len(steps),
        "first_steps_percent": steps[:5],
        "found": {name: getattr(done, name) for name in ("agrees", "differs", "changes", "cannot_say")},
    }


def main() -> None:
    """Measure in a test database that is thrown away and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--suppliers", type=int, default=400)
    parser.add_argument("--rules", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    import django

    django.setup()
    from django.db import connections
    from django.test.runner import DiscoverRunner

    from tests.bench import metering

    metering.count_queries()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        figures = {"bench": "replay", "database": connections["default"].vendor, **_measure(options)}
        print(json.dumps(figures))  # noqa: T201
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
