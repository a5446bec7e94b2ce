"""A rule as it was filled in, saved or not, as JSON that a replay keeps. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from apps.rules.conditions import COLUMNS, PART_COLUMNS, Rule, Share

Spec = dict[str, Any]

OWNERS = ("administration", "client", "client_group")
_AMOUNTS = frozenset({"amount_from", "amount_to", "private_use", "non_deductible", "percentage", "amount"})
_LAST = 1 << 62  # a rule that is not saved yet comes after those of the same owner and position


class Strength(NamedTuple):
    """The order in which rules speak, the strongest first: administration, client, firm; then as people order them."""

    owner: int
    position: int
    key: int


def spec_of(rule: Any, splits: Iterable[Any]) -> Spec:
    """Return `rule` (a models.BookingRule, saved or not) with its `splits` as JSON."""
    owners = {name: getattr(rule, f"{name}_id") for name in OWNERS}
    values = {name: _kept(getattr(rule, name)) for name in COLUMNS}
    parts = [{name: _kept(getattr(split, name)) for name in PART_COLUMNS} for split in splits]
    order = {"pk": rule.pk or 0, "position": rule.position, "active": rule.active}
    return {**values, **owners, **order, "splits": parts}


def rule_from(spec: Spec) -> Rule:
    """Return the rule that `spec_of` kept, as coding sees it."""
    values = {name: _back(name, spec[name]) for name in COLUMNS}
    shares = tuple(
        Share(**{name: _back(name, part[name]) for name in PART_COLUMNS}) for part in spec["splits"]
    )
    return Rule(**values, pk=spec["pk"], splits=shares)


def strength_of(rule: Any) -> Strength:
    """Return how strong `rule` (a models.BookingRule) is."""
    return _strength(rule.administration_id, rule.client_id, rule.position, rule.pk)


def strength_in(spec: Spec) -> Strength:
    """Return how strong the rule is that `spec_of` kept."""
    return _strength(spec["administration"], spec["client"], spec["position"], spec["pk"])


def values_in(spec: Spec) -> dict[str, Any]:
    """Return the columns of the rule that `spec_of` kept: owners by their keys, without its parts."""
    owners = {f"{name}_id": spec[name] for name in OWNERS}
    order = {name: spec[name] for name in ("position", "active")}
    return {**{name: _back(name, spec[name]) for name in COLUMNS}, **owners, **order}


def _strength(administration: int | None, client: int | None, position: int, key: int | None) -> Strength:
    return Strength(0 if administration else 1 if client else 2, position, key or _LAST)


def _kept(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _back(name: str, value: Any) -> Any:
    return Decimal(value) if name in _AMOUNTS and value is not None else value
