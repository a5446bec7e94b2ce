"""Purchase orders and purchase invoices that this package of Exact does not have, or this user may not use: that stops
no division, for everything else goes on (Exact facts 1.7, 4.4).
"""

from datetime import timedelta

from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.core.http import RemoteError
from apps.posting.lookup import is_forbidden
from apps.posting.models import PURCHASE_INVOICE, Posting

FORBIDDEN = "forbidden"
_SERVICES = ("purchaseorder/", "purchase/")
_ASKED = 3  # refusals of one kind an hour: Exact blocks an endpoint at ten (Exact facts 2.3)
_FORGOTTEN = timedelta(hours=1)


def is_of_one(resource: str) -> bool:
    """Tell whether only some packages of Exact have `resource`."""
    return resource.startswith(_SERVICES)


def forbid(posting: Posting, name: str, error: RemoteError) -> None:
    """Refuse `posting` at its step `name` with what to do. Raises `error` when it is about more than this resource."""
    if not is_forbidden(error):
        raise error
    posting.keep(name, state=FORBIDDEN, asked=clock.now().isoformat())
    said = _("Exact Online says: %(words)s") % {"words": error.words} if error.words else ""
    posting.refuse(cause=Cause.REJECTED_BY_EXACT, words=f"{_advice(posting)} {said}".strip())


def is_refused_unasked(posting: Posting, name: str) -> bool:
    """Refuse `posting` without a call when Exact forbade several like it just now; tell whether so.

    Each further call would be an error more of the few after which Exact blocks the endpoint.
    """
    since = clock.now() - _FORGOTTEN
    like = Posting.objects.filter(division=posting.division_id, method=posting.method, finished_at__gte=since)
    asked = like.filter(**{f"steps__{name}__has_key": "asked"}).order_by("-finished_at")
    latest = [steps[name]["state"] for steps in asked.values_list("steps", flat=True)[:_ASKED]]
    if latest != [FORBIDDEN] * _ASKED:
        return False
    posting.keep(name, state=FORBIDDEN)
    later = _("Exact is asked again in an hour at the latest.")
    posting.refuse(cause=Cause.REJECTED_BY_EXACT, words=f"{_advice(posting)} {later}")
    return True


def was_forbidden(posting: Posting) -> bool:
    """Tell whether `posting` ended because its package lacks something, which says nothing about its document."""
    return any(step.get("state") == FORBIDDEN for step in posting.steps.values())


def _advice(posting: Posting) -> str:
    if any(step["name"] == PURCHASE_INVOICE for step in posting.plan["steps"]):
        return _(
            "This package of Exact Online has no purchase invoices, or this user may not use them. Choose automatic "
            "entry for this administration, or have the package extended; then try again."
        )
    return _(
        "This package of Exact Online has no purchase orders, or this user may not use them. Have the package "
        "extended or the right given, and try again; or keep the order outside Exact."
    )
