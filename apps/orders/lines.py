"""Coding one line of an order: VAT code, cost centre and cost unit, each with who vouches and why."""

from collections.abc import Container, Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.exact.models import GLAccount
from apps.exact.models.mirrors import CostRule
from apps.items.wanted import ItemCard
from apps.orders.checks import where
from apps.orders.knowledge import Knowledge
from apps.orders.models import PurchaseOrderLine, ValueSource
from apps.orders.said import Coded, spoken
from apps.orders.supplies import of_line, speaks_of_vat
from apps.rules.conditions import LineFacts, Rule, fitting
from apps.rules.scenario import Answer, Scenario, scenario_of
from apps.rules.suggestion import NOTHING, Suggestion, first, from_card, from_item, from_rules

PREFIXES = {"vat_code": "vat", "cost_center": "cost_center", "cost_unit": "cost_unit"}
COST_RULES = {"cost_center": "use_cost_center", "cost_unit": "use_cost_unit"}


def code_line(line: PurchaseOrderLine, card: ItemCard | None, known: Knowledge) -> Coded:
    """Fill in what `line` of item `card` lacks; return what is still in the way. What a person set stays."""
    answer = scenario_of(of_line(line, known.supply)) if speaks_of_vat(line) else Answer(None, "")
    line.scenario = answer.scenario or ""
    rules, lost = fitting(known.rules, known.document, facts_of(line, known), known.patience)
    account = _account_of(line, known)
    taken = {"vat_code": _vat(line, card, known, rules, answer)}
    for name in COST_RULES:
        taken[name] = _dimension(line, name, known, rules, account)
    coded = spoken(line, rules, lost, taken)
    coded.obstacles += _missing(line, account, answer, known)
    return coded


def facts_of(line: PurchaseOrderLine, known: Knowledge) -> LineFacts:
    """Return what rules may ask of `line`; it has no commodity code."""
    item = known.accounts.get(line.item) if line.item else None
    return LineFacts(
        text=line.description,
        amount=line.net,
        seller_item=line.seller_item,
        commodity_code="",
        item_group=item.group if item else "",
        scenario=line.scenario,
    )


def _account_of(line: PurchaseOrderLine, known: Knowledge) -> GLAccount | None:
    item = known.accounts.get(line.item) if line.item else None
    return known.books.accounts_by_code.get(item.gl_code) if item else None


def _settle(
    line: PurchaseOrderLine, name: str, candidates: Iterable[Suggestion], usable: Container[str]
) -> Suggestion:
    """Give field `name` the first of `candidates` that is usable, unless a person chose."""
    prefix = PREFIXES[name]
    if getattr(line, f"{prefix}_source") == ValueSource.PERSON:
        return NOTHING
    found = first(*(one for one in candidates if one.value in usable))
    setattr(line, name, found.value)
    setattr(line, f"{prefix}_source", found.source)
    setattr(line, f"{prefix}_why", found.why[:255])
    return found


def _vat(
    line: PurchaseOrderLine, card: ItemCard | None, known: Knowledge, rules: Sequence[Rule], answer: Answer
) -> Suggestion:
    """A rule first; then what the document says, by the VAT table; only where it says nothing what Exact has."""
    codes = known.books.vat_codes
    candidates = list(from_rules(rules, "vat_code", codes))
    if answer.scenario:
        words = f"{answer.why}: {Scenario(answer.scenario).label}"
        candidates.append(Suggestion(known.vat_table.get(answer.scenario, ""), "table", words))
    else:
        candidates.append(_from_item(card))
        candidates.append(from_card(known.card_vat_code, known.document.supplier_name or ""))
    return _settle(line, "vat_code", candidates, codes)


def _from_item(card: ItemCard | None) -> Suggestion:
    if card is None:
        return NOTHING
    words = _("VAT code of item %(item)s of this supplier")
    return from_item(card.vat_code, card.code)._replace(why=words % {"item": card.code})


def _dimension(
    line: PurchaseOrderLine, name: str, known: Knowledge, rules: Sequence[Rule], account: GLAccount | None
) -> Suggestion:
    usable = known.books.cost_centers if name == "cost_center" else known.books.cost_units
    if account and getattr(account, COST_RULES[name]) == CostRule.NOT_ALLOWED:
        setattr(line, f"{PREFIXES[name]}_source", "")  # Exact refuses it, whoever said it
        return _settle(line, name, (), ())
    candidates = [
        *from_rules(rules, name, usable),
        Suggestion(getattr(line, f"document_{name}"), "document", _("on the document")),
    ]
    if account and getattr(account, name):
        words = _("default of ledger account %(code)s") % {"code": account.code}
        candidates.append(Suggestion(getattr(account, name), "card", words))
    return _settle(line, name, candidates, usable)


def _missing(
    line: PurchaseOrderLine, account: GLAccount | None, answer: Answer, known: Knowledge
) -> Iterator[Obstacle]:
    if line.vat_code not in known.books.vat_codes:
        said = str(Scenario(line.scenario).label) if line.scenario else answer.why
        doubt = known.vat_doubts.get(line.scenario, "")
        gone = _("VAT code %(code)s is blocked in Exact, or gone") % {"code": line.vat_code}
        words = gone if line.vat_code else ". ".join(filter(None, (said, doubt)))
        yield Obstacle(Cause.NO_VAT_CODE, ": ".join(filter(None, (where(line), words))))
    for name, words, usable in (
        ("cost_center", _("%(line)s: cost centre"), known.books.cost_centers),
        ("cost_unit", _("%(line)s: cost unit"), known.books.cost_units),
    ):
        code = getattr(line, name)
        is_needed = account is not None and getattr(account, COST_RULES[name]) == CostRule.MANDATORY
        if code not in usable if code else is_needed:
            said = " ".join(filter(None, (words % {"line": where(line)}, code)))
            yield Obstacle(Cause.COST_CENTRE_MISSING, said)
