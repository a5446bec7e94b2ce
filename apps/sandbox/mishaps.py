"""What an armed fault does to a call."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from apps.sandbox import transport
from apps.sandbox.exact import answers, errors, limits
from apps.sandbox.models import Fault, FaultKind

_SERVER_WORDS = "An error occurred while processing this request."


class LostAnswer(transport.NoAnswer):
    """The call was worked through, but its answer never arrives."""


def _server_error(fault: Fault) -> HttpResponse:
    return answers.as_json(errors.body(_SERVER_WORDS), fault.status)


def _wait(fault: Fault, request: HttpRequest) -> None:
    time.sleep(min(fault.seconds, request.META.get(transport.PATIENCE, fault.seconds)))


def _before(fault: Fault, request: HttpRequest) -> HttpResponseBase | None:
    if fault.kind == FaultKind.ERROR_BEFORE_COMMIT:
        return _server_error(fault)
    if fault.kind == FaultKind.DROPPED_BEFORE:
        return transport.NoAnswer()
    if fault.kind == FaultKind.TOO_MANY:
        return HttpResponse(status=429, headers=limits.exhausted())
    if fault.kind == FaultKind.EXPIRED_TOKEN:
        return HttpResponse(status=401)
    if fault.kind == FaultKind.STALL:
        _wait(fault, request)
    return None


def meet(fault: Fault | None, request: HttpRequest, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return the answer of `act`, spoilt as the fault says; a stall lasts no longer than the caller waits."""
    if fault is None:
        return act()
    early = _before(fault, request)
    if early is not None:
        return early
    answered = act()
    if fault.kind == FaultKind.ERROR_AFTER_COMMIT:
        return _server_error(fault)
    if fault.kind in (FaultKind.DROPPED_ANSWER, FaultKind.LOST_REFRESH):
        return LostAnswer()
    if fault.kind == FaultKind.STALL_ANSWER:
        _wait(fault, request)
    return answered
