"""Long runs, on the database of DATABASE_URL. Each prints JSON lines; a wrong in one makes the end unhappy.

    run.py                          both
    run.py --only chain             an hour of the sandbox: 20 processes on one connection (--processes, --minutes)
    run.py --only deliveries        20,000 postings in worlds of some hundreds (--postings, --size, --first)
    run.py --seed 123 [--size 500]  one world of the deliveries again

A world is one process with databases of its own; two run at a time. Its seed is printed before it begins.
"""

import json
import os
import secrets
import sys
import tempfile
import threading
from argparse import ArgumentParser, Namespace
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django

SIDE_BY_SIDE = 2
_making = threading.Lock()


def main() -> int:
    """Run what was asked for; return 1 when something is wrong."""
    parser = ArgumentParser()
    parser.add_argument("--only", choices=["chain", "deliveries"])
    for name, value in (("processes", 20), ("minutes", 60), ("postings", 20_000), ("size", 500)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--first", type=int, help="the first seed; the others follow it")
    parser.add_argument("--seed", type=int, help="one world alone")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "PYTHONHASHSEED": "0"}
        django.setup()

        from django.db import connections
        from django.test.utils import setup_databases, setup_test_environment, teardown_databases

        from apps.sandbox import seed

        setup_test_environment()
        made = setup_databases(0, interactive=False)
        try:
            seed.reset()
            connections.close_all()
            return run(asked, Path(folder))
        finally:
            teardown_databases(made, 0)


def run(asked: Namespace, folder: Path) -> int:
    """Run the chain, the deliveries, or both."""
    if asked.seed is not None:
        return deliveries([asked.seed], asked.size, folder)
    wrong = 0
    if asked.only != "deliveries":
        say(in_place(folder / "chain", "tests/soak/driver.py", asked.processes, asked.minutes))
    if asked.only != "chain":
        first = secrets.randbelow(10**6) if asked.first is None else asked.first
        wrong = deliveries(range(first, first + -(-asked.postings // asked.size)), asked.size, folder)
    return wrong


def deliveries(seeds: Any, size: int, folder: Path) -> int:
    """Live the worlds of `seeds`, some at a time, and sum up; return 1 when anything is wrong."""

    def live(seed: int) -> dict[str, Any]:
        say({"seed": seed, "begins": True, "again": f'make soak ARGS="--seed {seed} --size {size}"'})
        found = in_place(folder / str(seed), "tests/soak/world.py", seed, size)
        say(found)
        return found

    with ThreadPoolExecutor(SIDE_BY_SIDE) as hands:
        worlds = list(hands.map(live, seeds))
    happened: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for world in worlds:
        happened.update(world["happened"])
        states.update(world["states"])
    unhappy = [world["seed"] for world in worlds if world["wrong"]]
    summary = {
        "soak": "deliveries",
        "database": worlds[0]["database"],
        "worlds": len(worlds),
        "postings": sum(world["postings"] for world in worlds),
        "states": dict(states),
        "wrong_seeds": unhappy,
        "wrong": sum(len(world["wrong"]) for world in worlds),
        "orphans": sum(len(world["orphans"]) for world in worlds),
        "doubles_refused_by_exact": sum(world["doubles_refused_by_exact"] for world in worlds),
        "waited_for_a_person": sum(world["waited_for_a_person"] for world in worlds),
        "happened": dict(sorted(happened.items())),
    }
    say(summary)
    return 1 if unhappy else 0


def in_place(folder: Path, script: str, *values: int) -> dict[str, Any]:
    """Run a script of a soak in a place of its own and return the JSON that it printed."""
    from tests.processes import place_at

    folder.mkdir()
    with ExitStack() as stack:
        with _making:  # the databases to copy are one for all
            place = stack.enter_context(place_at(folder))
        found: dict[str, Any] = json.loads(place.run(script, *map(str, values), seconds=1800))
    return found


def say(line: dict[str, Any]) -> None:
    """Print one line of JSON at once."""
    print(json.dumps(line), flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
