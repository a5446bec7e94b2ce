"""Receipts by every door, with faults, while workers are killed: the books of parts must balance. Prints one JSON line.

    python tests/doors/run.py [--receipts 10000] [--faults 5] [--workers 2] [--seed 1]

`--faults`: of a hundred arrivals; of the lines to the mail server five times as many are cut. Needs Debian's
dovecot-imapd, and for a database of its own the programs of PostgreSQL; without these it runs on SQLite. Ends with 1
when anything is wrong.
"""

import json
import os
import random
import signal
import sys
import time
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.matrix.cluster import cluster, programs  # noqa: E402


def main() -> int:
    """Run what the arguments ask for; return the exit status."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))  # what was started is ended
    parser = ArgumentParser()
    for name, value in {"receipts": 10_000, "faults": 5, "workers": 2, "seed": 1}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--sqlite", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        found = None if asked.sqlite else programs()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": folder,
            "DATABASE_URL": stack.enter_context(cluster(found)).url if found else "",
            "SANDBOX": "1",
            "EMAIL_URL": "memorymail://",
            "LOG_LEVEL": "ERROR",
            "FOLDER_SETTLE_SECONDS": "0",
            "ECONNECT_REMOVE_AFTER_DAYS": "0",
            "ECONNECT_INVOICE_FORMAT": "",  # as it was sent, so that the bytes tell what came in
            "ECONNECT_MAIL_HOOK": "post@kantoor.example",
        }
        if not found:
            del os.environ["DATABASE_URL"]
        outcome = _play(asked, Path(folder))
    print(json.dumps(outcome))  # noqa: T201
    return int(bool(outcome["wrong"]))


def _play(asked: Namespace, folder: Path) -> dict[str, Any]:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    from apps.core import clock
    from apps.intake import mailboxes
    from apps.sandbox import seed
    from apps.sandbox import time as sandbox_time
    from tests import dovecot
    from tests.doors import judging, plan, world
    from tests.doors.driver import Driver, Stuck
    from tests.doors.proxy import BreakingLine
    from tests.doors.workers import Workers
    from tests.matrix.run import _make_tables as make_tables

    setup_test_environment()
    sandbox_time.FRESH_SECONDS = 0.0
    mailboxes.IN_TROUBLE = mailboxes.IN_TROUBLE * 0  # a cut line is tried again at once
    make_tables()
    seed.ensure()
    dice, begun, started = random.Random(asked.seed), time.monotonic(), clock.now()  # noqa: S311
    meant = plan.make(asked.receipts, faults=asked.faults, seed=asked.seed)
    with dovecot.running() as server:
        share = min(asked.faults / 20, 0.5)  # there are few lines: each takes many mails
        line = BreakingLine(server.port, share=share, dice=dice)
        administrations = world.found(line.port, dovecot.PASSWORD)
        workers = Workers(asked.workers, folder / "workers.log")
        driver, stuck = Driver(meant, administrations, server, workers, dice), dict[str, int]()
        try:
            driver.play()
            line.mend()  # or the last look at the mailbox is the one that was cut
            driver.wait()
        except Stuck:
            stuck = driver.left()
        finally:
            workers.end()
    errors = [line for line in (folder / "workers.log").read_text().splitlines() if " ERROR " in line]
    wrong = judging.wrong(meant, extra_receipts=driver.announcements)
    books = judging.books().total
    return {
        **vars(asked),
        "database": connection.vendor,
        "parts": books.parts,
        "outcomes": dict(books.outcomes),
        "announcements": driver.announcements,
        "faults_had": dict(driver.faults),
        "lines_cut": line.cut,
        "kills": workers.kills,
        "seconds_of_doors": {name: round(seconds) for name, seconds in driver.seconds.items()},
        "left": stuck,
        "wrong": [*(["stuck"] if stuck else []), *wrong],
        "errors": errors[:20],
        "sandbox_minutes": round((clock.now() - started).total_seconds() / 60),
        "seconds": round(time.monotonic() - begun),
    }


if __name__ == "__main__":
    sys.exit(main())
