"""A PostgreSQL for a benchmark of several worker processes: found, and a database on it that is thrown away."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql


def server_url() -> str | None:
    """Return a PostgreSQL whose user may make databases: of DATABASE_URL, or on loopback."""
    users = (getpass.getuser(), "postgres")
    own = [f"postgres://{user}@127.0.0.1:5432/postgres" for user in users]
    for url in [os.environ.get("DATABASE_URL", ""), *own]:
        if not url.startswith("postgres"):
            continue
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.Error:
            continue
        return url
    return None


@contextmanager
def database(server: str) -> Iterator[str]:
    """Make an empty database, yield its address, and throw it away."""
    name = f"bench_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def make_tables() -> None:
    """Set Django up and migrate both databases."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("migrate", "sandbox", database="sandbox", verbosity=0, interactive=False)
