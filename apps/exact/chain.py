"""What is stored of a token chain: whether its pair may be used now, and what a renewal has come to.

Every change is one guarded statement of its own, compared on `version` and on the renewal under way
(`asked_at`): a sign-in or another process that was faster wins. Nothing here asks Exact anything.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from apps.core import clock, http, queue
from apps.exact import losses
from apps.exact.losses import Loss
from apps.exact.models import Connection, ConnectionStatus, SyncState

EARLIEST_REFRESH = timedelta(seconds=570)
MARGIN = timedelta(seconds=25)
LAST = timedelta(seconds=5)  # how long before its end a pair is still used that cannot be renewed now
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
FURTHEST = 2 * LONGEST_PAUSE  # a next try that is further off was planned by a clock that has been put right
BLOCKED_PAUSE = timedelta(minutes=15)
TELL = "apps.exact.connection_tasks.tell"
MENDED = "connection_mended"
STORED = (
    "access_token",
    "refresh_token",
    "issued_at",
    "expires_at",
    "version",
    "status",
    "loss",
    "trouble",
    "troubled_at",
    "try_at",
    "asked_at",
    "told_at",
)
SOUND: dict[str, Any] = {
    "status": ConnectionStatus.ALIVE,
    "loss": "",
    "trouble": "",
    "troubled_at": None,
    "try_at": None,
    "told_at": None,
}


def read(connection: Connection) -> None:
    """Bring `connection` up to what is stored."""
    connection.refresh_from_db(fields=STORED)


def is_fresh(connection: Connection) -> bool:
    """Tell whether the pair in `connection` is good without a look at what is stored: sound and not due."""
    return connection.status == ConnectionStatus.ALIVE and clock.now() < due_at(connection)


def usable_token(connection: Connection, refused: str = "") -> str | None:
    """Return the access token that may be used now, None when a new pair has to be asked for first.

    `refused` is one that Exact did not accept. While a renewal is in doubt or waits, the present pair is used to
    its end, for it lives on (Exact facts 1.3). Raises Unauthorised while the owner must act or Exact bars the
    user, and Temporary (with its moment) while nobody may ask.
    """
    now = clock.now()
    waits = connection.try_at is not None and now < connection.try_at <= now + FURTHEST
    barred = connection.status == ConnectionStatus.BLOCKED
    if connection.status == ConnectionStatus.LOST or (barred and waits):
        raise http.Unauthorised(connection.sentences)
    in_doubt = waits or connection.status == ConnectionStatus.UNSURE
    until = connection.expires_at - LAST if in_doubt else due_at(connection)
    if connection.access_token != refused and now < until:
        return _probing(connection) if barred else str(connection.access_token)
    if waits and connection.try_at:
        words = connection.sentences or _("The access to Exact Online cannot be renewed just now.")
        raise http.Temporary(words, retry_at_ms=int(connection.try_at.timestamp() * 1000))
    return None


def due_at(connection: Connection) -> datetime:
    return max(connection.expires_at - MARGIN, connection.issued_at + EARLIEST_REFRESH)


def is_young(connection: Connection) -> bool:
    """Tell whether Exact would say "not expired" to a renewal now. A pair of the future: our clock was put right."""
    now = clock.now()
    return connection.issued_at - FIRST_PAUSE <= now < connection.issued_at + EARLIEST_REFRESH


def _probing(connection: Connection) -> str:
    """Let one caller find out whether Exact lets the user in again; the others wait for the next turn."""
    seen, until = connection.try_at, clock.now() + BLOCKED_PAUSE
    same = Connection.objects.filter(pk=connection.pk, status=ConnectionStatus.BLOCKED, try_at=seen)
    if same.update(try_at=until) != 1:
        raise http.Unauthorised(connection.sentences)
    connection.try_at = until
    return str(connection.access_token)


def begin(connection: Connection) -> bool:
    """Store that a renewal is about to be sent; False when another pair was stored meanwhile."""
    hit = _store(connection, asked_at=clock.now())
    read(connection)
    return hit


def renewed(connection: Connection, pair: dict[str, Any]) -> None:
    """Store a new pair. Whoever Exact barred stays so until a call succeeds: the pair alone proves nothing."""
    seen = Connection.objects.filter(pk=connection.pk, version=connection.version)
    values = {**pair, "version": F("version") + 1, "asked_at": None, "warned_at": None}
    was_sound = connection.status == ConnectionStatus.ALIVE
    stored = seen.exclude(status=ConnectionStatus.BLOCKED).update(**values, **SOUND)
    if not stored:
        seen.update(**values, try_at=clock.now() + BLOCKED_PAUSE)
    read(connection)
    if stored and not was_sound:
        wake(connection)


def put_off(connection: Connection, pause: timedelta) -> None:
    """Store that nothing has happened; nobody asks again before `pause` is over."""
    if connection.status == ConnectionStatus.BLOCKED:
        pause = BLOCKED_PAUSE
    elif connection.status == ConnectionStatus.UNSURE:
        pause = _pause(connection)
    _store(connection, asked_at=None, try_at=clock.now() + pause)
    read(connection)


def unanswered(connection: Connection, words: str) -> None:
    """Store that a renewal got no answer and may have been done: told at once, tried again once in a while."""
    try_at = clock.now() + _pause(connection)
    _trouble(connection, ConnectionStatus.UNSURE, Loss.NO_ANSWER, words, try_at=try_at, asked_at=None)


def refused(connection: Connection, loss: Loss, words: str) -> None:
    """Store that Exact refused a renewal: the chain is over, or its user is barred for now."""
    if loss in losses.BARRED:
        bar(connection, loss, words, asked_at=None)
        return
    if connection.loss == Loss.NO_ANSWER and loss == Loss.REPLACED:
        loss = Loss.NO_ANSWER  # the successor is the pair whose answer we never got
    elif loss != Loss.UNUSED and clock.now() > connection.ends_at:
        loss = Loss.UNUSED
    _trouble(connection, ConnectionStatus.LOST, loss, words, try_at=None, asked_at=None)


def bar(connection: Connection, loss: Loss, words: str, **more: Any) -> None:
    """Store that Exact does not let the user in at present; one caller looks again every quarter of an hour."""
    try_at = clock.now() + BLOCKED_PAUSE
    _trouble(connection, ConnectionStatus.BLOCKED, loss, words, try_at=try_at, **more)


def unaccepted(connection: Connection) -> None:
    """Store that Exact accepts the pair no more and would not say why yet: asked again when a new one is due."""
    words = _("Exact Online did not accept our access before it was over.")
    _trouble(connection, ConnectionStatus.BLOCKED, Loss.OTHER, words, try_at=due_at(connection))


def wake(connection: Connection) -> None:
    """Keep that `connection` works again, and let go on what waited for it."""
    _remember(connection)
    go_on(connection)


def go_on(connection: Connection) -> None:
    """Make due what failed in the mirrors of this connection's divisions, and ring for whoever waits above."""
    failed = SyncState.objects.filter(division__connection=connection.pk).exclude(trouble="")
    failed.update(resume_at=clock.now())
    queue.ring(MENDED, connection.pk)


