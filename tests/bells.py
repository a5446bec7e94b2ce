"""Bells: which tasks were asked for, and which of them a bell calls. How many listen is the project's to say."""

from typing import Any

from django.conf import settings

from apps.core.queue import OrmQ

Call = tuple[str, tuple[Any, ...]]


def rung() -> list[Call]:
    """Return the tasks that were asked for, in that order: dotted path and arguments."""
    return [(row.func(), tuple(row.args())) for row in OrmQ.objects.order_by("pk")]


def calls(bell: str, *ids: int | str) -> list[Call]:
    """Return what one ring of `bell` asks for: a name in settings.BELLS, or a dotted path that is called itself."""
    return [(path, ids) for path in settings.BELLS.get(bell, (bell,))]


def forget() -> None:
    """Forget what was asked for until now."""
    OrmQ.objects.all().delete()
