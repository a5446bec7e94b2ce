"""What rules say of a line besides its codes: its description, its parts, private use, spread, and who must look."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.intake.findings import Finding
from apps.invoices.knowledge import Knowledge
from apps.invoices.models import InvoiceLine
from apps.invoices.splitting import split
from apps.rules.conditions import Rule
from apps.rules.spreading import span_of
from apps.rules.suggestion import NOTHING, Suggestion, said_of
from apps.rules.wording import fill


@dataclass
class Applied:
    """What was taken from rules (field, suggestion), why a person must look, and the payment condition, if any.

    `findings`: what was seen about the VAT of the line.
    """

    taken: list[tuple[str, Suggestion]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    payment_condition: Suggestion = NOTHING
    findings: tuple[Finding, ...] = ()


def apply_rules(line: InvoiceLine, rules: Sequence[Rule], known: Knowledge, account: Suggestion) -> Applied:
    """Set on `line` what the fitting `rules`, strongest first, say besides codes; `account` is what it goes to.

    A rule splits a line only where its account was taken: what a person chose is booked whole.
    """
    applied = Applied()
    _describe(line, rules, known, applied)
    line.private_use = _first_of(rules, "private_use", applied)
    line.non_deductible = _first_of(rules, "non_deductible", applied)
    _spread(line, rules, known, applied)
    applied.reasons += split(line, known, account)
    condition = next((rule for rule in rules if rule.payment_condition), None)
    if condition:
        applied.payment_condition = _said(condition, "payment_condition")
        applied.taken.append(("payment_condition", applied.payment_condition))
    _ask(rules, applied)
    return applied


def _ask(rules: Sequence[Rule], applied: Applied) -> None:
    """Let a person look where any rule says so: here no rule beats another."""
    asking = [rule for rule in rules if rule.never_automatic]
    applied.taken += [("never_automatic", _said(rule, "never_automatic")) for rule in asking]
    words = _("rule %(name)s: do not automate")
    applied.reasons += [words % {"name": rule.name} for rule in asking]


def _describe(line: InvoiceLine, rules: Sequence[Rule], known: Knowledge, applied: Applied) -> None:
    rule = next((rule for rule in rules if rule.description), None)
    line.entry_text = ""
    if rule:
        values = {**known.wording, "text": line.description}
        line.entry_text = fill(rule.description, values)[:255]
        applied.taken.append(("description", _said(rule, "description")))


def _first_of(rules: Sequence[Rule], name: str, applied: Applied) -> Decimal | None:
    rule = next((rule for rule in rules if getattr(rule, name) is not None), None)
    if rule is None:
        return None
    applied.taken.append((name, _said(rule, name)))
    value: Decimal = getattr(rule, name)
    return value


def _spread(line: InvoiceLine, rules: Sequence[Rule], known: Knowledge, applied: Applied) -> None:
    line.spread_from = line.spread_to = None
    rule = next((rule for rule in rules if rule.spread), None)
    if rule is None or known.day is None:
        return
    span = span_of(rule.spread, rule.spread_months, known.day, known.period)
    if span is None:
        words = _("rule %(name)s spreads over the period of the document, which names none")
        applied.reasons.append(words % {"name": rule.name})
        return
    line.spread_from, line.spread_to = span
    applied.taken.append(("spread", _said(rule, "spread")))


def _said(rule: Rule, field: str) -> Suggestion:
    return Suggestion(said_of(rule, field), "rule", _("rule %(name)s") % {"name": rule.name}, rule)
