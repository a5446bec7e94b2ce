"""Moving a row from one state to the next: one guarded update and its event, together or not at all."""

from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.core import clock


class Changed(Exception):
    """The row is no longer in the state and version that the mover saw."""


def move(row: models.Model, to: str, *, events: Any, who: str, why: str, **values: Any) -> None:
    """Move `row` (fields `state`, `version`) to state `to` and set `values`, exactly once.

    `events` is the related manager that takes the event (from_state, to_state, who, why, at).
    Raises Changed when another process moved the row since it was read; nothing is written then.
    """
    state, version = row.state, row.version  # type: ignore[attr-defined]
    with transaction.atomic(savepoint=False):
        hit = (
            type(row)
            ._default_manager.filter(pk=row.pk, state=state, version=version)
            .update(state=to, version=F("version") + 1, **values)
        )
        if hit == 1:
            events.create(from_state=state, to_state=to, who=who, why=why, at=clock.now())
    if hit != 1:  # raised out here, so that a transaction around this one is not spoilt
        raise Changed(_("%(row)s was changed by somebody else meanwhile.") % {"row": row})
    for name, value in {**values, "state": to, "version": version + 1}.items():
        setattr(row, name, value)
