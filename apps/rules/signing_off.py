"""The firm's word on the table of VAT scenarios: who stands for it, until the table changes."""

from apps.core import clock
from apps.people.models import User
from apps.rules import vat_boxes
from apps.rules.models import ScenarioSignOff


def sign_off(by: User, *, digest: str, remark: str = "") -> bool:
    """Keep that `by` stands for the table that they saw, whose mark is `digest`; False when it is another by now.

    Signing the same table again is kept as well: who looked, and when.
    """
    if digest != vat_boxes.digest():
        return False
    ScenarioSignOff.objects.create(digest=digest, signed_by=by, signed_at=clock.now(), remark=remark.strip())
    return True


def latest() -> ScenarioSignOff | None:
    """Return the last sign-off of the table as it is now, None when nobody signed this one."""
    found = ScenarioSignOff.objects.filter(digest=vat_boxes.digest()).select_related("signed_by")
    return found.order_by("-signed_at", "-pk").first()


def of_before() -> ScenarioSignOff | None:
    """Return the last sign-off of any table."""
    return ScenarioSignOff.objects.select_related("signed_by").order_by("-signed_at", "-pk").first()
