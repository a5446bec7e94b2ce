"""A world of its own for tests that need real processes: databases and data directory nobody else has."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.shared import ROOT


@dataclass(frozen=True)
class Place:
    """A migrated product with a filled sandbox, for processes started here."""

    data_dir: Path
    database_url: str
    started: "list[subprocess.Popen[str]]" = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that lives here."""
        places = {"DATA_DIR": str(self.data_dir), "DATABASE_URL": self.database_url, "SANDBOX": "1"}
        return {**os.environ, **places, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "config.settings"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `python *arguments` from the root of the repository, its output on pipes."""
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def end(self) -> None:
        """Kill what a test that failed left running: it would take the time of the next ones."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def run(self, *arguments: str, seconds: float = 120) -> str:
        """Run `python *arguments` and return what it printed; its errors fail the test."""
        process = self.start(*arguments)
        out, errors = process.communicate(timeout=seconds)
        assert process.returncode == 0, errors
        return out


@contextmanager
def place_at(data_dir: Path) -> Iterator[Place]:
    """Copy the empty, migrated databases of this test run to `data_dir`, and to a PostgreSQL database of its own."""
    connections.close_all()
    copy_sqlite(connections["sandbox"].settings_dict["NAME"], data_dir / "sandbox.sqlite3")
    with _database_at(data_dir) as url:
        place = Place(data_dir, url)
        try:
            yield place
        finally:
            place.end()


@contextmanager
def _database_at(data_dir: Path) -> Iterator[str]:
    product = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        target = data_dir / "postkamer.sqlite3"
        copy_sqlite(product["NAME"], target)
        yield f"sqlite:///{target}"
        return
    name = f"place_{uuid4().hex}"
    on_server("CREATE DATABASE {} TEMPLATE {}", name, product["NAME"])
    try:
        yield "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{name}".format(**product, name=name)
    finally:
        on_server("DROP DATABASE {} WITH (FORCE)", name)


def copy_sqlite(source: str, target: Path) -> None:
    """Make the file `target` what the database in the file `source` is, also while that is open."""
    with sqlite3.connect(source) as here, sqlite3.connect(target) as there:
        here.backup(there)
    here.close()
    there.close()


def on_server(statement: str, *names: str) -> None:
    """Run a statement about databases, its `{}` filled with `names`, on the PostgreSQL of the product."""
    product = connections["default"].settings_dict
    access = make_conninfo(
        dbname="postgres",
        host=product["HOST"],
        port=product["PORT"] or None,
        user=product["USER"],
        password=product["PASSWORD"] or None,
    )
    with psycopg.connect(access, autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
