"""How a call travels: into the views without Django's request signals, and out again, or lost on the way."""

import errno
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import resolve

URLCONF = "apps.sandbox.urls"
MOUNT = "/sandbox/"
STANDALONE = "sandbox.standalone"
PATIENCE = "sandbox.patience"


def _break_off(_part: bytes) -> bytes:
    raise ConnectionResetError(errno.ECONNRESET, "the sandbox gives no answer")


class NoAnswer(StreamingHttpResponse):
    """The connection breaks: a web server that starts to send this closes the socket with nothing sent."""

    def __init__(self) -> None:
        super().__init__(self._broken())

    @staticmethod
    def _broken() -> Iterator[bytes]:
        yield from map(_break_off, (b"",))


def answer(environ: dict[str, Any]) -> HttpResponseBase:
    """Return what the sandbox's view answers to this WSGI environment; 404 when nothing is there."""
    request = WSGIRequest(environ)
    try:
        match = resolve("/" + request.path_info.removeprefix(MOUNT), URLCONF)
    except Http404:
        return HttpResponse("Not found", status=404, content_type="text/plain")
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return response


def into_product(url: str, body: bytes, headers: Mapping[str, str] | None = None) -> HttpResponseBase:
    """Return what the product beside us answers to a POST of `body` to `url`; 404 when nothing is there."""
    parts = urlsplit(url)
    environ = {
        **{f"HTTP_{name.upper().replace('-', '_')}": text for name, text in (headers or {}).items()},
        "REQUEST_METHOD": "POST",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": parts.netloc,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": str(parts.port or 80),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(body),
    }
    try:
        match = resolve(parts.path, settings.ROOT_URLCONF)
        response: HttpResponseBase = match.func(WSGIRequest(environ), *match.args, **match.kwargs)
    except Http404:
        return HttpResponse(status=404)
    return response
