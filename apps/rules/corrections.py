"""What people corrected, remembered for the next line that says the same."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet

from apps.clients.models import Administration
from apps.core import clock
from apps.intake.models import Part
from apps.people.models import User
from apps.rules.line_text import text_key
from apps.rules.models import BookingRule, Correction
from apps.rules.said import Corrections, Said

MOST = 500  # of one supplier; older ones are about evidence that nobody has before them any more


@dataclass(frozen=True, slots=True)
class Change:
    """What a person replaced on a line: `rejected`, proposed by `source` (rule `rule`), by `chosen`.

    `scenario`: of a VAT code, the VAT scenario of the line.
    """

    text: str
    field: str
    rejected: str
    source: str
    chosen: str
    rule: int | None = None
    scenario: str = ""


def remember(
    administration: Administration, supplier: UUID, changes: list[Change], *, part: Part | None, by: User
) -> None:
    """Keep what `by` changed on lines of `supplier`, so that it is not proposed again; the same once."""
    changes = list({replace(change, text=text_key(change.text)): None for change in changes})
    rules = {change.rule for change in changes if change.rule}
    there = set(BookingRule.objects.filter(pk__in=rules).values_list("pk", flat=True)) if rules else set()
    Correction.objects.bulk_create(
        Correction(
            administration=administration,
            supplier=supplier,
            text_key=change.text,
            field=change.field,
            scenario=change.scenario,
            rejected=change.rejected,
            source=change.source,
            rule_id=change.rule if change.rule in there else None,
            chosen=change.chosen,
            part=part,
            by=by,
            at=clock.now(),
        )
        for change in changes
    )


def about(administration: Administration, supplier: str) -> QuerySet[Correction]:
    """Return the corrections on lines of `supplier`, an id in Exact."""
    return Correction.objects.filter(administration=administration, supplier=supplier)


def of(administration: Administration, supplier: str) -> Corrections:
    """Return what people corrected on lines of `supplier` in `administration`, newest first."""
    rows = about(administration, supplier).select_related("by")
    return Corrections([_said(row) for row in rows.order_by("-at", "-pk")[:MOST]])


def _said(row: Correction) -> Said:
    return Said(
        text_key=row.text_key,
        field=row.field,
        rejected=row.rejected,
        source=row.source,
        rule=row.rule_id,
        chosen=row.chosen,
        by=str(row.by or ""),
        at=row.at,
        scenario=row.scenario,
    )
