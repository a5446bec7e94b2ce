"""Which rules were changed or removed since a moment, and where they speak or spoke: what waits there is coded anew."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.rules.conditions import Rule
from apps.rules.models import BookingRule
from apps.rules.rule_book import rule_of


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that was changed `at` this moment. `rule`: as it speaks now, None when it does not any more.

    `administrations` and `clients`: keys of whom it is or was of; both empty: of the firm.
    """

    pk: int
    at: datetime
    rule: Rule | None
    administrations: frozenset[int] = frozenset()
    clients: frozenset[int] = frozenset()

    @property
    def where(self) -> Q:
        """The condition on administrations."""
        if not self.administrations and not self.clients:
            return Q()
        return Q(pk__in=self.administrations) | Q(client__in=self.clients)


def since(moment: datetime) -> list[Changed]:
    """Return the rules that were changed or removed at `moment` or later, the earliest first."""
    rows = BookingRule.objects.filter(changed_at__gte=moment).select_related("administration", "client")
    now = {row.pk: row for row in rows.prefetch_related("splits")}
    gone = dict(
        BookingRule.history.filter(history_type="-", history_date__gte=moment).values_list(
            "id", "history_date"
        )
    )
    owners = BookingRule.history.filter(id__in=[*now, *gone]).order_by()
    of_whom: dict[int, set[tuple[int | None, int | None]]] = {key: set() for key in (*now, *gone)}
    for key, administration, client in owners.values_list("id", "administration_id", "client_id"):
        of_whom[key].add((administration, client))
    for key, row in now.items():
        of_whom[key].add((row.administration_id, row.client_id))
    changed = [_changed(key, row.changed_at, row, of_whom[key]) for key, row in now.items()]
    changed += [_changed(key, at, None, of_whom[key]) for key, at in gone.items() if key not in now]
    return sorted(changed, key=lambda one: (one.at, one.pk))


def _changed(
    key: int, at: datetime, row: BookingRule | None, owners: set[tuple[int | None, int | None]]
) -> Changed:
    rule = rule_of(row) if row is not None and row.active else None
    if (None, None) in owners:
        return Changed(key, at, rule)
    return Changed(
        key,
        at,
        rule,
        frozenset(administration for administration, _client in owners if administration),
        frozenset(client for _administration, client in owners if client),
    )
