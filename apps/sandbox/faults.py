"""Faults on purpose: armed for a number of calls, used up atomically whatever process serves the call."""

from fnmatch import fnmatchcase

from django.db.models import F

from apps.sandbox.models import Fault, FaultKind

KINDS = frozenset(FaultKind.values)
TOKEN_ENDPOINT = "oauth2/token"  # noqa: S105


def arm(
    kind: str,
    *,
    method: str = "",
    path: str = "",
    division: int | None = None,
    times: int = 1,
    seconds: float = 0,
    status: int = 500,
    reason: str = "",
) -> Fault:
    """Let the next `times` fitting calls meet `kind`; raises ValueError for a kind that does not exist.

    `path` is a resource such as "purchaseentry/PurchaseEntries" or a pattern ("documents/*"); the token
    endpoint is "oauth2/token". `seconds` is how long a stall lasts, or a call is held before it is dropped,
    `status` what an error answers, `reason` the Reason header of a 403.
    """
    if kind not in KINDS:
        raise ValueError(f"No such fault: {kind}")
    if kind == FaultKind.LOST_REFRESH:
        method, path = "POST", TOKEN_ENDPOINT
    return Fault.objects.create(
        kind=kind,
        method=method,
        path=path,
        division=division,
        times=times,
        seconds=seconds,
        status=status,
        reason=reason,
    )


def take(method: str, path: str, division: int | None = None) -> Fault | None:
    """Use up and return the first armed fault that fits this call, or None."""
    for fault in Fault.objects.raw("SELECT * FROM sandbox_fault WHERE times > 0 ORDER BY id"):
        fits = _fits(fault, method, path, division)
        if fits and Fault.objects.filter(pk=fault.pk, times__gt=0).update(times=F("times") - 1) == 1:
            return fault
    return None


def _fits(fault: Fault, method: str, path: str, division: int | None) -> bool:
    return (
        fault.method in ("", method)
        and (not fault.path or fnmatchcase(path, fault.path))
        and fault.division in (None, division)
    )


def clear() -> None:
    """Disarm everything."""
    Fault.objects.all().delete()
