"""What the worker does for Exact by itself. Nothing is promised here: the sync states say what is due."""

import logging
from datetime import timedelta

from apps.core import clock, queue
from apps.core.http import RemoteError
from apps.exact import alarms, chain, mirror, signing_in
from apps.exact import connection as oauth
from apps.exact.client import Exact
from apps.exact.models import Connection, ConnectionStatus, Division

log = logging.getLogger(__name__)
UNUSED = timedelta(days=1)


def sync_division(pk: int) -> None:
    """Bring all mirrors of one division up to date."""
    division = Division.objects.select_related("connection__app").get(pk=pk)
    mirror.sync(division)
    queue.ring("mirrors_read", division.pk)


def nightly_sync() -> None:
    """Ring for each linked division, so that one division per task is read."""
    linked = Division.objects.filter(administration__isnull=False, connection__isnull=False)
    for pk in linked.values_list("pk", flat=True):
        queue.ring("apps.exact.tasks.sync_division", pk)


def resume_syncs() -> None:
    """Go on with what did not come to its end: Exact's call limit, no answer, a killed worker."""
    due = Division.objects.filter(sync_states__resume_at__lte=clock.now(), connection__isnull=False)
    for pk in due.distinct().values_list("pk", flat=True):
        queue.ring("apps.exact.tasks.resume_division", pk)


def resume_division(pk: int) -> None:
    """Read on in the mirrors of one division that are due to go on."""
    division = Division.objects.select_related("connection__app").get(pk=pk)
    mirror.sync(division, mirror.unfinished(division))
    queue.ring("mirrors_read", division.pk)


def keep_alive() -> None:
    """Once a day: renew chains that nobody used for a day, for an unused one dies after 30 (Exact facts 1.3).

    Then warn of those that could not be renewed for long, and forget sign-ins that nobody came back from.
    """
    for pk in chain.unused(since=clock.now() - UNUSED):
        look_after(pk)
    alarms.warn()
    signing_in.forget_old()


def watch_connections() -> None:
    """Each minute: renewals that a killed process left in doubt, tries that are due, losses not yet told."""
    for pk in chain.due():
        queue.ring(chain.LOOK, pk)
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


def try_again(pk: int) -> None:
    """Try a chain once more that was refused without a reason: after the secret of the app was put right."""
    chain.try_again(Connection.objects.get(pk=pk))


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
