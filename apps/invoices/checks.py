"""The last look at a coded document: what Exact would refuse, what is left out, and what is odd about it. Pure.

Totals are checked where the document is read and its VAT is spread, dates in `terms`, missing codes in `lines`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.exact.models import GLAccount, Journal
from apps.exact.models.mirrors import CostRule
from apps.intake.findings import Finding
from apps.invoices.earning import UNUSUAL
from apps.invoices.models import InvoiceLine, ValueSource
from apps.invoices.order_lines import CODES as ABOUT_ORDERS
from apps.invoices.splitting import DIMENSIONS
from apps.invoices.usual import usual_of
from apps.invoices.vat_conflicts import CODES as CONFLICTS
from apps.invoices.vat_conflicts import conflicts
from apps.rules.books import Books

ABOUT_CODES = {"condition_unknown", "cost_left_out", "rate_missing", "rule_code_unusable", UNUSUAL}
OURS = CONFLICTS | ABOUT_ORDERS | ABOUT_CODES
_FOR_SALES = "S"  # VATCodes.VATTransactionType (Exact 4.3)


class JournalFacts(NamedTuple):
    """What a journal takes. `allows_vat` and `any_currency` are None where Exact did not say."""

    type: int
    blocked: bool = False
    currency: str = ""
    allows_vat: bool | None = None
    any_currency: bool | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the mirrors say besides the codes that may be used: what may not any more, journals, conditions."""

    unusable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    journals: Mapping[str, JournalFacts] = field(default_factory=dict)
    conditions: frozenset[str] = frozenset()


@dataclass
class Checked:
    """What stands in the way, what a bookkeeper should know, and why a person must look.

    `is_range_known`: whether enough bookings of the supplier are known to tell what is usual.
    """

    obstacles: list[Obstacle] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    is_range_known: bool = False


