"""Coding one line: ledger account, VAT code, cost centre and cost unit, each with who vouches and why."""

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.exact.models import GLAccount
from apps.exact.models.mirrors import CostRule
from apps.invoices.checks import where
from apps.invoices.knowledge import Knowledge
from apps.invoices.models import InvoiceLine, ValueSource
from apps.invoices.ruled import Applied, apply_rules
from apps.invoices.splitting import missing_in
from apps.invoices.supplies import of_line
from apps.rules.conditions import LineFacts, Rule, fitting
from apps.rules.line_text import text_key
from apps.rules.scenario import Answer, Scenario, scenario_of
from apps.rules.suggestion import NOTHING, Suggestion, first, from_card, from_item, from_rules, heard

PREFIXES = {"gl_code": "gl", "vat_code": "vat", "cost_center": "cost_center", "cost_unit": "cost_unit"}

MOST_RULES = 10  # kept with a line
BY_PEOPLE = (ValueSource.PERSON, ValueSource.CORRECTION)


def code_line(
    line: InvoiceLine, known: Knowledge, of_item: Suggestion | None = None
) -> tuple[list[Obstacle], Applied]:
    """Fill in what `line` lacks; return what is still in the way, and what rules said besides codes.

    What a person set stays. `of_item`: the account that Exact books its item on by itself, in a purchase invoice;
    NOTHING where that is not known.
    """
    answer = scenario_of(of_line(line, known.supply, known.country))
    line.scenario = answer.scenario or ""
    rules, lost = fitting(known.rules, known.document, facts_of(line, known), known.patience)
    found = _account(line, known, rules) if of_item is None else _own_account(line, of_item)
    taken = {"gl_code": found, "vat_code": _vat(line, known, rules, answer)}
    account = known.books.accounts_by_code.get(line.gl_code)
    line.gl_account = account.exact_id if account else None
    if account or of_item is not None:
        taken["cost_center"] = _cost_center(line, known, rules, account or GLAccount())
        taken["cost_unit"] = _cost_unit(line, known, rules, account or GLAccount())
    applied = apply_rules(line, _heeded(line, known, rules), known, taken["gl_code"])
    line.split = [_as_chosen(part, line, known) for part in line.split]
    applied.findings = answer.findings
    applied.reasons += _doubts(line, taken["gl_code"])
    words = _("rule %(name)s could not be looked at: its regular expression takes too long")
    applied.reasons += [words % {"name": rule.name} for rule in lost]
    line.rules = _loudest(_words(rules, [*taken.items(), *applied.taken]))
    return list(_missing(line, account, answer, known)), applied


def _doubts(line: InvoiceLine, account: Suggestion) -> Iterator[str]:
    """Yield why a person must look at an account: few earlier bookings, or such that do not agree."""
    if line.gl_source == ValueSource.HISTORY and account.value and not account.is_sure:
        words = _("ledger account %(code)s is not sure: %(why)s")
        yield words % {"code": account.value, "why": account.why}


def facts_of(line: InvoiceLine, known: Knowledge) -> LineFacts:
    """Return what rules may ask of `line`."""
    item = known.items.get(line.seller_item)
    return LineFacts(
        text=line.description,
        amount=line.net,
        seller_item=line.seller_item,
        commodity_code=line.commodity_code,
        item_group=item.group if item else "",
        scenario=line.scenario,
    )


def _settle(
    line: InvoiceLine, field: str, known: Knowledge, candidates: Iterable[Suggestion], usable: Container[str]
) -> Suggestion:
    """Give `field` the first of `candidates` that is usable and that no person said no to."""
    prefix = PREFIXES[field]
    if getattr(line, f"{prefix}_source") == ValueSource.PERSON:
        return NOTHING
    there = [one for one in candidates if one.value in usable]
    found = first(*known.corrections.weigh(field, text_key(line.description), there, usable, line.scenario))
    setattr(line, field, found.value)
    setattr(line, f"{prefix}_source", found.source)
    setattr(line, f"{prefix}_why", found.why[:255])
    return found


def _own_account(line: InvoiceLine, of_item: Suggestion) -> Suggestion:
    """Show the account that Exact books the item on: nobody chooses another."""
    line.gl_code, line.gl_source, line.gl_why = of_item.value, of_item.source, of_item.why[:255]
    return of_item


def _account(line: InvoiceLine, known: Knowledge, rules: Sequence[Rule]) -> Suggestion:
    bookable, item = known.books.bookable, known.items.get(line.seller_item)
    candidates = [
        *_accounts_of(rules, bookable),
        from_item(item.gl_code, item.code) if item else NOTHING,
        from_card(known.card_code, known.document.supplier_name or ""),
        *known.history.ranked("gl_code", line.description, bookable),
    ]
    return _settle(line, "gl_code", known, candidates, bookable)


def _heeded(line: InvoiceLine, known: Knowledge, rules: Sequence[Rule]) -> list[Rule]:
    """Return `rules` without what those say besides codes whose account a person rejected for this text.

    Only that a person must look still counts.
    """
    bookable = known.books.bookable
    said = list(_accounts_of(rules, bookable)) if known.corrections.said else []
    kept = known.corrections.weigh("gl_code", text_key(line.description), said, bookable)
    gone = {id(one.rule) for one in said} - {id(one.rule) for one in kept}
    return [_silent(rule) if id(rule) in gone else rule for rule in rules]


