"""Faults on purpose: armed for a number of calls, used up atomically whatever process serves the call."""

from fnmatch import fnmatchcase

from django.db.models import F

from apps.sandbox.models import HOOK_FAULTS, Fault, FaultKind

KINDS = frozenset(FaultKind.values)
TOKEN_ENDPOINT = "oauth2/token"  # noqa: S105
HOOK = "HOOK"  # stands for the method of what the sandbox sends by itself


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
    endpoint is "oauth2/token". At eConnect it is "econnect/" and what is asked ("econnect/download"), and for
    the faults of hooks the topic ("InvoiceReceived"). `seconds` is how long a stall lasts, a call is held
    before it is dropped, a hook comes late or its sentOn lies back; `status` what an error answers, `reason`
    the Reason header of a 403.
    """
    if kind not in KINDS:
        raise ValueError(f"No such fault: {kind}")
    if kind == FaultKind.LOST_REFRESH:
        method, path = "POST", TOKEN_ENDPOINT
    if kind in HOOK_FAULTS:
        method = HOOK
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
        (fault.kind in HOOK_FAULTS) == (method == HOOK)
        and fault.method in ("", method)
        and (not fault.path or fnmatchcase(path, fault.path))
        and fault.division in (None, division)
    )


def clear() -> None:
    """Disarm everything."""
    Fault.objects.all().delete()
