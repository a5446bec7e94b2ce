"""The `requests` adapter that answers calls to the sandbox inside this process."""

import time
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from django.http import HttpResponse, HttpResponseBase
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import ReadTimeout
from urllib3 import HTTPResponse as RawResponse

from apps.sandbox import transport
from apps.sandbox.econnect import delivering
from apps.sandbox.mishaps import LostAnswer

_NO_LIMIT = 3600.0


def _patience(timeout: Any) -> float:
    read = timeout[1] if isinstance(timeout, tuple) else timeout
    return float(read) if read is not None else _NO_LIMIT


def _environ(request: PreparedRequest, patience: float) -> dict[str, Any]:
    parts = urlsplit(request.url or "")
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else bytes(body)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
    return {
        **headers,
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path, "latin-1"),
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": parts.netloc,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": str(parts.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(body),
        transport.PATIENCE: patience,
    }


class SandboxAdapter(BaseAdapter):
    """Serves what the caller would get over the wire, faults included."""

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the answer; raises requests' ConnectionError or ReadTimeout when it is lost."""
        patience, begun = _patience(timeout), time.monotonic()
        answered = transport.answer(_environ(request, patience))
        delivering.after_call(alone=False)  # what eConnect has to tell does not wait for a call to eConnect
        if isinstance(answered, transport.NoAnswer):
            if isinstance(answered, LostAnswer):
                raise ReadTimeout("Read timed out.", request=request)
            raise NoConnection("Connection aborted.", request=request)
        if time.monotonic() - begun >= patience:
            raise ReadTimeout("Read timed out.", request=request)
        return HTTPAdapter().build_response(request, _raw(answered))

    def close(self) -> None:
        """Nothing is held open."""


def _raw(answered: HttpResponseBase) -> RawResponse:
    content = answered.content if isinstance(answered, HttpResponse) else b"".join(answered)
    return RawResponse(
        body=BytesIO(content),
        headers=dict(answered.items()),
        status=answered.status_code,
        reason=answered.reason_phrase,
        preload_content=False,
    )
