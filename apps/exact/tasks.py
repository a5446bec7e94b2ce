"""What the worker does for Exact by itself. Nothing is promised here: the sync states say what is due."""

import logging
from datetime import timedelta

from apps.core import clock, queue
from apps.core.http import RemoteError
from apps.exact import connection as oauth
from apps.exact import mirror
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
    """Refresh chains that nobody used for a day: an unused one dies after 30 days (Exact facts 1.3)."""
    idle = Connection.objects.filter(status=ConnectionStatus.ALIVE, issued_at__lt=clock.now() - UNUSED)
    for connection in idle.select_related("app"):
        try:
            oauth.access_token(connection)
        except RemoteError as error:
            log.warning("The access of %s could not be renewed: %s", connection, error)
