"""What was confirmed in a VAT table is held against Exact after each sync: a code that changed is asked again."""

from django.db import transaction

from apps.clients.models import Administration
from apps.core import queue
from apps.rules.models import VATTable
from apps.rules.vat_facts import doubt, facts_of
from apps.rules.vat_proposal import Code
from apps.rules.vat_table import codes_of


def recheck(administration: Administration) -> int:
    """Doubt each confirmed row whose code is gone, blocked or another one than was confirmed; return how many are new.

    A doubted row no longer counts, until somebody confirms it: also when Exact has it as it was again. Rows that were
    confirmed before anything was known of their code take it over as it is. Without any code in the mirror nothing
    was read yet, and nothing is judged.
    """
    codes = {code.code: code for code in codes_of(administration)}
    if not codes:
        return 0
    confirmed = administration.vat_table.filter(confirmed_at__isnull=False)
    new = sum(_look(row, codes.get(row.vat_code)) for row in confirmed)
    if new:
        queue.ring("vat_table_changed", administration.pk)
    return new


def _look(row: VATTable, code: Code | None) -> bool:
    """Note on `row` what changed; True when it counted until now. A row that somebody confirmed meanwhile is left."""
    words = doubt(row.facts, code)
    if not words and (row.facts or code is None or row.doubt):
        return False
    if words and words == row.doubt:
        return False
    values = {"doubt": words} if words else {"facts": facts_of(code)} if code else {}
    same = VATTable.objects.filter(pk=row.pk, confirmed_at=row.confirmed_at, vat_code=row.vat_code)
    was_doubted = bool(row.doubt)
    with transaction.atomic():  # what is kept at hand of a table follows its history (rules.changes)
        if not values or not same.update(**values):
            return False
        for name, value in values.items():
            setattr(row, name, value)
        if words:
            VATTable.history.bulk_history_create([row], update=True, default_change_reason="Exact")
    return bool(words) and not was_doubted
