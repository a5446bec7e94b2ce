"""Counts as columns: many of them in one query."""

from django.db.models import IntegerField, Subquery

COUNTED = 999  # a figure on a button need not be larger


class CountOf(Subquery):
    """How many rows a query has, as one column of another. A slice of the query bounds what it costs."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _counted)"
    output_field = IntegerField()


def shown(count: int) -> str:
    """Return a count as a button shows it."""
    return f"{COUNTED}+" if count > COUNTED else str(count)
