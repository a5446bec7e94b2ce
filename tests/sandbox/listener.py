"""Somebody on this machine who takes webhooks."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Listener(ThreadingHTTPServer):
    """Somebody on this machine who hears what is posted, and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Ear)
        self.heard: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.status = 200
        self.pause = 0.0
        self.most_at_once = 0
        self._open = 0
        self._counting = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the calls that are open at the same moment, each for as long as the pause lasts."""
        with self._counting:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        time.sleep(self.pause)
        yield
        with self._counting:
            self._open -= 1

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body)["Content"] for body in self.heard]


class _Ear(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Listener)
        with self.server.counted():
            self.server.heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.server.headers.append(dict(self.headers.items()))
            self.send_response(self.server.status)
            self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing."""


@contextmanager
def listening() -> Iterator[Listener]:
    """Give a listener that answers until the block ends."""
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
