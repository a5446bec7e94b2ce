"""What booking rules said of a line of an order, kept with it; and why one of them wants a person to look. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from apps.clients.policy import Obstacle
from apps.orders.models import PurchaseOrderLine
from apps.rules.conditions import Rule
from apps.rules.suggestion import Suggestion, heard

FIELDS = frozenset(
    {"vat_code", "cost_center", "cost_unit", "never_automatic"}
)  # of a rule: what an order takes
MOST_RULES = 10  # kept with a line


@dataclass
class Coded:
    """What stands in the way of a coded line, and why a person must look at it."""

    obstacles: list[Obstacle] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def spoken(
    line: PurchaseOrderLine, rules: Sequence[Rule], lost: Sequence[Rule], taken: Mapping[str, Suggestion]
) -> Coded:
    """Keep on `line` what the fitting `rules` said, those that won first; `lost`: their expression took too long."""
    asking = [rule for rule in rules if rule.never_automatic]
    won = [*taken.items(), *(("never_automatic", Suggestion("yes", "rule", "", rule)) for rule in asking)]
    said = [one for one in heard(rules, won) if one.field in FIELDS]
    line.rules = [
        {
            "pk": one.rule.pk,
            "name": one.rule.name,
            "owner": one.rule.owner,
            "field": one.field,
            "value": one.value,
            "won": one.won,
        }
        for one in sorted(said, key=lambda one: not one.won)
    ][:MOST_RULES]
    words = _("rule %(name)s: do not automate")
    slow = _("rule %(name)s could not be looked at: its regular expression takes too long")
    reasons = [words % {"name": rule.name} for rule in asking]
    return Coded(reasons=reasons + [slow % {"name": rule.name} for rule in lost])
