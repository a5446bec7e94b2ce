"""Which documents wait for an answer about an item: told by the floors above, by name, for this one knows none."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.module_loading import import_string

from apps.items.models import ItemQuestion, ItemQuestions


class Counted(NamedTuple):
    """By question: how many documents wait for its answer, for what amount, and what these are."""

    documents: dict[int, int]
    amounts: dict[int, Decimal]
    kinds: dict[int, list[tuple[str, str]]]


def waiting() -> Iterator[QuerySet[Any, Any]]:
    """Yield for each kind of document the lines that wait, with `question`, `document` (keys) and `amount` (Decimal).

    `of` is the model of the documents ("orders.purchaseorder"), `called` what people call them.
    `settings.ITEM_ASKERS` names what gives them.
    """
    yield from (import_string(path)() for path in settings.ITEM_ASKERS)


def open_for(user: Any) -> ItemQuestions:
    """Return the open questions that a document waits for, as far as `user` sees them."""
    asked = (Q(Exists(rows.filter(question=OuterRef("pk")))) for rows in waiting())
    return ItemQuestion.objects.visible_to(user).open().filter(reduce(or_, asked, Q(pk__in=())))


def counted(questions: QuerySet[Any, Any]) -> Counted:
    """Return what waits for the answers to `questions`; one query for each kind of document."""
    documents: Counter[int] = Counter()
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    kinds: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for rows in waiting():
        asked = (
            rows.filter(question__in=questions.order_by().values("pk"))
            .order_by()
            .values("question", "of", "called")
        )
        sums = asked.annotate(documents=Count("document", distinct=True), sum=Sum("amount"))
        figures = sums.values_list("question", "of", "called", "documents", "sum")
        for question, model, called, count, amount in figures:
            documents[question] += count
            amounts[question] += amount or 0
            kinds[question].append((model, called))
    return Counted(dict(documents), dict(amounts), dict(kinds))
