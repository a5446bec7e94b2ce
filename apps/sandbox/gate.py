"""What every call passes, whatever it asks: latency, an armed fault, the log."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from apps.sandbox import calls, faults, mishaps, seed
from apps.sandbox.mishaps import REFUSALS, Refusals
from apps.sandbox.models import Switches
from apps.sandbox.transport import PATIENCE, NoAnswer

Act = Callable[[Switches], HttpResponseBase]


def passed(
    request: HttpRequest,
    path: str,
    division: int | None,
    act: Act,
    *,
    refusals: Refusals = REFUSALS,
    details: str = "",
) -> HttpResponseBase:
    """Return what `act` answers, late and spoilt as the settings say, and write the call down.

    `refusals`: how whoever is played refuses when a fault says so; `details`: what the log keeps instead of
    the query. No transaction is open while it waits.
    """
    switches = seed.ensure()
    method = request.method or ""
    begun = calls.begin(method, path, division, details or request.META.get("QUERY_STRING", ""))
    if switches.latency_ms:
        latency = switches.latency_ms / 1000
        time.sleep(min(latency, request.META.get(PATIENCE, latency)))
    fault = faults.take(method, path, division)
    answered = mishaps.meet(fault, request, lambda: act(switches), refusals)
    calls.end(begun, 0 if isinstance(answered, NoAnswer) else answered.status_code)
    return answered
