"""Senders that are all booked on one supplier: fuel, supermarkets, web shops. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Whoever's name holds one of `phrases`, or who writes from one of `domains`, is `supplier` (its id in Exact)."""

    name: str
    supplier: str
    phrases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


def rule_for(rules: Sequence[Rule], name: str, domains: Collection[str]) -> Rule | None:
    """Return the rule that speaks for a vendor of this name and these domains, None when none or two do."""
    words = f" {' '.join(name.casefold().split())} "
    found = [
        rule
        for rule in rules
        if any(f" {phrase} " in words for phrase in rule.phrases) or set(rule.domains) & set(domains)
    ]
    return found[0] if len({rule.supplier for rule in found}) == 1 else None
