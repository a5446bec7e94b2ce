"""Digital mailboxes: who may have one, and who sees it from when (Exact facts 4.7)."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from apps.sandbox.exact import store
from apps.sandbox.models import Row, Switches

Data = dict[str, Any]

MAILBOXES, DEFAULT = "mailbox/Mailboxes", "read/mailbox/DefaultMailbox"


def rows(division: int, minutes: int) -> QuerySet[Row]:
    """Return the mailboxes of the account that owns `division`, made at least `minutes` ago.

    Those made in its other divisions are among them: a mailbox is the account's, `ForDivision` binds it [G].
    """
    found = Row.objects.filter(resource=MAILBOXES, division__in=of_account(division))
    return found.filter(data__Created__lte=store.now_text(ago=timedelta(minutes=minutes)))


def default(division: int) -> list[tuple[str, Data]]:
    """Return the mailbox of the division; the first of its account when none is bound to it."""
    switches = Switches.objects.filter(pk=1).first()
    found = list(rows(division, switches.mailbox_minutes if switches else 0).order_by("pk"))
    bound = [row for row in found if row.data.get("ForDivision") == division]
    return [(row.key, {**row.data, "IsScanServiceMailbox": False}) for row in (bound or found)[:1]]


def of_account(division: int) -> list[int]:
    """Return the divisions of the account that owns `division`, itself among them."""
    here = store.find("hrm/Divisions", 0, str(division))
    owner = here.data.get("Customer") if here else None
    if not owner:
        return [division]
    keys = store.rows("hrm/Divisions", 0).filter(data__Customer=owner).values_list("key", flat=True)
    return [int(key) for key in keys]
