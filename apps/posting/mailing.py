"""Sending a document to the address of a digital mailbox by e-mail: once, and never a second time by itself.

A mail that was begun and got no answer is looked for in Exact, whose document carries its subject [G]; when it is not
found a person says whether it arrived.
"""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.core.http import OutcomeUnknown, Rejected, Unauthorised, refuse_inside_transaction
from apps.exact.client import Exact
from apps.intake.enclosures import content_of
from apps.intake.models import Original
from apps.posting import lookup, mailboxes
from apps.posting.lookup import Unsettled
from apps.posting.messages import File, is_refusal, message_id, said, written
from apps.posting.models import ARRIVED, MAIL, Posting
from apps.posting.recording import note_mail

TAKEN = 250  # a mail server's yes (RFC 5321 4.2.3)
LATER = timedelta(days=1)  # nobody looks for it any more but a person; this one look a day costs nothing


class NotNow(Exception):
    """The mail server did not take this mail now, and has nothing of it: it is tried again."""


class Unseen(Unsettled):
    """Exact shows nothing of a mail that may have arrived. `until`: when it is looked for again."""

    def __init__(self, words: str, until: datetime) -> None:
        super().__init__(words)
        self.until = until


class _Written(EmailMessage):
    """A mail that is written already, for the backends that want one of Django's."""

    def __init__(self, raw: bytes, **envelope: Any) -> None:
        super().__init__(**envelope)
        self._raw = raw

    def message(self, **_how: Any) -> Any:
        return message_from_bytes(self._raw, policy=SMTP)


def send(posting: Posting, step: dict[str, Any], exact: Exact, renew: Callable[[], None]) -> None:
    """Send the mail of `step`, unless it was sent before. `renew` is called right before.

    A server that refuses sender, recipient or content for good refuses the posting, with its words. Raises NotNow
    when nothing was sent, OutcomeUnknown when the line broke after the content was begun, and Unseen when an earlier
    mail may have arrived.
    """
    if posting.steps.get(MAIL, {}).get("state") == "started":
        _find(posting, exact)
        return
    refuse_inside_transaction()
    if mailboxes.is_given_back(posting, step):
        return
    raw = _raw(posting, step)
    renew()
    try:
        _hand_to_server(posting, step, raw)
    except Rejected as refusal:
        note_mail(posting, refusal.status or 0, refusal.words)
        posting.keep(MAIL, state="refused")
        posting.refuse(cause=Cause.REJECTED_BY_EXACT, words=_refusal(refusal.words))
    except (NotNow, OutcomeUnknown) as error:
        note_mail(posting, 0, str(error))
        raise
    else:
        posting.keep(MAIL, state="done")
        note_mail(posting, TAKEN, "")


def _refusal(words: str) -> str:
    return _("The mail server did not take the mail for the digital mailbox: %(words)s") % {"words": words}


def _find(posting: Posting, exact: Exact) -> None:
    """Look for the document that a mail becomes; a look that Exact refuses says nothing."""
    since, now = posting.asked_at or posting.created_at, clock.now()
    words = _question(posting)
    try:
        found = lookup.document(posting, exact)
    except Rejected as refusal:
        raise Unseen(f"{words} {refusal.words}", now + LATER) from refusal
    except Unauthorised as error:
        if lookup.is_forbidden(error):  # of documents alone: the others go on
            raise Unseen(f"{words} {error}", now + LATER) from error
        raise
    if found:
        posting.keep(ARRIVED, state="done", id=found)
        posting.keep(MAIL, state="done")
        return
    looked_for = timedelta(minutes=settings.EXACT_MAILBOX_LOOK_MINUTES)
    pause = timedelta(seconds=settings.SETTLE_SECONDS) * 2 ** min(posting.looks, 6)
    raise Unseen(words, now + pause if now < since + looked_for else now + LATER)


def _question(posting: Posting) -> str:
    words = _("The mail may have arrived. Look in Exact for %(reference)s, and say whether it is there.")
    return words % {"reference": posting.reference}


def _raw(posting: Posting, step: dict[str, Any]) -> bytes:
    payload = step["payload"]
    posting.keep(MAIL, state="unsent", id=message_id(posting.reference, payload["From"]))
    files = [
        File(one["name"], content_of(Original.objects.get(pk=one["original"]).content(), one.get("enclosed")))
        for one in step["files"]
    ]
    return written(
        sender=payload["From"],
        to=step["mails"],
        subject=payload["Subject"],
        reference=posting.reference,
        files=files,
        at=clock.now(),
    )


def _hand_to_server(posting: Posting, step: dict[str, Any], raw: bytes) -> None:
    """Hand the mail over in the words of SMTP, so that it is known on which side of the content a line broke."""
    backend: Any = get_connection(timeout=settings.EMAIL_TIMEOUT)
    if not isinstance(backend, EmailBackend):  # a console or a folder, where nothing gets lost on the way
        posting.keep(MAIL, state="started")
        backend.send_messages([_Written(raw, to=[step["mails"]], from_email=step["payload"]["From"])])
        return
    try:
        backend.open()
        server = backend.connection
        if server is None:
            raise NotNow(_("The mail server cannot be reached: %(error)s") % {"error": backend.host})
        server.ehlo_or_helo_if_needed()
        _demand(*server.mail(_address(step["payload"]["From"])))
        _demand(*server.rcpt(step["mails"]))
    except OSError as error:  # OSError: also what smtplib raises
        _close(backend)
        raise NotNow(
            _("The mail server cannot be reached: %(error)s") % {"error": str(error)[:200]}
        ) from error
    except (Rejected, NotNow):
        _close(backend)
        raise
    posting.keep(MAIL, state="started")
    try:
        _demand(*server.data(raw))
    except smtplib.SMTPDataError as error:
        posting.keep(MAIL, state="unsent")
        _demand(error.smtp_code, error.smtp_error)
        raise NotNow(said(error.smtp_code, error.smtp_error)) from error
    except NotNow:
        posting.keep(MAIL, state="unsent")
        raise
    except OSError as error:
        words = f"{_('The line to the mail server broke while the mail was sent.')} {_question(posting)}"
        raise OutcomeUnknown(words, reason=type(error).__name__) from error
    finally:
        _close(backend)


def _demand(code: int, words: bytes | str) -> None:
    """Raise Rejected or NotNow unless the server agreed."""
    if is_refusal(code):
        raise Rejected(said(code, words), status=code)
    if not 200 <= code < 300:
        raise NotNow(_("The mail server did not take the mail now: %(words)s") % {"words": said(code, words)})


def _address(sender: str) -> str:
    return parseaddr(sender)[1]


def _close(backend: Any) -> None:
    with suppress(OSError):  # what the server thinks of a goodbye changes nothing
        backend.close()