def told(kept: Iterable[dict[str, Any]], found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the findings of a document as it keeps them, with these in the place of those of an earlier look."""
    new = ({"code": one.code, "values": dict(one.values), "cause": one.cause} for one in found)
    return [*(one for one in kept if one["code"] not in OURS), *new]


def condition_of(ruled: str, card: str, known: frozenset[str]) -> tuple[str, list[Finding]]:
    """Return the payment condition: a rule's, else the card's, else none; one that Exact does not have is told.

    `known` empty: the conditions were never read, and then nothing is said about them.
    """
    wanted = [code for code in (ruled, card) if code]
    if not known:
        return next(iter(wanted), ""), []
    lost = [Finding("condition_unknown", {"value": code}) for code in wanted if code not in known]
    used = next((code for code in wanted if code in known), "")
    return used, lost[: 1 if not used or used != wanted[0] else 0]


def check_codes(lines: Sequence[InvoiceLine], books: Books, facts: Facts) -> Checked:
    """Look at the codes of coded lines; what a ledger account forbids is taken off the line, and said."""
    checked = Checked()
    for line in lines:
        account = books.accounts_by_code.get(line.gl_code)
        checked.obstacles += _of_account(line, account)
        checked.obstacles += _of_vat(line, books)
        if account is not None:
            checked.findings += _left_out(line, account, books)
        checked.obstacles += _ended(line, books)
        checked.findings += _of_rules(line, books, facts)
    contradicting = conflicts(lines, books)
    checked.findings += contradicting
    checked.reasons += [finding.sentence() for finding in contradicting]
    unique = {(one.code, tuple(one.values.items())): one for one in checked.findings}
    checked.findings = list(unique.values())
    return checked


def check_journal(
    code: str, lines: Iterable[InvoiceLine], currency: str, books: Books, facts: Facts
) -> list[Obstacle]:
    """Return why the purchase journal does not take this document; nothing when it was never read."""
    journal = facts.journals.get(code)
    if journal is None:
        return []
    used = [books.vat_codes.get(code) for line in lines for code in _vat_codes(line)]
    carries_vat = any(one and (one.charged or one.percentage) for one in used)
    words = ""
    if journal.blocked:
        words = _("Journal %(code)s is blocked in Exact. Release it there, or choose another one.")
    elif journal.type != Journal.PURCHASE:
        words = _("Journal %(code)s is no purchase journal. Choose another one for this administration.")
    elif journal.allows_vat is False and carries_vat:
        words = _("Journal %(code)s takes no VAT. Allow it in Exact, or choose another journal.")
    elif journal.currency and journal.currency != currency and journal.any_currency is False:
        words = _("Journal %(code)s takes %(own)s alone and the document is in %(currency)s.")
    values = {"code": code, "own": journal.currency, "currency": currency}
    return [Obstacle(Cause.NEEDS_APPROVAL, words % values, is_gap=True)] if words else []


def check_currency(currency: str, own: str, rate: Decimal | None) -> list[Finding]:
    """Return a finding for a foreign document that names no rate into the currency of the books."""
    if not own or currency == own or rate is not None:
        return []
    return [Finding("rate_missing", {"value": currency})]


def check_amount(amount: Decimal | None, earlier: Sequence[Decimal]) -> Checked:
    """Look whether `amount` is usual among the `earlier` ones of the supplier, newest first, all in our currency."""
    usual = usual_of(earlier, amount) if amount else None
    checked = Checked(is_range_known=usual is not None)
    if amount is None or usual is None or usual.holds(amount):
        return checked
    values = {
        "found": str(abs(amount).quantize(Decimal("0.01"))),
        "low": str(usual.low),
        "high": str(usual.high),
        "count": str(usual.times),
    }
    checked.findings.append(Finding(UNUSUAL, values))
    checked.reasons.append(checked.findings[0].sentence())
    return checked


def _of_account(line: InvoiceLine, account: GLAccount | None) -> Iterator[Obstacle]:
    """Tell of an account that a person chose and that takes no purchases; nobody else's choice gets this far."""
    if not line.gl_code or (account is not None and account.takes_entries):
        return
    words = _("%(line)s: ledger account %(code)s is blocked in Exact, or gone. Choose another one.")
    if account is not None:
        words = _("%(line)s: no purchase may be booked on ledger account %(code)s. Choose another one.")
    line.gl_account = None
    yield Obstacle(Cause.NO_GL_ACCOUNT, words % {"line": where(line), "code": line.gl_code})


def _vat_codes(line: InvoiceLine) -> list[str]:
    """Return the VAT codes that the line is booked with, those of its parts too."""
    return sorted({line.vat_code, *(part["vat_code"] for part in line.split)} - {""})


def _of_vat(line: InvoiceLine, books: Books) -> Iterator[Obstacle]:
    for code in _vat_codes(line):
        known = books.vat_codes.get(code)
        if known is None:
            words = _("%(line)s: VAT code %(code)s is blocked in Exact, or gone. Choose another one.")
        elif known.transaction_type.strip() == _FOR_SALES:
            words = _("%(line)s: VAT code %(code)s is for sales only. Choose one for purchases.")
        else:
            continue
        yield Obstacle(Cause.NO_VAT_CODE, words % {"line": where(line), "code": code})


def _left_out(line: InvoiceLine, account: GLAccount, books: Books) -> Iterator[Finding]:
    """Take off what the ledger account forbids, whoever said it."""
    for name, rule in DIMENSIONS:
        if line.split:  # the parts are booked: what stands on the line goes to those that may have it
            yield from _left_out_of_parts(line, name, rule, books)
        elif getattr(account, rule) == CostRule.NOT_ALLOWED and (said := _said(line, name)):
            setattr(line, name, "")
            setattr(line, f"{name}_source", ValueSource.NOBODY)
            setattr(line, f"{name}_why", "")
            yield Finding("cost_left_out", {"value": said, "account": account.code})


def _left_out_of_parts(line: InvoiceLine, name: str, rule: str, books: Books) -> Iterator[Finding]:
    """Take off what the account of each part forbids; tell of the line's own where no part has it for that."""
    accounts = [books.accounts_by_code.get(part["gl_code"]) for part in line.split]
    forbidding = [one for one in accounts if one and getattr(one, rule) == CostRule.NOT_ALLOWED]
    for part in line.split:
        if part[name] and part["gl_code"] in {one.code for one in forbidding}:
            yield Finding("cost_left_out", {"value": part[name], "account": part["gl_code"]})
            part[name] = ""
    said = _said(line, name)
    if said and forbidding and said not in {part[name] for part in line.split}:
        yield Finding("cost_left_out", {"value": said, "account": forbidding[0].code})


def _said(line: InvoiceLine, name: str) -> str:
    """Return what was said of the dimension `name`: on the line, by the document, or by a rule."""
    on_document = line.document_cost_center if name == "cost_center" else ""
    by_rules = [str(said["value"]) for said in line.rules if said["field"] == name]
    return next((one for one in (getattr(line, name), on_document, *by_rules) if one), "")


def _ended(line: InvoiceLine, books: Books) -> Iterator[Obstacle]:
    """Tell of a cost centre or unit that a person chose and that is not in use any more."""
    for name, usable, words in (
        (
            "cost_center",
            books.cost_centers,
            _("%(line)s: cost centre %(code)s is not in use in Exact any more."),
        ),
        ("cost_unit", books.cost_units, _("%(line)s: cost unit %(code)s is not in use in Exact any more.")),
    ):
        code = getattr(line, name)
        if code and code not in usable:
            yield Obstacle(Cause.COST_CENTRE_MISSING, words % {"line": where(line), "code": code})


def _of_rules(line: InvoiceLine, books: Books, facts: Facts) -> Iterator[Finding]:
    """Tell of a rule that says a code which may not be used any more; one that never was here says nothing."""
    for said in line.rules:
        name, value = str(said["field"]), str(said["value"])
        account = books.accounts_by_code.get(value) if name == "gl_code" else None
        is_forbidden = account is not None and not account.takes_entries
        if is_forbidden or value in facts.unusable.get(name, ()):
            yield Finding("rule_code_unusable", {"rule": str(said["name"]), "value": value})


def where(line: InvoiceLine) -> str:
    """Return the words by which a person finds `line`."""
    return _("line %(position)d %(text)s") % {"position": line.position, "text": line.description[:60]}
