"""Whether the digital mailbox that a plan names is still the one to send to: one more look at our own row."""

from typing import Any

from django.utils.translation import gettext as _

from apps.exact.models import DigitalMailbox
from apps.posting.models import Posting


def is_given_back(posting: Posting, step: dict[str, Any]) -> bool:
    """Give `posting` back unsent when its mailbox is another one than `step` was planned for; tell whether so.

    A plan may wait for days, and what was put into another's mailbox stays there. No call is made. One that is
    closed for now is waited for (`closing`).
    """
    if _is_as_planned(posting, step):
        return False
    posting.give_back(
        _("The digital mailbox changed before this was sent, so nothing was sent. Look at its checklist.")
    )
    return True


def _is_as_planned(posting: Posting, step: dict[str, Any]) -> bool:
    mailbox = DigitalMailbox.objects.filter(administration__division=posting.division_id).first()
    if mailbox is None:
        return False
    if not mailbox.takes_for(posting.division.code):
        return True
    if "mails" in step:
        return bool(mailbox.address == step["mails"])
    return bool(str(mailbox.exact_id) == step["payload"]["RecipientMailboxID"])
