"""What the worker does for Exact by itself. Nothing is promised here: the sync states say what is due."""

import logging
from datetime import datetime, timedelta

from apps.core import clock, crew, queue
from apps.core.http import RemoteError
from apps.exact import alarms, chain, lookout, signing_in, syncing
from apps.exact import connection as oauth
from apps.exact.client import Exact
from apps.exact.models import Connection, ConnectionStatus, Division

log = logging.getLogger(__name__)
UNUSED = timedelta(days=1)


def sync_division(pk: int) -> None:
    """Begin a run of one division now: it was linked, or a person asks. What is left of it is for the round."""
    division = _division(pk)
    syncing.make_due(division)
    syncing.sync_due(division)


def resume_division(pk: int) -> datetime | None:
    """Read what is due of one division; return when it wants to go on."""
    return syncing.sync_due(_division(pk))


def sync_round(stay: int = 0) -> None:
    """Read what is due of all divisions, side by side; `stay`: seconds since 1970."""
    crew.hold_round("apps.exact.tasks.sync_round", syncing.divisions_due, resume_division, stay=stay)


def _division(pk: int) -> Division:
    found: Division = Division.objects.select_related("app", "connection__app").get(pk=pk)
    return found


def keep_alive() -> None:
    """Once a day: renew chains that nobody used for a day, for an unused one dies after 30 (Exact facts 1.3).

    Then warn of those that could not be renewed for long, and forget sign-ins that nobody came back from.
    """
    for pk in lookout.unused(since=clock.now() - UNUSED):
        look_after(pk)
    alarms.warn()
    signing_in.forget_old()


def watch_connections() -> None:
    """Each minute: renewals that a killed process left in doubt, tries that are due, losses not yet told."""
    for pk in lookout.due():
        queue.ring(lookout.LOOK, pk)
    for pk in alarms.untold():
        queue.ring(chain.TELL, pk)


def look_after(pk: int) -> None:
    """Find out how one connection stands, by the one call that needs no division; its row says what came of it."""
    connection = Connection.objects.select_related("app").get(pk=pk)
    try:
        Exact(connection).me()
    except RemoteError as error:
        if error.status == 401:
            oauth.prove(connection)
        log.warning("The access of %s could not be used: %s", connection, error)


def tell(pk: int) -> None:
    """Tell the owner of one connection what is wrong with it, once for each trouble."""
    alarms.tell(Connection.objects.select_related("app", "owner").get(pk=pk))


def refresh_divisions() -> None:
    """Each night: ask which divisions each connection reaches, and which of them were moved."""
    for pk in Connection.objects.exclude(status=ConnectionStatus.LOST).values_list("pk", flat=True):
        queue.ring("apps.exact.tasks.list_divisions", pk)


def list_divisions(pk: int) -> None:
    """Ask which divisions one connection reaches."""
    connection = Connection.objects.select_related("app").get(pk=pk)
    try:
        signing_in.refresh_divisions(connection)
    except RemoteError as error:
        log.warning("The divisions of %s could not be read: %s", connection, error)
