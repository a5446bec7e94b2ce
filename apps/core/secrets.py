"""Secrets that a bare run makes for itself, kept in DATA_DIR. Knows nothing of Django: settings import it."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def random_key() -> str:
    """Return a new value fit for Django's SECRET_KEY."""
    return secrets.token_urlsafe(48)


def fernet_key() -> str:
    """Return a new Fernet key as text."""
    return Fernet.generate_key().decode()


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret kept at `path`; make and keep one (mode 600) when there is none yet.

    Two processes that start together agree: the file appears whole, by a link that only one of them wins.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
