"""Why nothing can be put into a digital mailbox now. Pure."""

from django.conf import settings
from django.utils.translation import gettext as _

from apps.exact.mailbox_naming import sender
from apps.exact.models import DigitalMailbox, MailboxState, SentBy


def obstacle(mailbox: DigitalMailbox | None, division: int | None) -> str:
    """Return why nothing for `division` can be put into `mailbox` now, in words; "" when it can."""
    if mailbox is None or mailbox.state != MailboxState.ACTIVE:
        return _("The digital mailbox of this administration is not active. Finish its checklist first.")
    if division is None or not mailbox.takes_for(division):
        words = _(
            "The digital mailbox is bound to division %(theirs)s and not to %(ours)s: documents would land in other "
            "books. Check it on its checklist."
        )
        return words % {"theirs": mailbox.for_division or "-", "ours": division or "-"}
    by_mail = mailbox.sent_by == SentBy.EMAIL
    if by_mail and settings.EXACT_MAILBOX_NEEDS_ALLOWED and not mailbox.sender_allowed:
        words = _(
            "Nobody confirmed that Exact takes mail of %(sender)s. Allow this sender there, on the checklist."
        )
        return words % {"sender": sender()}
    if not by_mail and mailbox.exact_id is None:
        return _("Exact gave the digital mailbox no id yet. It is checked again by itself.")
    return ""
