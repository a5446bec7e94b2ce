"""Which documents wait for an answer about a vendor: told by the floors above, by name, for this one knows none."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Count, DecimalField, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from apps.core.money import ZERO
from apps.intake.models import Part
from apps.vendors.models import Question

Rows = QuerySet[Any, Any]


def waiting() -> Iterator[Rows]:
    """Yield for each kind of document those that wait, with their `question` and `net` (Decimal, None for none).

    `settings.ASKERS` names what gives them: orders. Invoices have the page of these questions, and count their own.
    """
    yield from (import_string(path)() for path in settings.ASKERS)


def asks() -> Q:
    """Return the condition on questions that such a document waits for the answer."""
    found = (Q(Exists(rows.filter(question=OuterRef("pk")))) for rows in waiting())
    return reduce(or_, found, Q(pk__in=()))


def first_part(question: Question) -> Part | None:
    """Return what the first such document that waits for the answer came in as, None when none does."""
    for rows in waiting():
        key = rows.filter(question=question).order_by("pk").values_list("part", flat=True).first()
        if key is not None:
            return Part.objects.get(pk=key)
    return None


def documents_of(path: str, outer: str, among: Any = None) -> Combinable:
    """Return how many such documents wait, as a subquery: those whose `path` is the row's own `outer`.

    `among`: only for these questions.
    """
    return _summed(path, outer, among, Count("pk"), Value(0))


def amount_of(path: str, outer: str, among: Any = None) -> Combinable:
    """Return for how much such documents wait, as `documents_of` counts them."""
    return _summed(path, outer, among, Sum("net"), Value(ZERO, DecimalField()))


def _summed(path: str, outer: str, among: Any, figure: Count | Sum, nothing: Value) -> Combinable:
    total: Combinable = nothing
    for rows in waiting():
        of_row = rows.filter(**{path: OuterRef(outer)}, **({} if among is None else {"question__in": among}))
        figures = of_row.order_by().values(path).annotate(figure=figure).values("figure")
        total = total + Coalesce(Subquery(figures), nothing)
    return total
