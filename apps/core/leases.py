"""Taking and freeing a lease on a row by guarded updates: one winner among any number of processes and hosts."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db.models import Q

from apps.core import clock
from apps.core.models import Leased


def take(row: Leased, *, seconds: int) -> UUID | None:
    """Take the lease on `row` for `seconds`; return the lease, or None when somebody else holds it."""
    lease, now = uuid4(), clock.now()
    free = Q(lease=None) | Q(leased_until__lt=now)
    hit = (
        type(row)
        ._default_manager.filter(free, pk=row.pk)
        .update(lease=lease, leased_until=now + timedelta(seconds=seconds))
    )
    return lease if hit == 1 else None


def renew(row: Leased, lease: UUID, *, seconds: int) -> bool:
    """Extend a held lease; False when it was lost, and then the holder must stop."""
    until = clock.now() + timedelta(seconds=seconds)
    return type(row)._default_manager.filter(pk=row.pk, lease=lease).update(leased_until=until) == 1


def free(row: Leased, lease: UUID) -> None:
    """Give a held lease back; nothing happens when it was lost meanwhile."""
    type(row)._default_manager.filter(pk=row.pk, lease=lease).update(lease=None, leased_until=None)
