"""How eConnect says no (eConnect facts 2.3)."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.http import HttpResponse, JsonResponse

from apps.core import clock
from apps.sandbox import mishaps, transport
from apps.sandbox.econnect import moments
from apps.sandbox.models import Fault, FaultKind

_WORDS = {
    401: "Access denied due to an invalid or expired token.",
    403: "You are not allowed to do this.",
    404: "Resource not found.",
    405: "The method is not allowed.",
    409: "The document was already processed.",
}
_HELP = "https://psb.econnect.eu/introduction/responseAndErrorCodes.html"
_SERVER_WORDS = "An unexpected error occurred. Please try again later."


@dataclass
class Refused(Exception):
    """A call that is answered with this status; without words the usual ones."""

    status: int
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self) -> HttpResponse:
        """Return the answer: {helpLink, message, code, requestId, dateTime}."""
        body = {
            "helpLink": _HELP,
            "message": self.message or _WORDS.get(self.status, _SERVER_WORDS),
            "code": f"API{self.status}",
            "requestId": str(uuid4()),
            "dateTime": moments.written(clock.now()),
        }
        return as_json(body, self.status, self.headers)


def as_json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return a JSON answer."""
    return JsonResponse(
        body, status=status, headers=headers, safe=False, json_dumps_params={"ensure_ascii": False}
    )


def _as(status: int) -> Any:
    return lambda _fault: Refused(status).answer()


def _server_error(fault: Fault) -> HttpResponse:
    return Refused(fault.status).answer()


def _forbidden(fault: Fault) -> HttpResponse:
    return Refused(403, fault.reason).answer()


# The answers of faults that let nothing be done. No limit of calls is documented, but there may be one (2.3).
REFUSALS: mishaps.Refusals = {
    **mishaps.REFUSALS,
    FaultKind.ERROR_BEFORE_COMMIT: _server_error,
    FaultKind.DROPPED_BEFORE: lambda _fault: transport.NoAnswer(),
    FaultKind.TOO_MANY: _as(429),
    FaultKind.DAY_IS_FULL: _as(429),
    FaultKind.EXPIRED_TOKEN: _as(401),
    FaultKind.FORBIDDEN: _forbidden,
}
