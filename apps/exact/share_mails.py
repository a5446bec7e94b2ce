"""Mails about share links: the link itself to whoever it is for, and to its maker how it ended.

Called by the worker only. The token of a link that goes by mail is kept encrypted until it went; then its hash alone.
"""

import logging
from datetime import timedelta

from django.core.mail import send_mail
from django.db.models import F, Q
from django.utils import translation

from apps.core import clock, queue
from apps.exact import share_mail_words, share_words, sharing
from apps.exact.models import ShareLink, ShareState
from apps.exact.models.share_link import ShareLinks

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=1)  # doubled after each attempt


def due() -> list[int]:
    """Return the keys of the links whose mail should go now; forget the tokens of those that open nothing now."""
    now = clock.now()
    waiting = ShareLink.objects.filter(mail_at__isnull=False)
    over = Q(expires_at__lte=now) | Q(made_by__is_active=False)
    waiting.filter(over).update(mail_at=None, unsent="")
    found = waiting.filter(mail_at__lte=now).exclude(state__in=ShareLink.ENDED)
    return list(found.values_list("pk", flat=True))


def untold() -> list[int]:
    """Return the keys of the links whose maker should be told now how they stand."""
    return list(_untold().values_list("pk", flat=True))


def _untold() -> ShareLinks:
    now = clock.now()
    news = Q(state__in=ShareLink.TOLD) | (Q(state=ShareState.MADE) & ~Q(trouble=""))
    found: ShareLinks = ShareLink.objects.filter(
        news, Q(tell_at=None) | Q(tell_at__lte=now), made_by__isnull=False, tell_attempts__lt=MOST_ATTEMPTS
    )
    return found.exclude(told_of=F("state"))


def send(pk: int) -> bool:
    """Claim one attempt, send, and forget the token: killed in between, the same mail is sent once more."""
    link = _of(pk)
    same = ShareLink.objects.filter(pk=pk, mail_at=link.mail_at)
    if not link.unsent or not link.mail_at or not link.is_open or link.mail_at > clock.now():
        return False
    pause = FIRST_PAUSE * 2**link.mail_attempts
    if same.update(mail_attempts=F("mail_attempts") + 1, mail_at=clock.now() + pause) != 1:
        return False
    with translation.override(link.language):
        subject, body = share_mail_words.invitation(link)
    sent = _sent(link, subject, body, link.email)
    if sent:
        _forget(link)
    elif link.mail_attempts + 1 >= MOST_ATTEMPTS:
        _give_up(link)
    return sent


def _forget(link: ShareLink) -> None:
    ShareLink.objects.filter(pk=link.pk).update(mail_at=None, unsent="")


def _give_up(link: ShareLink) -> None:
    """Say on the link that its mail did not go, unless somebody opened it meanwhile, and let the maker know."""
    said = share_words.in_both(lambda: share_words.unmailed(link))
    if link.move(was=ShareState.MADE, **said, **ShareLink.NEWS):
        queue.ring(sharing.TELL, link.pk)
    _forget(link)


def tell(pk: int) -> bool:
    """Tell the maker that the link is done, was used for the wrong administration or could not be mailed.

    Once for each: claims an attempt, sends, and keeps that it went; killed in between, the mail goes once more.
    """
    link = _of(pk)
    if link.made_by is None or not _untold().filter(pk=pk).exists():
        return False
    same = ShareLink.objects.filter(
        pk=pk, state=link.state, tell_at=link.tell_at, tell_attempts=link.tell_attempts
    )
    pause = FIRST_PAUSE * 2**link.tell_attempts
    if same.update(tell_attempts=F("tell_attempts") + 1, tell_at=clock.now() + pause) != 1:
        return False
    with translation.override(link.made_by.language):
        subject, body = share_mail_words.report(link)
    sent = _sent(link, subject, body, link.made_by.email)
    if sent:
        ShareLink.objects.filter(pk=pk).update(told_of=link.state)
    return sent


def _of(pk: int) -> ShareLink:
    found: ShareLink = ShareLink.objects.select_related("administration", "division", "made_by").get(pk=pk)
    return found


def _sent(link: ShareLink, subject: str, body: str, to: str) -> bool:
    try:
        send_mail(" ".join(subject.split()), body, None, [to])
    except (OSError, ValueError) as error:  # OSError: also what smtplib raises; ValueError: an odd address
        log.warning("The mail about share link %s could not be sent: %s", link.pk, error)
        return False
    return True
