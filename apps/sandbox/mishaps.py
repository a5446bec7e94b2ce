"""What an armed fault does to a call."""

import time
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from apps.sandbox import transport
from apps.sandbox.exact import answers, errors, limits
from apps.sandbox.models import Fault, FaultKind

_GATEWAY_PAGE = "<html><head><title>{0}</title></head><body>The gateway gave up waiting</body></html>"
_OTHER_PAGE = "<html><body>We are busy. Please come back in a moment.</body></html>"
_GATEWAY_STATUSES = frozenset({502, 503, 504})
Refusals = Mapping[str, Callable[[Fault], HttpResponseBase]]
_SERVER_WORDS = "An error occurred while processing this request."


class LostAnswer(transport.NoAnswer):
    """The call was worked through, but its answer never arrives."""


def _server_error(fault: Fault) -> HttpResponse:
    return answers.as_json(errors.body(_SERVER_WORDS), fault.status)


def _wait(fault: Fault, request: HttpRequest) -> None:
    time.sleep(min(fault.seconds, request.META.get(transport.PATIENCE, fault.seconds)))


def _before(fault: Fault, request: HttpRequest, refusals: Refusals) -> HttpResponseBase | None:
    if fault.kind in (FaultKind.STALL, FaultKind.DROPPED_BEFORE):
        _wait(fault, request)
    refuse = refusals.get(fault.kind)
    return refuse(fault) if refuse else None


def _forbidden(fault: Fault) -> HttpResponse:
    response = answers.as_json(errors.body("Forbidden"), 403)
    if fault.reason:
        response["Reason"] = fault.reason
    return response


def _gateway(fault: Fault) -> HttpResponse:
    status = fault.status if fault.status in _GATEWAY_STATUSES else 502
    return HttpResponse(_GATEWAY_PAGE.format(status), status=status)


# The answers of faults that let nothing be done, as Exact gives them.
REFUSALS: Refusals = {
    FaultKind.ERROR_BEFORE_COMMIT: _server_error,
    FaultKind.DROPPED_BEFORE: lambda _fault: transport.NoAnswer(),
    FaultKind.TOO_MANY: lambda _fault: HttpResponse(status=429, headers=limits.exhausted()),
    FaultKind.BARE_TOO_MANY: lambda _fault: HttpResponse(status=429),
    FaultKind.DAY_IS_FULL: lambda _fault: HttpResponse(
        status=429, headers=limits.exhausted(limits.DAY, 5000)
    ),
    FaultKind.EXPIRED_TOKEN: lambda _fault: HttpResponse(status=401),
    FaultKind.FORBIDDEN: _forbidden,
    FaultKind.GATEWAY: _gateway,
}


def meet(
    fault: Fault | None,
    request: HttpRequest,
    act: Callable[[], HttpResponseBase],
    refusals: Refusals = REFUSALS,
) -> HttpResponseBase:
    """Return the answer of `act`, spoilt as the fault says; a stall lasts no longer than the caller waits.

    `refusals`: how whoever is played says that nothing was done.
    """
    if fault is None:
        return act()
    early = _before(fault, request, refusals)
    if early is not None:
        return early
    answered = act()
    if fault.kind == FaultKind.ERROR_AFTER_COMMIT:
        return refusals[FaultKind.ERROR_BEFORE_COMMIT](fault)
    if fault.kind in (FaultKind.DROPPED_ANSWER, FaultKind.LOST_REFRESH):
        return LostAnswer()
    if fault.kind == FaultKind.GARBLED:
        return HttpResponse(_OTHER_PAGE)
    if fault.kind == FaultKind.STALL_ANSWER:
        _wait(fault, request)
    return answered