def _pause(connection: Connection) -> timedelta:
    """As long as the trouble lasts already: each pause is about twice the one before."""
    lasts = clock.now() - (connection.troubled_at or clock.now())
    return min(max(lasts, FIRST_PAUSE), LONGEST_PAUSE)


def _trouble(
    connection: Connection, status: ConnectionStatus, loss: Loss, words: str, **more: datetime | None
) -> None:
    """Store what is wrong, and ring once for each thing that its owner has not been told of."""
    given_up = connection.loss == Loss.NO_ANSWER and connection.status != status
    known = connection.loss == loss and not given_up
    values: dict[str, Any] = {"status": status, "loss": loss, "trouble": words[:500], **more}
    if not known:
        values["told_at"] = None
    if not connection.troubled_at:
        values["troubled_at"] = clock.now()
    stored = _store(connection, **values)
    read(connection)
    if stored and not known:
        _remember(connection)
        queue.ring(TELL, connection.pk)


def _remember(connection: Connection) -> None:
    """Put a change into the history; guarded updates pass it by."""
    why = connection.get_loss_display() or _("works again")
    Connection.history.bulk_history_create(
        [connection], update=True, default_change_reason=why, default_date=clock.now()
    )


def _store(connection: Connection, **values: Any) -> bool:
    seen = {"pk": connection.pk, "version": connection.version, "asked_at": connection.asked_at}
    return Connection.objects.filter(**seen).update(**values) == 1
