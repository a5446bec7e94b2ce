"""The parts that a rule books a line in: each with its codes, and what the ledger account of each demands."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.exact.models import GLAccount
from apps.exact.models.mirrors import CostRule
from apps.invoices.entry_lines import amounts_of, share_json
from apps.invoices.knowledge import Knowledge
from apps.invoices.models import InvoiceLine, ValueSource
from apps.rules.books import Books
from apps.rules.conditions import Rule, Share
from apps.rules.suggestion import Suggestion

DIMENSIONS = (("cost_center", "use_cost_center"), ("cost_unit", "use_cost_unit"))


def split(line: InvoiceLine, known: Knowledge, account: Suggestion) -> list[str]:
    """Split `line` as the rule says whose `account` was taken; return why a person must look instead, if any."""
    line.split = []
    rule = account.rule
    if line.gl_source != ValueSource.RULE or rule is None or not rule.splits:
        return []
    missing = sorted(set(_unknown(rule.splits, known.books)))
    if missing:
        words = _("rule %(name)s books on %(codes)s, which Exact does not have")
        return [words % {"name": rule.name, "codes": ", ".join(missing)}]
    if amounts_of(line.net, rule.splits) is None:
        words = _("the parts of rule %(name)s do not come to %(line)s")
        return [words % {"name": rule.name, "line": line.net}]
    line.split = [_part(share, line, rule, known.books) for share in rule.splits]
    return []


def missing_in(line: InvoiceLine, books: Books, where: str) -> Iterator[Obstacle]:
    """Yield what the ledger accounts of the parts of `line` demand and do not get; `where` names the line."""
    words = {
        "cost_center": _("%(line)s: cost centre for ledger account %(code)s"),
        "cost_unit": _("%(line)s: cost unit for ledger account %(code)s"),
    }
    for part in line.split:
        account = books.accounts_by_code.get(part["gl_code"])
        for name, use in DIMENSIONS:
            if account and getattr(account, use) == CostRule.MANDATORY and not part[name]:
                detail = words[name] % {"line": where, "code": account.code}
                yield Obstacle(Cause.COST_CENTRE_MISSING, detail)


def _part(share: Share, line: InvoiceLine, rule: Rule, books: Books) -> dict[str, Any]:
    """Return the part as the line keeps it; what it has from the line and not of its own is `inherited`."""
    account = books.accounts_by_code[share.gl_code]
    inherited = {
        name: _of_line(line, name, use, rule, books)
        for name, use in DIMENSIONS
        if not getattr(share, name) and _allows(account, use)
    }
    inherited = {name: code for name, code in inherited.items() if code}
    whole = replace(
        share,
        cost_center=share.cost_center or inherited.get("cost_center", ""),
        cost_unit=share.cost_unit or inherited.get("cost_unit", ""),
    )
    kept = share_json(whole, books.bookable[share.gl_code])
    return {**kept, "inherited": sorted(inherited)}


def _of_line(line: InvoiceLine, name: str, use: str, rule: Rule, books: Books) -> str:
    """Return what parts inherit: the line's own; where its account forbids it, what the rule or document said."""
    settled: str = getattr(line, name)
    account = books.accounts_by_code.get(line.gl_code)
    is_chosen = getattr(line, f"{name}_source") == ValueSource.PERSON
    if settled or is_chosen or account is None or _allows(account, use):
        return settled
    usable = books.cost_centers if name == "cost_center" else books.cost_units
    on_document = line.document_cost_center if name == "cost_center" else ""
    return next((code for code in (getattr(rule, name), on_document) if code and code in usable), "")


def _allows(account: GLAccount, use: str) -> bool:
    return bool(getattr(account, use) != CostRule.NOT_ALLOWED)


def _unknown(shares: Sequence[Share], books: Books) -> Iterator[str]:
    for share in shares:
        if share.gl_code not in books.bookable:
            yield share.gl_code
        if share.vat_code and share.vat_code not in books.vat_codes:
            yield share.vat_code
        if share.cost_center and share.cost_center not in books.cost_centers:
            yield share.cost_center
        if share.cost_unit and share.cost_unit not in books.cost_units:
            yield share.cost_unit
