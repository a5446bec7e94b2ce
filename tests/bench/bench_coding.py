"""Documents coded per second, with own CPU and queries for each, by how many rules the firm has.

    python tests/bench/bench_coding.py [--documents 100] [--rules 0 50 500] [--lines 5]

The documents are read before the clock starts; their supplier has 300 booked lines of history. Prints one JSON line.
On the database of DATABASE_URL, in a test database that is thrown away.
"""

import json
import os
import statistics
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

if TYPE_CHECKING:
    from apps.invoices.models import Invoice
    from tests.invoices.conftest import Books

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
HISTORY = 300


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--rules", type=int, nargs="+", default=[0, 50, 500])
    parser.add_argument("--lines", type=int, default=5)
    options = parser.parse_args()
    import django

    django.setup()
    from django.db import connections
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        books = _books()
        found = [measure(books, options.documents, options.lines, rules) for rules in options.rules]
        told = {"documents": options.documents, "lines": options.lines, "history": HISTORY, "with": found}
        print(json.dumps({"bench": "coding", "database": connections["default"].vendor, **told}))  # noqa: T201
    finally:
        runner.teardown_databases(databases)


def measure(books: "Books", documents: int, lines: int, rules: int) -> dict[str, Any]:
    """Return the figures for coding `documents` of so many `lines` while the firm has so many `rules`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from apps.invoices.coding import code
    from apps.invoices.models import State

    _rules(rules)
    waiting = [_read(f"{rules}-{place}", lines) for place in range(documents + 2)]
    code(waiting[0])  # builds what is kept per division
    with CaptureQueriesContext(connection) as queries:
        code(waiting[-1])
    seconds, cpu = [], time.process_time()
    started = time.perf_counter()
    for invoice in waiting[1:-1]:
        before = time.perf_counter()
        code(invoice)
        seconds.append(time.perf_counter() - before)
    whole = time.perf_counter() - started
    cpu = time.process_time() - cpu
    assert all(invoice.state == State.READY for invoice in waiting), waiting[0].detail
    return {
        "rules": rules,
        "per_second": round(documents / whole, 1),
        "median_ms": round(statistics.median(seconds) * 1000, 2),
        "own_cpu_ms": round(cpu / documents * 1000, 2),
        "queries": sum(not query["sql"].startswith(TRANSACTION) for query in queries),
    }


def _books() -> "Books":
    """Books whose supplier has no account on its card: every line is told by a rule or by history."""
    from datetime import date, timedelta

    from apps.core import clock
    from apps.exact.models import SyncState
    from tests.exact.factories import GLAccountFactory, LedgerLineFactory
    from tests.invoices.conftest import make_books

    books = make_books()
    books.supplier.gl_account_purchase = None
    books.supplier.save()
    for resource in (
        *("relations", "bank_accounts", "gl_accounts", "vat_codes", "cost_centers", "cost_units"),
        *("periods", "journal_statuses", "returns"),
    ):
        SyncState.objects.create(division=books.division, resource=resource, synced_at=clock.now())
    others = [GLAccountFactory(division=books.division, code=f"45{place:02}") for place in range(10)]
    for place in range(HISTORY):
        account = books.account if place % 3 else others[place % len(others)]
        LedgerLineFactory(
            division=books.division,
            relation=books.supplier.exact_id,
            type=30,
            line_number=1,
            gl_account=account.exact_id,
            gl_code=account.code,
            vat_code="V21",
            description="Touw, geslagen, per rol" if place % 3 else f"Levering {place} van de {place}e soort",
            date=date(2026, 8, 31) - timedelta(days=place),
        )
    return books


def _rules(count: int) -> None:
    """Make the firm's rules `count`: half about other suppliers, half about other texts of this one."""
    from apps.rules.models import BookingRule
    from tests.rules.factories import BookingRuleFactory

    for place in range(BookingRule.objects.count(), count):
        about = {"supplier_contains": f"bedrijf {place}"} if place % 2 else {"text": f"soort {place}"}
        BookingRuleFactory(**{"supplier_contains": "", **about}, gl_code="4500")


def _read(number: str, lines: int) -> "Invoice":
    from tests.invoices.conftest import read_in
    from tests.invoices.documents import xml

    found = read_in(xml(number=f"BENCH-{number}", lines=lines)).invoice
    assert found
    return found


if __name__ == "__main__":
    main()
