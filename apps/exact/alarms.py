"""Telling people that a connection is in trouble, or will end: by mail once for each trouble, and on their pages.

Called by the worker only, never inside a request or a transaction.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F, Q
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from apps.core import clock
from apps.exact.models import Connection, ConnectionStatus
from apps.people.models import Role, User

log = logging.getLogger(__name__)
WARN_AFTER = (timedelta(days=20), timedelta(days=25))  # an unused chain ends after 30 (Exact facts 1.3)
Text = Callable[[Connection], tuple[str, str]]


def tell(connection: Connection) -> bool:
    """Mail the owner what is wrong and what to do, once for each trouble; False when there was nothing to tell.

    A mail that fails is sent by a later call.
    """
    untold = Connection.objects.filter(pk=connection.pk, loss=connection.loss, status=connection.status)
    untold = untold.filter(told_at=None).exclude(status=ConnectionStatus.ALIVE)
    if untold.update(told_at=clock.now()) != 1:
        return False
    if _mail(connection, _trouble):
        return True
    Connection.objects.filter(pk=connection.pk, loss=connection.loss).update(told_at=None)
    return False


def warn() -> int:
    """Mail the owners of chains that nobody could renew for 20 days, and again after 25; return how many mails."""
    return sum(_warned(connection) for connection in _ending())


def untold() -> list[int]:
    """Return the keys of the connections in trouble whose owner has not been told yet."""
    found = Connection.objects.exclude(status=ConnectionStatus.ALIVE).filter(told_at=None)
    return list(found.values_list("pk", flat=True))


def troubled(user: User) -> list[Connection]:
    """Return the connections in trouble that are this person's business: their own, and those they may see.

    Each says `sentences` and `remedy`; for a banner on every page.
    """
    theirs = Q(owner=user.pk) | Q(pk__in=Connection.objects.visible_to(user).values("pk"))
    wrong = Connection.objects.exclude(status=ConnectionStatus.ALIVE).filter(theirs)
    return list(wrong.select_related("app").order_by("troubled_at", "pk"))


def people_of(connection: Connection) -> list[User]:
    """Return who is told: the owner, or every administrator when there is none who still works here."""
    if connection.owner and connection.owner.is_active:
        return [connection.owner]
    rights = Q(role=Role.ADMINISTRATOR) | Q(is_superuser=True)
    return list(User.objects.filter(rights, is_active=True).order_by("pk"))


def _ending() -> list[Connection]:
    """Return the chains that have come to a warning which was not given yet."""
    first, second = WARN_AFTER
    now = clock.now()
    unwarned = Q(issued_at__lt=now - first, warned_at=None)
    again = Q(issued_at__lt=now - second, warned_at__lt=F("issued_at") + second)
    living = Connection.objects.exclude(status=ConnectionStatus.LOST).filter(
        issued_at__gt=now - timedelta(days=30)
    )
    return list(living.filter(unwarned | again).select_related("app", "owner"))


def _warned(connection: Connection) -> bool:
    same = Connection.objects.filter(pk=connection.pk, issued_at=connection.issued_at)
    if same.filter(warned_at=connection.warned_at).update(warned_at=clock.now()) != 1:
        return False
    sent = _mail(connection, _warning)
    if not sent:
        same.update(warned_at=connection.warned_at)
    return sent


def _mail(connection: Connection, text: Text) -> bool:
    """Send everybody concerned `text` in their language; False when no mail at all could be sent.

    Whoever has no address that works is left out: the others must not get the mail again for that.
    """
    sent = [_sent(connection, person, text) for person in people_of(connection)]
    return not sent or any(sent)


def _sent(connection: Connection, person: User, text: Text) -> bool:
    with translation.override(person.language):
        subject, body = text(connection)
    try:
        send_mail(" ".join(subject.split()), body, None, [person.email])
    except (OSError, ValueError) as error:  # OSError: also what smtplib raises; ValueError: an odd address
        log.warning("The mail about %s could not be sent: %s", connection, error)
        return False
    return True


def _trouble(connection: Connection) -> tuple[str, str]:
    subject = _("Exact Online: the connection of %(name)s needs attention") % {"name": connection.user_name}
    remedy = connection.remedy
    lines = [str(remedy.sentence), str(remedy.remedy)] if remedy else []
    if connection.trouble:
        lines.append(_("Exact Online says: %(words)s") % {"words": connection.trouble})
    return subject, _body(connection, lines)


def _warning(connection: Connection) -> tuple[str, str]:
    values = {"name": connection.user_name, "date": formats.date_format(clock.local_date(connection.ends_at))}
    subject = _("Exact Online: the connection of %(name)s ends on %(date)s") % values
    lines = [
        _("Nobody could renew this connection for a long time. Exact Online ends it on %(date)s.") % values,
        _(
            "Sign in to Exact Online again before that day, and see on the health page whether the worker runs."
        ),
    ]
    return subject, _body(connection, lines)


def _body(connection: Connection, lines: list[str]) -> str:
    page = reverse("admin:exact_connection_change", args=[connection.pk])
    link = [f"{settings.PUBLIC_URL.rstrip('/')}{page}"] if settings.PUBLIC_URL else []
    return "\n\n".join([str(connection), *lines, *link]) + "\n"
