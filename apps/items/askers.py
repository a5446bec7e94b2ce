"""Which documents wait for an answer about an item: told by the floors above, by name, for this one knows none."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Sum
from django.utils.module_loading import import_string


def waiting() -> Iterator[QuerySet[Any, Any]]:
    """Yield for each kind of document the lines that wait, with `question`, `document` (keys) and `amount` (Decimal).

    `settings.ITEM_ASKERS` names what gives them.
    """
    yield from (import_string(path)() for path in settings.ITEM_ASKERS)


def counted(questions: QuerySet[Any, Any]) -> tuple[dict[int, int], dict[int, Decimal]]:
    """Return by question how many documents wait for its answer, and for what amount; one query for each kind."""
    documents: Counter[int] = Counter()
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    for rows in waiting():
        asked = rows.filter(question__in=questions.order_by().values("pk")).order_by().values("question")
        sums = asked.annotate(documents=Count("document", distinct=True), sum=Sum("amount"))
        for question, count, amount in sums.values_list("question", "documents", "sum"):
            documents[question] += count
            amounts[question] += amount or 0
    return dict(documents), dict(amounts)
