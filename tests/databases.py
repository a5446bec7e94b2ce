"""The databases of a test run: migrated once, in a process of its own, and copied for each worker of pytest-xdist."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.db import connections

from tests.processes import Place, copy_sqlite, on_server

# Going through all migrations takes half a minute, in a traced process a whole one. In the sandbox's database only
# its own do anything: those of the other apps are noted there as done, as `migrate` without a name would.
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
from apps.sandbox import seed
call_command("migrate", database="default", verbosity=0, interactive=False)
call_command("migrate", "sandbox", database="sandbox", verbosity=0, interactive=False)
call_command("migrate", database="sandbox", fake=True, verbosity=0, interactive=False)
seed.ensure()
"""


def are_there() -> bool:
    """Tell whether an earlier run kept test databases for this process: by the sandbox's file."""
    return Path(_name_of("sandbox")).exists()


@contextmanager
def copied(shared: Path) -> Iterator[None]:
    """Make this process's test databases out of the migrated ones in `shared`, which the first that asks makes.

    `shared` is a folder that all workers of this run have in common, and no other run. While one worker makes
    them the others wait; who made them throws away what is not in that folder.
    """
    with _alone(shared):
        is_maker = not (shared / "made").exists()
        if is_maker:
            (shared / "made").write_text(_make(shared / "migrated"))
        migrated = (shared / "made").read_text()
        _copy(shared / "migrated", migrated)
    yield
    if is_maker:
        with _alone(shared):
            (shared / "made").unlink()
            _drop(migrated)


@contextmanager
def _alone(shared: Path) -> Iterator[None]:
    with (shared / "databases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_sqlite() -> bool:
    return connections["default"].vendor == "sqlite"


def _name_of(alias: str) -> str:
    """Return what Django calls the test database of this worker: a file, or a name on the server."""
    known = connections[alias].settings_dict
    return str(known["TEST"]["NAME"] or f"test_{known['NAME']}")


def _make(folder: Path) -> str:
    """Migrate both databases in `folder`, or on the server; return the product's file, or its name there."""
    folder.mkdir(exist_ok=True)
    name = str(folder / "postkamer.sqlite3") if _is_sqlite() else f"migrated_{uuid4().hex}"
    url = f"sqlite:///{name}"
    if not _is_sqlite():
        on_server("CREATE DATABASE {}", name)
        url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{name}".format(
            **connections["default"].settings_dict, name=name
        )
    Place(folder, url).run("-c", MIGRATE, seconds=600)
    return name


def _copy(folder: Path, migrated: str) -> None:
    own = _name_of("default")
    copy_sqlite(str(folder / "sandbox.sqlite3"), Path(_name_of("sandbox")))
    if _is_sqlite():
        copy_sqlite(migrated, Path(own))
    else:
        on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", own)
        on_server("CREATE DATABASE {} TEMPLATE {}", own, migrated)


def _drop(migrated: str) -> None:
    if not _is_sqlite():
        on_server("DROP DATABASE {} WITH (FORCE)", migrated)
