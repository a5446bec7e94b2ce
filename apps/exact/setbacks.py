"""What a refusal means for a sync: how long it waits, whether the other resources wait too, what people read. Pure."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from apps.core.http import RemoteError, Temporary, Unauthorised
from apps.exact.budget import EndpointBlocked
from apps.exact.cadence import PAUSE


def resume_at(error: RemoteError, now: datetime) -> datetime | None:
    """Return when the clock has solved it; None when a person must act: it is tried again at night."""
    if not isinstance(error, Temporary):
        return None
    if error.retry_at_ms:
        return datetime.fromtimestamp(error.retry_at_ms / 1000, UTC)
    return now + PAUSE


def stops_all(error: RemoteError | None, before: RemoteError | None) -> bool:
    """Tell whether the other resources of the division need not be tried now. `before`: what the last one met.

    A spent budget, a connection or an administration that Exact refuses, no answer twice in a row.
    """
    if isinstance(error, Unauthorised):
        return error.status != 403 or bool(error.reason)
    if not isinstance(error, Temporary) or isinstance(error, EndpointBlocked):
        return False
    return bool(error.retry_at_ms) or isinstance(before, Temporary)


def words(title: str, error: RemoteError) -> str:
    """Return what people read about a resource called `title` that could not be read."""
    told = error.words or str(error)
    if isinstance(error, Unauthorised) and error.status == 403 and not error.reason:
        return _(
            "Exact Online does not let us read the %(what)s of this administration (%(words)s). The rest is read; "
            "if you need these, add the module to the package, or the right to the app and its user."
        ) % {"what": title, "words": told}
    return told