def _silent(rule: Rule) -> Rule:
    return Rule(rule.name, pk=rule.pk, owner=rule.owner, never_automatic=rule.never_automatic)


def _accounts_of(rules: Sequence[Rule], bookable: Container[str]) -> Iterator[Suggestion]:
    """Yield the accounts that rules say; a rule that splits says where its first part goes."""
    for rule in rules:
        if rule.gl_code or not rule.splits:
            yield from from_rules([rule], "gl_code", bookable)
        elif rule.splits[0].gl_code in bookable:
            why = _("rule %(name)s, which splits the line") % {"name": rule.name}
            yield Suggestion(rule.splits[0].gl_code, "rule", why, rule)


def _vat(line: InvoiceLine, known: Knowledge, rules: Sequence[Rule], answer: Answer) -> Suggestion:
    codes = known.books.vat_codes
    label = Scenario(line.scenario).label if line.scenario else ""
    table = Suggestion(known.vat_table.get(line.scenario, ""), "table", f"{answer.why}: {label}")
    return _settle(line, "vat_code", known, [*from_rules(rules, "vat_code", codes), table], codes)


def _cost_center(
    line: InvoiceLine, known: Knowledge, rules: Sequence[Rule], account: GLAccount
) -> Suggestion:
    usable = known.books.cost_centers
    if account.use_cost_center == CostRule.NOT_ALLOWED:
        return _settle(line, "cost_center", known, [], ())
    candidates = [
        *from_rules(rules, "cost_center", usable),
        Suggestion(line.document_cost_center, "document", _("on the document")),
        _default(account.cost_center, account),
    ]
    if account.use_cost_center == CostRule.MANDATORY:
        candidates += known.history.ranked("cost_center", line.description, usable)
    return _settle(line, "cost_center", known, candidates, usable)


def _cost_unit(line: InvoiceLine, known: Knowledge, rules: Sequence[Rule], account: GLAccount) -> Suggestion:
    usable = known.books.cost_units
    if account.use_cost_unit == CostRule.NOT_ALLOWED:
        return _settle(line, "cost_unit", known, [], ())
    candidates = [*from_rules(rules, "cost_unit", usable), _default(account.cost_unit, account)]
    if account.use_cost_unit == CostRule.MANDATORY:
        candidates += known.history.ranked("cost_unit", line.description, usable)
    return _settle(line, "cost_unit", known, candidates, usable)


def _as_chosen(part: dict[str, Any], line: InvoiceLine, known: Knowledge) -> dict[str, Any]:
    """Return a part of a rule with what a person chose for the whole line, where its account takes that."""
    account = known.books.accounts_by_code.get(part["gl_code"])
    forbidden = {
        "cost_center": account is not None and account.use_cost_center == CostRule.NOT_ALLOWED,
        "cost_unit": account is not None and account.use_cost_unit == CostRule.NOT_ALLOWED,
    }
    chosen = {
        field: getattr(line, field)
        for field in ("vat_code", "cost_center", "cost_unit")
        if getattr(line, f"{PREFIXES[field]}_source") in BY_PEOPLE and not forbidden.get(field)
    }
    return {**part, **chosen}


def _missing(
    line: InvoiceLine, account: GLAccount | None, answer: Answer, known: Knowledge
) -> Iterator[Obstacle]:
    if account is None and not line.gl_code:  # what a person chose and is gone, the checks tell
        yield Obstacle(Cause.NO_GL_ACCOUNT, where(line))
    if not line.vat_code:
        said = str(Scenario(line.scenario).label) if line.scenario else answer.why
        doubt = known.vat_doubts.get(line.scenario, "")
        yield Obstacle(Cause.NO_VAT_CODE, f"{where(line)}: {'. '.join(filter(None, (said, doubt)))}")
    if line.split:
        yield from missing_in(line, known.books, where(line))
        return
    if account and account.use_cost_center == CostRule.MANDATORY and not line.cost_center:
        yield Obstacle(Cause.COST_CENTRE_MISSING, _("%(line)s: cost centre") % {"line": where(line)})
    if account and account.use_cost_unit == CostRule.MANDATORY and not line.cost_unit:
        yield Obstacle(Cause.COST_CENTRE_MISSING, _("%(line)s: cost unit") % {"line": where(line)})


def _default(value: str, account: GLAccount) -> Suggestion:
    return Suggestion(value, "card", _("default of ledger account %(code)s") % {"code": account.code})


def _loudest(said: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the rules that won said, and of those that they beat the strongest: MOST_RULES in all.

    A firm may have hundreds of rules that fit, and a document thousands of lines.
    """
    spoke = dict.fromkeys(_which(one) for one in said)
    won = {_which(one) for one in said if one["won"]}
    beaten = [which for which in spoke if which not in won]
    kept = won.union(beaten[: max(0, MOST_RULES - len(won))])
    return [one for one in said if _which(one) in kept]


def _which(said: dict[str, Any]) -> tuple[Any, ...]:
    return said["pk"], said["owner"], said["name"]


def _words(rules: Sequence[Rule], taken: Iterable[tuple[str, Suggestion]]) -> list[dict[str, object]]:
    """Return what each fitting rule said, as JSON: the one that was taken and those that it beat."""
    return [
        {
            "pk": one.rule.pk,
            "name": one.rule.name,
            "owner": one.rule.owner,
            "field": one.field,
            "value": one.value,
            "won": one.won,
        }
        for one in heard(rules, taken)
    ]
