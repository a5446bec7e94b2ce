"""What Exact told us through webhooks: kept first, and then only a hint to read a mirror early (Exact facts 7).

A notice counts as handled when a sync that began after it came in has ended. So doubled, reordered and lost ones
all end the same, a killed worker changes nothing, and a notice that comes in during a sync costs one more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from apps.core import clock
from apps.exact import hook_signature
from apps.exact.hook_signature import Notification
from apps.exact.models import Division, ExactApp, Notice, OwnWrite, SyncState
from apps.exact.resources import RESOURCES

REPLAY = timedelta(days=2)  # Exact repeats what was not answered; a dated notice of this age is the same one
CROWD = timedelta(seconds=5)
ECHOES_WITHIN = timedelta(minutes=10)
NOTICES_KEPT = timedelta(days=30)
WRITES_KEPT = timedelta(days=7)
_NEVER = datetime.min.replace(tzinfo=UTC)
CREATE, DELETE = "Create", "Delete"
_LEDGER = (
    "PurchaseEntries",
    "SalesEntries",
    "BankEntries",
    "CashEntries",
    "GeneralJournalEntries",
    "FinancialTransactions",
)
MIRRORS = {
    "Accounts": "relations",
    "BankAccounts": "bank_accounts",
    "Items": "items",
    "GLAccounts": "gl_accounts",
    "JournalStatus": "journal_statuses",
    "PurchaseOrders": "purchase_orders",
    **dict.fromkeys(_LEDGER, "ledger"),
}


@dataclass(frozen=True, slots=True)
class _Told:
    """All unhandled notices of one topic and action in one division; `newest` is when the last one came in."""

    division: Division | None
    topic: str
    action: str
    newest: datetime
    notices: QuerySet[Notice]

    @property
    def mirrors(self) -> list[str]:
        """The mirrors that may be behind now; none for a topic that we do not mirror."""
        names = [MIRRORS.get(self.topic, ""), "deleted" if self.action == DELETE else ""]
        return [name for name in names if name in RESOURCES] if names[0] else []


def receive(app: ExactApp, body: bytes) -> bool:
    """Keep the notification in the raw `body`; False for one that is kept already.

    Without a date in it, a second change of an entity reads like the first: then only an unhandled one is a double.
    Raises hook_signature.Malformed or Forged, and then nothing is kept.
    """
    told = hook_signature.read(body, secret=app.webhook_secret, client_id=app.client_id)
    with transaction.atomic():
        ExactApp.objects.select_for_update(no_key=True).get(pk=app.pk)  # the same notice twice at once
        if _is_kept(app, told):
            return False
        Notice.objects.create(
            app=app,
            content=told.content,
            digest=told.digest,
            topic=told.topic,
            division_code=told.division,
            action=told.action,
            key=told.key,
            received_at=clock.now(),
        )
    return True


def is_first_of_many(app: ExactApp) -> bool:
    """Tell whether the notice that was just kept came alone so far, for one bell is enough for a crowd of them.

    The others are found with the first, or within the minute.
    """
    crowd = Notice.objects.filter(app=app, handled_at=None, received_at__gt=clock.now() - CROWD)
    return len(crowd.values_list("pk")[:2]) < 2


def handle() -> list[int]:
    """Go through the unhandled notices; return the primary keys of the divisions to sync now.

    Own echoes and what concerns no mirror are done at once. A mirror that may be behind is read early, but not
    more often than every HINT_PAUSE_SECONDS, and not while it is being read or waits for Exact already.
    """
    _recognise_echoes()
    due: set[int] = set()
    for told in _waiting():
        due.update(state.division_id for state in _behind(told) if _hint(state))
    return sorted(due)


def prune() -> None:
    """Remove old notices and the memory of own writes."""
    Notice.objects.filter(received_at__lt=clock.now() - NOTICES_KEPT).delete()
    OwnWrite.objects.filter(written_at__lt=clock.now() - WRITES_KEPT).delete()


def _is_kept(app: ExactApp, told: Notification) -> bool:
    same = Notice.objects.filter(app=app, digest=told.digest, received_at__gte=clock.now() - REPLAY)
    return same.exists() if told.dated else same.filter(handled_at=None).exists()


def _recognise_echoes() -> None:
    """Mark what we created ourselves. A later change of it is somebody else's: we never change what we wrote.

    The lines of our entries are told too, under ids that we never hear of: those that come with an entry of ours.
    Had somebody else made that entry, its header would be told as well.
    """
    ours = OwnWrite.objects.filter(division__app=OuterRef("app"), division__code=OuterRef("division_code"))
    just_now = ours.filter(
        written_at__gt=OuterRef("received_at") - ECHOES_WITHIN,
        written_at__lt=OuterRef("received_at") + timedelta(seconds=settings.SETTLE_SECONDS),
    )
    created = Notice.objects.filter(handled_at=None, action=CREATE)
    lines = created.filter(topic__in=(*_LEDGER, "PurchaseOrders"), content__contains="Lines(")
    for echoes in (created.filter(Exists(ours.filter(key=OuterRef("key")))), lines.filter(Exists(just_now))):
        echoes.update(handled_at=clock.now(), is_echo=True)


def _waiting() -> Iterable[_Told]:
    """Return what waits, by division and topic. What was created just now may be ours: our answer is under way."""
    settled = clock.now() - timedelta(seconds=settings.SETTLE_SECONDS)
    open_ = Notice.objects.filter(handled_at=None).exclude(action=CREATE, received_at__gt=settled)
    groups: list[dict[str, Any]] = list(
        open_.order_by("app", "division_code")
        .values("app", "division_code", "topic", "action")
        .annotate(newest=Max("received_at"))
    )
    for group in groups:
        newest = group.pop("newest")
        notices = open_.filter(**group)
        division = Division.objects.filter(app=group["app"], code=group["division_code"]).first()
        yield _Told(division, group["topic"], group["action"], newest, notices)


def _behind(told: _Told) -> list[SyncState]:
    """Return the mirrors that were not read since; what came in before all of them were read is handled."""
    now = clock.now()
    states = list(SyncState.objects.filter(division=told.division, resource__in=told.mirrors))
    read_at = min(map(_read_at, states), default=now)
    told.notices.filter(received_at__lt=read_at).update(handled_at=now)
    return [state for state in states if _read_at(state) < told.newest]


def _read_at(state: SyncState) -> datetime:
    """Return when the last run that came to its end began."""
    return state.synced_at - timedelta(seconds=state.seconds) if state.synced_at else _NEVER


def _hint(state: SyncState) -> bool:
    """Let the mirror be read early; True when that may happen now.

    Not before its first sync, and not after a refusal that a person must end: trying again would be refused too.
    """
    if state.synced_at is None:
        return False
    due = max(clock.now(), state.synced_at + timedelta(seconds=settings.HINT_PAUSE_SECONDS))
    free = SyncState.objects.filter(pk=state.pk, resume_at=None, trouble="")
    return free.update(resume_at=due) == 1 and due <= clock.now()
