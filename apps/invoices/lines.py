"""Coding one line: ledger account, VAT code, cost centre and cost unit, each with who vouches and why."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.causes import Cause
from apps.exact.models import GLAccount
from apps.exact.models.mirrors import CostRule
from apps.invoices.models import InvoiceLine, ValueSource
from apps.invoices.policy import Obstacle
from apps.rules.books import Books
from apps.rules.scenario import Scenario, scenario_of
from apps.rules.suggestion import NOTHING, Rule, Suggestion, first, from_card, from_history, from_rules


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known about the supplier's lines. `card_account` is an id in Exact, `booked` ids newest first."""

    books: Books
    rules: Sequence[Rule]
    vat_table: Mapping[str, str]
    supplier_name: str
    country: str
    card_account: str
    booked: Sequence[str]


def code_line(line: InvoiceLine, known: Knowledge) -> list[Obstacle]:
    """Fill in what `line` lacks and return what is still in the way. What a person set stays."""
    rules = [rule for rule in known.rules if rule.fits_text(line.description)]
    obstacles = [
        *_account(line, known, rules),
        *_vat(line, known, rules),
    ]
    account = known.books.accounts.get(str(line.gl_account))
    if account:
        obstacles += _cost_center(line, known, rules, account)
        obstacles += _cost_unit(line, known, rules, account)
    return obstacles


def _account(line: InvoiceLine, known: Knowledge, rules: Sequence[Rule]) -> list[Obstacle]:
    books = known.books
    if line.gl_source != ValueSource.PERSON:
        rule = from_rules(rules, "gl_code", books.bookable)
        card = known.card_account if _takes_entries(books, known.card_account) else ""
        found = first(
            rule._replace(value=books.bookable[rule.value]) if rule.value else NOTHING,
            from_card(card, known.supplier_name),
            from_history([one for one in known.booked if _takes_entries(books, one)]),
        )
        account = books.accounts.get(found.value)
        line.gl_account = account.exact_id if account else None
        line.gl_code = account.code if account else ""
        line.gl_source, line.gl_why = found.source, found.why[:255]
    return [] if line.gl_account else [Obstacle(Cause.NO_GL_ACCOUNT, _where(line))]


def _takes_entries(books: Books, account_id: str) -> bool:
    account = books.accounts.get(account_id)
    return account is not None and account.takes_entries


def _vat(line: InvoiceLine, known: Knowledge, rules: Sequence[Rule]) -> list[Obstacle]:
    answer = scenario_of(
        category=line.category,
        rate=line.rate,
        country=known.country,
        exemption_code=line.exemption_code,
        exemption_reason=line.exemption_reason,
    )
    line.scenario = answer.scenario or ""
    if line.vat_source != ValueSource.PERSON:
        table = known.vat_table.get(line.scenario, "")
        label = Scenario(answer.scenario).label if answer.scenario else ""
        found = first(
            from_rules(rules, "vat_code", known.books.vat_codes),
            _known(Suggestion(table, "table", f"{answer.why}: {label}"), known.books.vat_codes),
        )
        line.vat_code, line.vat_source, line.vat_why = found.value, found.source, found.why[:255]
    if line.vat_code:
        return []
    said = Scenario(line.scenario).label if line.scenario else answer.why
    return [Obstacle(Cause.NO_VAT_CODE, f"{_where(line)}: {said}")]


def _cost_center(
    line: InvoiceLine, known: Knowledge, rules: Sequence[Rule], account: GLAccount
) -> list[Obstacle]:
    if line.cost_center_source != ValueSource.PERSON:
        written = line.document_cost_center
        found = first(
            from_rules(rules, "cost_center", known.books.cost_centers),
            _known(Suggestion(written, "document", _("on the document")), known.books.cost_centers),
            _known(_default(account.cost_center, account), known.books.cost_centers),
        )
        if account.use_cost_center == CostRule.NOT_ALLOWED:
            found = NOTHING
        line.cost_center, line.cost_center_source, line.cost_center_why = found
    if account.use_cost_center == CostRule.MANDATORY and not line.cost_center:
        return [Obstacle(Cause.COST_CENTRE_MISSING, _("%(line)s: cost centre") % {"line": _where(line)})]
    return []


def _cost_unit(
    line: InvoiceLine, known: Knowledge, rules: Sequence[Rule], account: GLAccount
) -> list[Obstacle]:
    if line.cost_unit_source != ValueSource.PERSON:
        found = first(
            from_rules(rules, "cost_unit", known.books.cost_units),
            _known(_default(account.cost_unit, account), known.books.cost_units),
        )
        if account.use_cost_unit == CostRule.NOT_ALLOWED:
            found = NOTHING
        line.cost_unit, line.cost_unit_source, line.cost_unit_why = found
    if account.use_cost_unit == CostRule.MANDATORY and not line.cost_unit:
        return [Obstacle(Cause.COST_CENTRE_MISSING, _("%(line)s: cost unit") % {"line": _where(line)})]
    return []


def _known(suggestion: Suggestion, codes: Container[str]) -> Suggestion:
    return suggestion if suggestion.value in codes else NOTHING


def _default(value: str, account: GLAccount) -> Suggestion:
    return Suggestion(value, "card", _("default of ledger account %(code)s") % {"code": account.code})


def _where(line: InvoiceLine) -> str:
    return _("line %(position)d %(text)s") % {"position": line.position, "text": line.description[:60]}
