"""The sandbox behind a web server that also tells which calls are under way, and who makes them: `desk.py <port>`.

A worker here names itself in its user agent.
"""

import json
import re
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.request import urlopen

import django

HOST = "127.0.0.1"
UNDER_WAY = "/under-way"
_PATH = re.compile(r"/api/v1/(?P<division>\d+)/(?P<path>[^(?]+)")


@dataclass(frozen=True, slots=True)
class Call:
    """A call that has no answer yet. `worker`: its user agent; `division` 0: it names none."""

    worker: str
    method: str
    path: str
    division: int


def under_way(port: int) -> list[Call]:
    """Return the calls that the desk at `port` is busy with."""
    with urlopen(f"http://{HOST}:{port}{UNDER_WAY}", timeout=30) as answer:
        return [Call(**call) for call in json.load(answer)]


class Desk:
    """A WSGI application in front of the sandbox's."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application, self._lock = application, threading.Lock()
        self._calls: dict[int, Call] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == UNDER_WAY:
            with self._lock:
                calls = [asdict(call) for call in self._calls.values()]
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(calls).encode()]
        number = threading.get_ident()
        with self._lock:
            self._calls[number] = _call(environ)
        try:
            return self._application(environ, start_response)
        finally:
            with self._lock:
                del self._calls[number]


def _call(environ: dict[str, Any]) -> Call:
    found = _PATH.search(environ["PATH_INFO"])
    division, path = (int(found["division"]), found["path"]) if found else (0, environ["PATH_INFO"])
    return Call(environ.get("HTTP_USER_AGENT", ""), environ["REQUEST_METHOD"], path, division)


def serve(port: int) -> None:
    """Serve until somebody ends this process; the clock is read anew at each call."""
    django.setup()
    from apps.sandbox import server, time

    time.FRESH_SECONDS = 0.0
    httpd = server.make(HOST, port)
    httpd.socket.listen(128)
    httpd.set_app(Desk(server.application))
    print("serving", flush=True)  # noqa: T201
    httpd.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
