"""Rules made from a line that somebody booked: what could be remembered, for whom, and how much work it saves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.clients.models import Administration, Client
from apps.core import clock
from apps.exact.models import Relation
from apps.invoices.models import InvoiceLine, ValueSource
from apps.invoices.replay_samples import line_facts
from apps.invoices.rows import facts_of
from apps.people.models import User
from apps.rules import ruling
from apps.rules.conditions import DocumentFacts, Patience, Rule
from apps.rules.models import BookingRule
from apps.rules.proposing import words_of
from apps.rules.rule_book import rule_of
from apps.rules.saying import sentences_of_columns
from apps.rules.words import TextMatch

MONTHS = 3
_DAYS = timedelta(days=91)
MOST = 5_000  # lines of people that are looked at, the newest
OWNERS = ("administration", "client", "firm")
_CODES = {"vat_code": "vat_source", "cost_center": "cost_center_source", "cost_unit": "cost_unit_source"}

Touched = Sequence[tuple[InvoiceLine, DocumentFacts]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule that could be made: `kind` is what it looks at, `values` its columns, with its owner."""

    kind: str
    owner: str
    values: dict[str, Any]
    whose: str
    sentence: str = ""
    touches: int = 0

    @property
    def saves(self) -> str:
        """How many documents a month nobody would have to touch, in words."""
        a_month = (2 * self.touches + MONTHS) // (2 * MONTHS)
        if not a_month:
            return _("this rule would save less than one touch a month")
        words = ngettext(
            "this rule would save %(count)d touch a month",
            "this rule would save %(count)d touches a month",
            a_month,
        )
        return words % {"count": a_month}


def proposals(line: InvoiceLine, user: User) -> list[Proposal]:
    """Return the rules that `line`, which has an account, could become, for each owner that `user` may rule for."""
    books = line.invoice.administration
    card = _card_of(line)
    if books is None or card is None or not line.gl_code:
        return []
    found = [
        Proposal(kind, owner, {**values, **_outcome(line), **_owner(owner, books)}, _whose(owner, books))
        for kind, values in _conditions(line, card)
        for owner in (OWNERS if user.sees_everything else OWNERS[:2])
    ]
    found = [_for_many(one, line) if one.owner != "administration" else one for one in found]
    return _said(_counted(found, _touched(user)))


def make(proposal: Proposal, *, by: User) -> BookingRule:
    """Make the rule, or switch on the one that says the same; twice is once.

    Raises ValidationError for what a rule may not be.
    """
    rule = BookingRule(**proposal.values)
    rule.full_clean()
    there = _same_as(rule)
    if there is not None:
        if not there.active:
            there.active = True
            ruling.save(there, by=by, why=_("from a line of a document"))
        return there
    ruling.save(rule, by=by, why=_("from a line of a document"))
    return rule


def _same_as(rule: BookingRule) -> BookingRule | None:
    """Return the stored rule of the same owner that says all that `rule` does and nothing else, an active one first."""
    rows = BookingRule.objects.filter(
        administration=rule.administration, client=rule.client, client_group=rule.client_group
    )
    wanted = _bare(rule_of(rule, ()))
    stored = rows.prefetch_related("splits").order_by("-active", "position", "pk")
    return next((row for row in stored if _bare(rule_of(row)) == wanted), None)


def _bare(rule: Rule) -> Rule:
    return replace(rule, name="", pk=0, owner="", changed_at=None)


def _card_of(line: InvoiceLine) -> Relation | None:
    invoice = line.invoice
    if invoice.supplier is None:
        return None
    rows = Relation.everything.filter(division__administration=invoice.administration_id)
    return rows.filter(exact_id=invoice.supplier).first()


def _conditions(line: InvoiceLine, card: Relation) -> Iterator[tuple[str, dict[str, str]]]:
    here = {"supplier_code": card.code.strip()}
    yield "supplier", here
    for word in words_of(line.description)[:1]:
        yield "text", {**here, "text": word, "text_match": TextMatch.WORD.value}
    if line.seller_item:
        yield "item", {**here, "seller_item": line.seller_item}
    if line.commodity_code:
        yield "commodity", {"commodity_code": line.commodity_code}


def _outcome(line: InvoiceLine) -> dict[str, str]:
    """The account, and of the other codes those that a person chose."""
    chosen = {
        name: getattr(line, name)
        for name, source in _CODES.items()
        if getattr(line, source) == ValueSource.PERSON and getattr(line, name)
    }
    name = f"{line.invoice.supplier_name[:60]} {line.description[:20]}".strip()
    return {"name": f"{name} - {line.gl_code}"[:100], "gl_code": line.gl_code, **chosen}


def _owner(owner: str, books: Administration) -> dict[str, Any]:
    if owner == "administration":
        return {"administration": books}
    return {"client": books.client} if owner == "client" else {}


def _whose(owner: str, books: Administration) -> str:
    return {"administration": books.name, "client": books.client.name}.get(owner, _("the whole firm"))


def _for_many(proposal: Proposal, line: InvoiceLine) -> Proposal:
    """The code of a card means nothing in another administration: the vendor is known by its number, or its name."""
    values = dict(proposal.values)
    if values.pop("supplier_code", ""):
        key = line.invoice.vendor_key
        has_number = key.split(" ", 1)[0] in {"kvk", "vat", "rsin", "oin", "gln"}
        values |= (
            {"vendor_key": key} if has_number else {"supplier_contains": line.invoice.supplier_name[:100]}
        )
    return replace(proposal, values=values)


def _said(found: Sequence[Proposal]) -> list[Proposal]:
    said = sentences_of_columns([one.values for one in found])
    return [replace(one, sentence=words) for one, words in zip(found, said, strict=True)]


def _touched(user: User) -> Touched:
    """Return the lines of the last three months whose account a person chose, with what is known of each document."""
    rows = InvoiceLine.objects.visible_to(user).filter(
        gl_source=ValueSource.PERSON, invoice__received_at__gte=clock.now() - _DAYS
    )
    lines = list(rows.select_related("invoice__administration").order_by("-pk")[:MOST])
    cards = Relation.everything.filter(exact_id__in={line.invoice.supplier for line in lines}).defer("raw")
    known = {
        (card.division.administration_id, card.exact_id): card for card in cards.select_related("division")
    }
    found = []
    for line in lines:
        invoice = line.invoice
        card = known.get((invoice.administration_id, invoice.supplier)) if invoice.supplier else None
        found.append((line, facts_of(invoice, card or Relation(name=invoice.supplier_name))))
    return found


def _counted(found: Iterable[Proposal], touched: Touched) -> list[Proposal]:
    counted = [replace(one, touches=len(_saved(one, touched))) for one in found]
    return sorted(counted, key=lambda one: (OWNERS.index(one.owner), -one.touches))


def _saved(proposal: Proposal, touched: Touched) -> set[int]:
    """Return the documents on which the rule would have given what a person chose by hand."""
    row = BookingRule(**proposal.values)
    rule, patience = rule_of(row, ()), Patience()
    return {
        line.invoice_id
        for line, document in touched
        if line.gl_code == rule.gl_code
        and _is_in(line.invoice.administration, row.administration, row.client)
        and rule.fits(document, line_facts(line), patience)
    }


def _is_in(there: Administration | None, books: Administration | None, client: Client | None) -> bool:
    if books is not None:
        return bool(there == books)
    return client is None or (there is not None and bool(there.client_id == client.pk))
