"""Counts as columns: many of them in one query."""

from django.db.models import IntegerField, Subquery


class CountOf(Subquery):
    """How many rows a query has, as one column of another. A slice of the query bounds what it costs."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _counted)"
    output_field = IntegerField()
