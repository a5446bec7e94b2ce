"""When a digital mailbox takes nothing: learnt from a refusal, and asked before each write into it."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.core.http import RemoteError
from apps.exact import mailbox_words
from apps.exact.models import DigitalMailbox, MailboxState
from apps.posting.lookup import MESSAGE_FILES, MESSAGES, is_forbidden
from apps.posting.mailing import NotNow
from apps.posting.models import Method, Posting


class Closed(NotNow):
    """The digital mailbox takes nothing of this division now; nothing was tried."""


def forbid(posting: Posting, resource: str, error: RemoteError) -> None:
    """Refuse `posting` with what to do, when this user may not use the digital mailbox while all else goes on
    (Exact facts 3.5); the mailbox is kept as closed, so that the rest waits. Raises `error` when it means else.
    """
    if not (is_forbidden(error) and resource in (MESSAGES, MESSAGE_FILES)):
        raise error
    advice = mailbox_words.advice_of(MailboxState.FORBIDDEN, error.words)
    said = _("Exact Online says: %(words)s") % {"words": error.words or error}
    mailbox = _mailbox_of(posting)
    if mailbox and mailbox.state == MailboxState.ACTIVE:
        mailbox.settle(state=MailboxState.FORBIDDEN, words=error.words, checked_at=clock.now(), check_at=None)
    posting.refuse(cause=Cause.REJECTED_BY_EXACT, words=f"{advice.sentence} {advice.remedy} {said}")


def guarded(posting: Posting, renew: Callable[[], None]) -> Callable[[], None]:
    """Return `renew`, which into a mailbox first sees whether that is still open; raises Closed when it is not."""
    if posting.method != Method.MAILBOX:
        return renew

    def renew_if_open() -> None:
        mailbox = _mailbox_of(posting)
        if mailbox is None or not mailbox.takes_for(posting.division.code):
            raise Closed(
                _("The digital mailbox takes nothing now. It goes on by itself once that is mended.")
            )
        renew()

    return renew_if_open


def _mailbox_of(posting: Posting) -> DigitalMailbox | None:
    return DigitalMailbox.objects.filter(administration__division=posting.division_id).first()
