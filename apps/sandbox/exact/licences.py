"""What the licence of a division holds: services of a feature set that it lacks are refused (Exact facts 1.7, 4.4)."""

from apps.sandbox.exact.errors import Refused
from apps.sandbox.models import Package

LOGISTICS, MAILBOX = "Items and purchase orders", "Digital mailbox"
# The feature set that the services of a scope need; the names are invented, as those in the packages are.
_NEEDED = {
    "Communication mailboxes": MAILBOX,
    "Purchase invoices": LOGISTICS,
    "Purchase orders": LOGISTICS,
}


def refuse_without_feature(scope: str, division: int) -> None:
    """Raise Refused (403, "Forbidden") for a service whose feature set the licence of `division` does not hold.

    A division of which no package is known has everything.
    """
    needed = _NEEDED.get(scope)
    package = Package.objects.filter(division=division).first() if needed else None
    if package and needed not in [name for _number, name in package.features]:
        raise Refused(403, "Forbidden")
