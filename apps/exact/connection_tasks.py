"""What the worker does for the connections with Exact: their rows say what is due."""

import logging
from datetime import timedelta

from apps.core import clock, queue
from apps.core.http import RemoteError
from apps.exact import alarms, chain, lookout, rescuing, share_mails, sharing, signing_in
from apps.exact import connection as oauth
from apps.exact.client import Exact
from apps.exact.models import Connection, ConnectionStatus

log = logging.getLogger(__name__)
UNUSED = timedelta(days=1)


def keep_alive() -> None:
    """Once a day: renew chains that nobody used for a day, for an unused one dies after 30 (Exact facts 1.3).

    Then warn of those that could not be renewed for long, and forget sign-ins that nobody came back from.
    """
    for pk in lookout.unused(since=clock.now() - UNUSED):
        look_after(pk)
    alarms.warn()
    signing_in.forget_old()


def watch_connections() -> None:
    """Each minute: renewals that a killed process left in doubt, tries that are due, losses not yet told.

    And the pairs of sign-ins that were cut off, and the mails of share links that did not go yet.
    """
    for pk in rescuing.due():
        queue.ring(rescuing.RESCUE, pk)
    for pk in lookout.due():
        queue.ring(lookout.LOOK, pk)
    for pk in alarms.untold():
        queue.ring(chain.TELL, pk)
    for pk in share_mails.due():
        queue.ring(sharing.MAIL, pk)
    for pk in share_mails.untold():
        queue.ring(sharing.TELL, pk)


def look_after(pk: int) -> None:
    """Find out how one connection stands, by the one call that needs no division; its row says what came of it."""
    connection = Connection.objects.select_related("app").get(pk=pk)
    try:
        Exact(connection).me()
    except RemoteError as error:
        if error.status == 401:
            oauth.prove(connection)
        log.warning("The access of %s could not be used: %s", connection, error)


def rescue_pair(pk: int) -> None:
    """Ask whose the pair of a sign-in is that was cut off, and give it to that chain."""
    try:
        rescuing.try_again(pk)
    except RemoteError as error:
        log.warning("Nobody knows yet whose sign-in %s is: %s", pk, error)


def tell(pk: int) -> None:
    """Tell the owner of one connection what is wrong with it, once for each trouble."""
    alarms.tell(Connection.objects.select_related("app", "owner").get(pk=pk))


def refresh_divisions() -> None:
    """Each night: ask which divisions each connection reaches, and which of them were moved."""
    for pk in Connection.objects.exclude(status=ConnectionStatus.LOST).values_list("pk", flat=True):
        queue.ring("apps.exact.connection_tasks.list_divisions", pk)


def list_divisions(pk: int) -> None:
    """Ask which divisions one connection reaches."""
    connection = Connection.objects.select_related("app").get(pk=pk)
    try:
        signing_in.refresh_divisions(connection)
    except RemoteError as error:
        log.warning("The divisions of %s could not be read: %s", connection, error)
