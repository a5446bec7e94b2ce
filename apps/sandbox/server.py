"""The sandbox alone behind a threaded web server on this machine."""

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

from django.core.servers.basehttp import ThreadedWSGIServer
from django.http import HttpResponseBase

from apps.sandbox import transport


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one WSGI call."""
    response: HttpResponseBase = transport.answer({**environ, transport.STANDALONE: True})
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return response


class QuietHandler(WSGIRequestHandler):
    """Keeps standard error for what goes wrong: calls are in the sandbox's own log."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing."""


def make(host: str, port: int) -> ThreadedWSGIServer:
    """Return a server bound to `host` and `port` (0: any free one), not yet serving."""
    server = ThreadedWSGIServer((host, port), QuietHandler)
    server.set_app(application)
    return server
