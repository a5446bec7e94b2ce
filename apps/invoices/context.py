"""What every page tells about documents: the digital mailboxes that take none of them."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.invoices import mailbox_alarms


def troubles(request: HttpRequest) -> dict[str, Any]:
    """Template context: the mailboxes in trouble of this person's administrations, asked only where they show."""
    user = getattr(request, "user", None)
    return {"closed_mailboxes": SimpleLazyObject(lambda: mailbox_alarms.troubled(user))}
