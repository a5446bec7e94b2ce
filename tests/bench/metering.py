"""What a worker process spends: queries of the product, and CPU that is the sandbox's and not its own."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from requests import PreparedRequest, Response

from apps.sandbox.adapter import SandboxAdapter

_lock = threading.Lock()
_spent = {"queries": 0.0, "sandbox": 0.0}


def figures() -> dict[str, float]:
    """Return the queries of the product and the CPU seconds of the sandbox so far, of all threads."""
    return dict(_spent)


def _add(name: str, amount: float) -> None:
    with _lock:
        _spent[name] += amount


class MeteredSandbox(SandboxAdapter):
    """The sandbox, with the CPU that the calling thread spends in it."""

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Return the answer."""
        begun = time.thread_time()
        try:
            return super().send(request, *args, **kwargs)
        finally:
            _add("sandbox", time.thread_time() - begun)


def _counted(execute: Callable[..., Any], *query: Any) -> Any:
    _add("queries", 1)
    return execute(*query)


def _watch(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    if connection.alias == "default" and _counted not in connection.execute_wrappers:
        connection.execute_wrappers.append(_counted)


def count_queries() -> None:
    """Count the statements of every connection to the product's database from here on."""
    connection_created.connect(_watch)


def watch_open_connections() -> None:
    """Count the statements of the connections that are open already."""
    for connection in connections.all(initialized_only=True):
        _watch(connection)
