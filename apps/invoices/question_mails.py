"""Questions to clients on their way by mail: each sent until it was, with a link that answers it without an account.

Called by the worker only. The secret in the link is worked out when it is sent and not kept, so that a mail that is
tried again, after a worker died, carries the same link; the row keeps its SHA-256, written with the attempt. With
another SECRET_KEY it is another link, and the earlier one says that a newer mail was sent.
"""

import hashlib
import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from apps.core import clock
from apps.invoices.models import UNDER_WAY, ClientQuestion, ClientQuestions, Invoice, State

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=1)  # doubled after each attempt
NOT_YET = timedelta(minutes=1)
LANGUAGES = ("nl", "en")


def secret_of(question: ClientQuestion) -> str:
    """Return the secret in the next link of `question`: 64 characters that only who has SECRET_KEY can work out."""
    which = len(question.old_digests.split())  # each mail that replaces another one has a link of its own
    value = f"{question.pk} {question.asked_at.isoformat()}{f' {which}' if which else ''}"
    return salted_hmac("postkamer.client-question", value, algorithm="sha256").hexdigest()


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def replaced(question: ClientQuestion) -> str:
    """Return the digests of links that do not count any more once another one takes the place of the present one."""
    return " ".join(filter(None, [question.old_digests, question.digest]))


def can_be_sent(to: str) -> bool:
    """Tell whether a question can go by mail at all: to somebody, with a link that leads here."""
    return bool(to and settings.PUBLIC_URL)


def send_due() -> int:
    """Send what is due; return how many mails went."""
    due = ClientQuestion.objects.filter(sent_at=None, closed_at=None, answered_at=None)
    due = due.filter(next_attempt_at__lte=clock.now()).select_related("invoice__administration")
    return sum(_send(question) for question in due.order_by("next_attempt_at"))


def _send(question: ClientQuestion) -> bool:
    """Claim one attempt, send, and say so: killed in between, the same mail is sent once more."""
    pause = FIRST_PAUSE * 2**question.attempts
    is_on_its_way = _is_on_its_way(question.invoice)
    secret = secret_of(question)
    digest = digest_of(secret)
    is_other = is_on_its_way and digest != question.digest
    same = _same(question).filter(digest=question.digest)
    claimed = same.filter(next_attempt_at=question.next_attempt_at).update(
        digest=digest if is_on_its_way else question.digest,
        old_digests=replaced(question) if is_other else question.old_digests,
        attempts=F("attempts") + (1 if is_on_its_way else 0),
        next_attempt_at=clock.now() + (pause if is_on_its_way else NOT_YET),
        expires_at=clock.now() + timedelta(days=settings.CLIENT_QUESTION_DAYS),
    )
    if claimed != 1 or not is_on_its_way:
        return False
    same = _same(question).filter(digest=digest)  # not any more when somebody asks for a newer mail meanwhile
    subject, body = _mail(question, secret)
    try:
        send_mail(subject, body, None, [question.to])
    except (OSError, ValueError) as error:  # OSError: also what smtplib raises; ValueError: an odd address
        log.warning("Question %s could not be sent: %s", question.pk, error)
        is_last = {"next_attempt_at": None} if question.attempts + 1 >= MOST_ATTEMPTS else {}
        same.update(
            trouble=_("The mail could not be sent: %(error)s") % {"error": str(error)[:200]}, **is_last
        )
        return False
    return same.update(sent_at=clock.now(), next_attempt_at=None, trouble="") == 1


def _same(question: ClientQuestion) -> ClientQuestions:
    rows: ClientQuestions = ClientQuestion.objects.filter(pk=question.pk, sent_at=None, closed_at=None)
    return rows


def _is_on_its_way(invoice: Invoice) -> bool:
    """Tell whether the booking on suspense stands: past the minutes for undo, agreed with, not taken back."""
    if invoice.state == State.READY:
        return invoice.waits_until is None or invoice.waits_until <= clock.now()
    return invoice.state in UNDER_WAY and invoice.removal_id is None


def facts_of(invoice: Invoice) -> dict[str, str]:
    """Return what the client is told of a document: supplier, number, date and amount, and nothing else."""
    return {
        "supplier": invoice.supplier_name or invoice.vendor_name,
        "number": invoice.number or "-",
        "date": date_format(invoice.issue_date, "j-n-Y"),
        "amount": f"{invoice.currency} {number_format(invoice.gross, 2, force_grouping=True)}",
        "administration": invoice.administration.name if invoice.administration else "",
    }


def _mail(question: ClientQuestion, secret: str) -> tuple[str, str]:
    """Return subject and body, first in Dutch and then in English: nobody knows which one the client reads."""
    with translation.override(LANGUAGES[0]):
        subject = _("Question about an invoice of %(supplier)s") % facts_of(question.invoice)
    parts = []
    for language in LANGUAGES:
        with translation.override(language):
            parts.append(_body(question, secret))
    return " ".join(subject.split()), "\n\n---\n\n".join(parts) + "\n"


def _body(question: ClientQuestion, secret: str) -> str:
    facts = facts_of(question.invoice)
    days = settings.CLIENT_QUESTION_DAYS
    link = reverse("questions:answer", args=(secret,))
    return "\n\n".join(
        [
            _("We have a question about an invoice for %(administration)s.") % facts,
            _("Supplier: %(supplier)s\nNumber: %(number)s\nDate: %(date)s\nAmount: %(amount)s") % facts,
            question.text,
            _("Answer here, without an account (within %(days)d days):") % {"days": days},
            f"{settings.PUBLIC_URL}{link}",
        ]
    )
