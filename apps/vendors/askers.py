"""Which documents wait for an answer about a vendor: told by the floors above, by name, for this one knows none."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string


def waiting() -> Iterator[QuerySet[Any, Any]]:
    """Yield for each kind of document those that wait, with `question` and `amount` (Decimal, None for none).

    `settings.ASKERS` names what gives them.
    """
    yield from (import_string(path)() for path in settings.ASKERS)
