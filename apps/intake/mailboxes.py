"""Reading mailboxes over IMAP: each mail is kept whole, and leaves the inbox only after its receipt is committed.

Whatever breaks off in between (the line, the process, the database) leaves the mail where it is. The next run finds
its receipt by the number of the mail, and only moves it.
"""

import hashlib
import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core import clock, leases
from apps.core.http import Rejected, RemoteError
from apps.intake import addressed, imap, keeping, mail
from apps.intake.imap import Line
from apps.intake.models import Channel, Mailbox, PartOutcome, Receipt
from apps.intake.opening import MAIL

log = logging.getLogger(__name__)

LEASE_SECONDS = 180
ROUND_SECONDS = 60  # then the next minute goes on
IN_TROUBLE = timedelta(minutes=5)  # between two looks: a refused sign-in each minute may lock the account


def due() -> list[int]:
    """Return the primary keys of the mailboxes to look into now; one in trouble is looked at less often."""
    now = clock.now()
    rested = Q(trouble="") | Q(checked_at=None) | Q(checked_at__lt=now - IN_TROUBLE)
    free = Q(lease=None) | Q(leased_until__lt=now)
    return list(
        Mailbox.objects.filter(rested, free, is_open=True).order_by("pk").values_list("pk", flat=True)
    )


def read(mailbox: Mailbox) -> int:
    """Keep the mails of a mailbox, oldest first, and move each away; return how many left the inbox.

    0 when another process reads it. What is wrong is kept in `mailbox.trouble`, for people.
    """
    lease = leases.take(mailbox, seconds=LEASE_SECONDS)
    if lease is None:
        return 0
    reading = _Reading(mailbox, lease)
    try:
        if (
            not reading.run() and reading.at
        ):  # perhaps that mail breaks it each time: those behind it come first
            reading.run()
    finally:
        leases.free(mailbox, lease)
    _note(mailbox, reading.trouble)
    return reading.moved


def _note(mailbox: Mailbox, trouble: str) -> None:
    mailbox.trouble, mailbox.checked_at = trouble, clock.now()
    Mailbox.objects.filter(pk=mailbox.pk).update(trouble=trouble, checked_at=mailbox.checked_at)


class _Reading:
    """One run through a mailbox."""

    def __init__(self, mailbox: Mailbox, lease: UUID) -> None:
        self.mailbox, self.lease = mailbox, lease
        self.moved, self.trouble = 0, ""
        self.at, self.broken_at = 0, 0

    def run(self) -> bool:
        """Open a line and go through it; False when it broke, and then `at` says at which mail, 0 before any."""
        self.at, self.broken_at = 0, self.at
        try:
            with imap.opened(self.mailbox) as line:
                self.go_through(line)
        except RemoteError as error:
            self.trouble = error.words or str(error)
            return False
        return True

    def go_through(self, line: Line) -> None:
        """Take each mail, as long as time and lease last. One that fails does not stop those behind it."""
        until = clock.stopwatch() + ROUND_SECONDS
        for uid in line.uids():
            if uid == self.broken_at:
                continue
            self.at = uid
            if clock.stopwatch() > until or not leases.renew(self.mailbox, self.lease, seconds=LEASE_SECONDS):
                return
            try:
                self.moved += _take(self.mailbox, line, uid)
            except Rejected as error:
                self.trouble = _("Mail %(number)d stays in the inbox: %(words)s.") % {
                    "number": uid,
                    "words": error.words,
                }
            except (RemoteError, OperationalError, InterfaceError, OSError):
                raise
            except Exception:
                log.exception("Mail %s of mailbox %s could not be kept", uid, self.mailbox.pk)
                self.trouble = _(
                    "Mail %(number)d stays in the inbox because of a fault of ours. Tell the administrator."
                ) % {"number": uid}


def _take(mailbox: Mailbox, line: Line, uid: int) -> bool:
    """Keep one mail, unless it is kept, and move it; False when somebody took it away meanwhile."""
    key = f"imap {mailbox.pk} {line.uid_validity} {uid}"
    receipt = Receipt.objects.filter(source_key=key).first() or _keep(mailbox, line, uid, key)
    if receipt is None:
        return False
    is_whole = receipt.message_id is not None
    line.move(uid, mailbox.done_folder if is_whole else mailbox.failed_folder)
    return True


def _keep(mailbox: Mailbox, line: Line, uid: int, key: str) -> Receipt | None:
    size = line.size(uid)
    if size is None:
        return None
    content = line.content(uid) if size <= settings.MAX_MAIL_BYTES else None
    if content is not None and len(content) <= settings.MAX_MAIL_BYTES:
        return _kept_by_an_older_number(mailbox, line, content) or _keep_whole(mailbox, content, key)
    if content is None and size <= settings.MAX_MAIL_BYTES:  # somebody took it away meanwhile
        return None
    size = max(size, len(content or b""))  # some servers give a size that is not quite right
    header = line.header(uid)
    if header is None:
        return None
    return _kept_by_an_older_number(mailbox, line, header) or _keep_header(mailbox, header, key, size)


def _keep_whole(mailbox: Mailbox, content: bytes, key: str) -> Receipt:
    return keeping.keep_message(content, **_told(mailbox, content, key))


def _keep_header(mailbox: Mailbox, header: bytes, key: str, size: int) -> Receipt:
    """Keep what can be kept of a mail that is too large: its headers, rejected, with where the mail lies now."""
    reason = _(
        "The mail has %(size)d MB, more than the %(limit)d MB that are taken in. It lies in the folder %(folder)s "
        "of the mailbox: upload its files one by one, or ask the sender for several mails."
    ) % {
        "size": -(-size // 1024**2),
        "limit": settings.MAX_MAIL_BYTES // 1024**2,
        "folder": mailbox.failed_folder,
    }
    with transaction.atomic():
        receipt = keeping.keep([(MAIL, header)], **_told(mailbox, header, key))
        for part in receipt.parts.all():
            part.settle(PartOutcome.REJECTED, reason=reason)
    return receipt


def _told(mailbox: Mailbox, content: bytes, key: str) -> keeping.Arrival:
    head = mail.head(content)
    return {
        "channel": Channel.MAIL,
        "sender": head.sender,
        "recipient": addressed.recipient(head, mailbox.address),
        "subject": head.subject,
        "administration": addressed.administration_in(mailbox, head),
        "source_key": key,
    }


def _kept_by_an_older_number(mailbox: Mailbox, line: Line, content: bytes) -> Receipt | None:
    """Find a mail that was kept before the server gave new numbers to all of them."""
    digest = hashlib.sha256(content).hexdigest()
    ours = f"imap {mailbox.pk} "
    same = Receipt.objects.filter(Q(message=digest) | Q(parts__original=digest), source_key__startswith=ours)
    return same.exclude(source_key__startswith=f"{ours}{line.uid_validity} ").first()
