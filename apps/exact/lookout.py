"""What calls tell of a connection besides its renewals, and which connections somebody should look after now."""

from datetime import datetime

from django.db.models import Q

from apps.core import clock, queue
from apps.exact import chain, losses
from apps.exact.losses import Loss
from apps.exact.models import Connection, ConnectionStatus, Division

LOOK = "apps.exact.connection_tasks.look_after"


def note_reason(connection: Connection, division: Division | None, reason: str) -> None:
    """Store what the `Reason` of a refused call (403) says: of the connection, or of the division asked.

    What may be about the customer of one division is settled by a look at current/Me soon (Exact facts 1.7).
    """
    loss = losses.of_reason(reason)
    if loss is None or connection._state.adding:
        return
    of_division = loss in losses.OF_DIVISION
    if division and (of_division or loss in losses.OF_CUSTOMER):
        hit = Division.objects.filter(pk=division.pk).exclude(refused=loss).update(refused=loss)
        division.refused = loss
        if hit and not of_division:
            queue.ring(LOOK, connection.pk)
    elif not of_division:
        chain.read(connection)
        if connection.status != ConnectionStatus.LOST:
            chain.bar(connection, loss, reason)


def note_unaccepted(connection: Connection) -> None:
    """Let a worker find out soon, and once a minute, why Exact does not accept a pair that still lives (401)."""
    now = clock.now()
    until = min(now + chain.FIRST_PAUSE, chain.due_at(connection))
    same = Connection.objects.filter(
        pk=connection.pk, version=connection.version, status=ConnectionStatus.ALIVE
    )
    if now < until and same.filter(Q(try_at=None) | Q(try_at__lte=now)).update(try_at=until) == 1:
        queue.ring(LOOK, connection.pk)


def note_success(connection: Connection, division: Division | None) -> None:
    """Store that Exact lets the user in, where something else was known; costs nothing when all was well."""
    if division and division.refused:
        Division.objects.filter(pk=division.pk).update(refused="")
        division.refused = ""
    if connection.status == ConnectionStatus.BLOCKED and not connection._state.adding:
        blocked = Connection.objects.filter(pk=connection.pk, status=ConnectionStatus.BLOCKED)
        mended = blocked.update(**chain.SOUND) == 1
        chain.read(connection)
        if mended:
            chain.wake(connection)


def try_again(connection: Connection) -> bool:
    """Let a worker try at once what waits for its next try, or was refused without a reason.

    The secret of the app may be right now. False when a try cannot help: the chain is over, or the answer is only
    missing for less than a minute and may still come.
    """
    now = clock.now()
    same = Connection.objects.filter(pk=connection.pk)
    secret = same.filter(status=ConnectionStatus.LOST, loss=Loss.SECRET)
    unsure = Q(status=ConnectionStatus.UNSURE, troubled_at__lte=now - chain.FIRST_PAUSE)
    waiting = same.filter(unsure | Q(status=ConnectionStatus.BLOCKED))
    hit = secret.update(status=ConnectionStatus.UNSURE, try_at=now) or waiting.update(try_at=now)
    chain.read(connection)
    if hit:
        queue.ring(LOOK, connection.pk)
    return bool(hit)


def due() -> list[int]:
    """Return the keys of the connections to look after now.

    Those whose renewal was left in doubt by a process that ended, and those whose next try has come.
    """
    now = clock.now()
    left = Q(asked_at__isnull=False) & (Q(lease=None) | Q(leased_until__lt=now))
    troubled = Q(status__in=[ConnectionStatus.UNSURE, ConnectionStatus.BLOCKED])
    again = troubled & (Q(try_at__lte=now) | Q(try_at__gt=now + chain.FURTHEST))
    return list(Connection.objects.filter(left | again).values_list("pk", flat=True))


def unused(*, since: datetime) -> list[int]:
    """Return the keys of the connections that were not renewed since then and are not lost."""
    idle = Connection.objects.filter(issued_at__lt=since).exclude(status=ConnectionStatus.LOST)
    return list(idle.values_list("pk", flat=True))
