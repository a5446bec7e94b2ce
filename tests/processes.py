"""A world of its own for tests that need real processes: databases and data directory nobody else has."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
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

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that lives here."""
        places = {"DATA_DIR": str(self.data_dir), "DATABASE_URL": self.database_url, "SANDBOX": "1"}
        return {**os.environ, **places, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "config.settings"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `python *arguments` from the root of the repository, its output on pipes."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

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
    _copy_sqlite(connections["sandbox"].settings_dict["NAME"], data_dir / "sandbox.sqlite3")
    product = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        target = data_dir / "postkamer.sqlite3"
        _copy_sqlite(product["NAME"], target)
        yield Place(data_dir, f"sqlite:///{target}")
        return
    name = f"place_{uuid4().hex}"
    _on_server(product, "CREATE DATABASE {} TEMPLATE {}", name, product["NAME"])
    try:
        yield Place(
            data_dir, "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{name}".format(**product, name=name)
        )
    finally:
        _on_server(product, "DROP DATABASE {} WITH (FORCE)", name)


def _copy_sqlite(source: str, target: Path) -> None:
    with sqlite3.connect(source) as here, sqlite3.connect(target) as there:
        here.backup(there)
    here.close()
    there.close()


def _on_server(product: dict[str, Any], statement: str, *names: str) -> None:
    access = make_conninfo(
        dbname="postgres",
        host=product["HOST"],
        port=product["PORT"] or None,
        user=product["USER"],
        password=product["PASSWORD"] or None,
    )
    with psycopg.connect(access, autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
