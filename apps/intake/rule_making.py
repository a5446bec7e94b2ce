"""Routing rules made in one click from a document that a person brought to its administration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.intake import rule_values
from apps.intake.models import Comparison, Evidence, Part, RoutingRule, rule_sentence
from apps.intake.routing import Asked
from apps.people.models import User

# "PO-4711" and "4500123" of one buyer start alike: letters with what separates them, else the first four digits.
_PREFIX = re.compile(r"^(?:[A-Z]{2,}[-/. ]?|[0-9]{4}(?=[0-9]{3}))")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule that could be made: what it looks at, how it compares, and the value in its normal form."""

    evidence: str
    value: str
    comparison: str = Comparison.EQUALS

    def __str__(self) -> str:
        return rule_sentence(self.evidence, self.comparison, self.value)


def proposals(asked: Asked) -> list[Proposal]:
    """Return the rules that something may be remembered by, the safest first: one for each kind of evidence."""
    return list(_proposals(asked))


def _proposals(asked: Asked) -> Iterator[Proposal]:
    for evidence in (Evidence.RECEIVER, Evidence.RECIPIENT, Evidence.SENDER, Evidence.BUYER_REFERENCE):
        words = asked.words(evidence)
        if evidence in (Evidence.RECIPIENT, Evidence.SENDER) and "@" not in "".join(words):
            continue  # who uploaded it, or a party id: that says nothing about the next one
        if words:
            yield Proposal(evidence, words[0])
    prefix = _PREFIX.match(rule_values.normal(Evidence.ORDER_NUMBER, asked.order_number))
    if prefix and len(prefix[0].strip()) >= rule_values.SHORTEST:
        yield Proposal(Evidence.ORDER_NUMBER, prefix[0].strip(), Comparison.STARTS)


def make(part: Part | None, proposal: Proposal, administration: Administration, *, by: User) -> RoutingRule:
    """Make the rule, or let one that was switched off count again; twice is once. What waits is routed anew.

    `part`: what it was made from.
    """
    known = {
        "evidence": proposal.evidence,
        "comparison": proposal.comparison,
        "value": rule_values.normal(proposal.evidence, proposal.value),
        "administration": administration,
    }
    rule, is_new = RoutingRule.objects.get_or_create(
        **known,
        defaults={"made_by": str(by)[:150], "made_at": clock.now(), "made_from": part},
    )
    if not is_new and not rule.is_active:
        switch(rule, on=True, by=by)
    queue.ring("routing_changed")
    return rule


def switch(rule: RoutingRule, *, on: bool, by: User) -> None:
    """Let a rule count, or no longer; its history says who. What it routed stays where it is."""
    rule.switch(on=on, at=clock.now(), by=by)
    if on:
        queue.ring("routing_changed")
