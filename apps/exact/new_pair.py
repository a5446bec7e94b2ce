"""What the pair of a sign-in does to the stored chain of whoever signed in.

A second authorisation of the same app by the same Exact user ends the chain before it (Exact facts 1.3). So the pair
goes to a chain that lives at once, whatever becomes of the sign-in; a user who is new here gets one at the end only.
"""

from uuid import UUID

from django.db import transaction

from apps.core import clock
from apps.exact import chain
from apps.exact.losses import Loss
from apps.exact.models import Connection, ConnectionStatus, SignIn
from apps.exact.visitors import Visitor
from apps.people.models import User

PAIR = ("access_token", "refresh_token", "issued_at", "expires_at")


def of(begun: SignIn) -> Connection:
    """Return the pair that was kept for a sign-in, as an unsaved connection."""
    return Connection(app=begun.app, **{name: getattr(begun, name) for name in PAIR})


def rescue(draft: Connection, who: Visitor) -> Connection | None:
    """Give the living chain of `who` the pair in `draft`; None when there is none to save.

    Nothing else of the row changes: not whose it is, nor what it serves.
    """
    with transaction.atomic():
        kept = _kept(draft, who.user)
        if kept is None or (kept.status == ConnectionStatus.LOST and not _ended_by(draft, kept)):
            return None
        was = kept.status
        if not _is_overtaken(kept, draft):
            _store(kept, draft)
    if was != ConnectionStatus.ALIVE:
        chain.wake(kept)
    return kept


def keep(draft: Connection, who: Visitor, owner: User | None, *, is_shared: bool | None = None) -> Connection:
    """Make the pair the chain of `who` and return that; inside the transaction of the caller.

    Of two sign-ins at once the later one counts, for Exact keeps the pair of that one. `is_shared`: whether it is of
    somebody outside the firm; None: as it is.
    """
    if who.user is None:
        raise ValueError("A chain belongs to an Exact user.")
    kept = _kept(draft, who.user)
    if kept is None:
        draft.exact_user, draft.user_name, draft.owner = who.user, who.name, owner
        draft.connected_at, draft.is_shared = draft.issued_at, bool(is_shared)
        draft.save()
        return draft
    if not _is_overtaken(kept, draft):
        _store(kept, draft)
    is_theirs = kept.is_shared if is_shared is None else is_shared and kept.is_shared
    whose = (kept.owner or owner) if is_shared else (owner or kept.owner)
    values = {"user_name": who.name, "owner": whose, "is_shared": is_theirs}
    changed = [name for name, value in values.items() if getattr(kept, name) != value]
    for name in changed:
        setattr(kept, name, values[name])
    if changed:
        kept.save(update_fields=changed)
    return kept


def _kept(draft: Connection, user: UUID | None) -> Connection | None:
    rows = Connection.objects.select_for_update().filter(app=draft.app, exact_user=user)
    kept: Connection | None = rows.first()
    return kept


def _is_overtaken(kept: Connection, draft: Connection) -> bool:
    """Tell whether this pair or a later one is stored. A moment that is to come: our clock was put right."""
    return bool(draft.issued_at <= kept.connected_at <= clock.now())


def _ended_by(draft: Connection, kept: Connection) -> bool:
    """Tell whether a lost chain lived until Exact gave this pair, which is the successor that it lacks."""
    since = kept.troubled_at
    return bool(kept.loss == Loss.REPLACED and since and since >= draft.issued_at)


def _store(kept: Connection, draft: Connection) -> None:
    values = {
        **{name: getattr(draft, name) for name in PAIR},
        **chain.SOUND,
        "asked_at": None,
        "warned_at": None,
        "connected_at": draft.issued_at,
        "version": kept.version + 1,
    }
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(values))
