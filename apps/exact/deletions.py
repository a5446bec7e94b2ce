"""What sync/Deleted tells, applied to the mirrors (Exact facts 3.6)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.core import clock
from apps.exact import balances
from apps.exact.models import Division, Mirrored, SyncState
from apps.exact.resources import MIRRORS
from apps.exact.values import guid_of, integer_of, moment_of

LEDGER, ORDERS = "ledger", "purchase_orders"
# Deleted.EntityType of Exact's reference, of what is mirrored.
TYPES = {
    1: LEDGER,
    2: "relations",
    7: "gl_accounts",
    9: "items",
    22: ORDERS,
    30: "supplier_items",
    48: "bank_accounts",
}


@dataclass(frozen=True, slots=True)
class _Deletion:
    version: int
    at: datetime | None

    def concerns(self, raw: dict[str, Any]) -> bool:
        """Tell whether a mirrored row is the deleted one, and not one made anew under the same id."""
        modified = moment_of(raw.get("Modified"))
        younger = self.at is not None and modified is not None and modified > self.at
        return not younger and integer_of(raw.get("Timestamp")) <= self.version


def apply(division: Division, page: Iterable[dict[str, Any]]) -> int:
    """Mark as gone what is deleted in Exact; return how many rows went. Inside a transaction."""
    told: dict[str, dict[UUID, _Deletion]] = defaultdict(dict)
    for row in page:
        name, key = TYPES.get(integer_of(row.get("EntityType"))), guid_of(row.get("EntityKey"))
        if name and key and row.get("Division") in (None, division.code):
            told[name][key] = _Deletion(integer_of(row.get("Timestamp")), moment_of(row.get("DeletedDate")))
    return sum(_mark(division, name, deleted) for name, deleted in told.items())


def _mark(division: Division, name: str, deleted: dict[UUID, _Deletion]) -> int:
    model: Any = MIRRORS[name].model
    present = _named(model.objects.filter(division=division), name, deleted)
    if issubclass(model, Mirrored):
        rows = present.values_list("pk", "exact_id", "raw")
        present = model.objects.filter(pk__in=[pk for pk, key, raw in rows if deleted[key].concerns(raw)])
    elif name == LEDGER:
        balances.note(division, balances.periods_of(present))
    gone: int = present.update(gone_at=clock.now())
    if gone:
        _restamp(division, name)
    return gone


def _named(rows: Any, name: str, keys: Iterable[UUID]) -> Any:
    """Return the rows that were deleted; the lines of an order go with it."""
    told = Q(exact_id__in=keys)
    return rows.filter(told | Q(order_id__in=keys) if name == ORDERS else told)


def _restamp(division: Division, name: str) -> None:
    """Let what is kept of this mirror be built anew. When it was read stays as it is, but for a microsecond."""
    for state in SyncState.objects.filter(division=division, resource=name, synced_at__isnull=False):
        at = state.synced_at and state.synced_at + timedelta(microseconds=1)
        SyncState.objects.filter(pk=state.pk, synced_at=state.synced_at).update(synced_at=at)
