"""The digital mailboxes that documents go to and that take none: told on each page, counted for /health/."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from apps.clients.models import Package
from apps.exact.models import DigitalMailbox, MailboxState
from apps.exact.models.digital_mailbox import DigitalMailboxes
from apps.invoices.models import ActiveMethod
from apps.posting.models import Method

_CALM = (MailboxState.NONE, MailboxState.FRESH, MailboxState.ACTIVE)  # not yet there is told by its own page


def troubled(user: Any) -> list[DigitalMailbox]:
    """Return the mailboxes in trouble of the administrations that `user` may see; an administrator must act."""
    found = _troubled(DigitalMailbox.objects.visible_to(user))
    return list(found.select_related("administration").order_by("administration__name"))


def count() -> int:
    """Return how many mailboxes in use are in trouble: a figure of /health/."""
    return _troubled(DigitalMailbox.objects.all()).count()


def _troubled(mailboxes: DigitalMailboxes) -> DigitalMailboxes:
    ours = F("administration__division__code")
    moved = Q(state=MailboxState.ACTIVE) & (Q(for_division=None) | ~Q(for_division=ours))
    sent = ActiveMethod.objects.filter(administration=OuterRef("administration"), method=Method.MAILBOX)
    used = Q(Exists(sent)) | Q(administration__package=Package.EXACT_GLOBE)
    found: DigitalMailboxes = mailboxes.filter(used).filter(~Q(state__in=_CALM) | moved)
    return found
