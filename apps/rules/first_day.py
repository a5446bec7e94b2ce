"""The first day: after the first sync of the ledger, rules are proposed from last year's bookings."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.exact.models import Division, Relation
from apps.people.models import User
from apps.rules import bookings, proposing, rule_book, ruling
from apps.rules.models import BookingRule
from apps.rules.proposing import Booked, Proposal, Supplier

Same = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """The suppliers that were `booked` on and may be now; of them those with a card's account, a rule, a proposal."""

    booked: int
    by_card: int
    by_rule: int
    by_proposal: int
    proposals: tuple[Proposal, ...]

    @property
    def percent(self) -> int:
        """The share that is ready, rounded down: a hundred is all of them."""
        ready = self.by_card + self.by_rule + self.by_proposal
        return 100 * ready // self.booked if self.booked else 0


def look(administration: Administration, division: Division) -> Found:
    """Return which suppliers of `administration` are ready, and the rules that last year's bookings speak for.

    What exists, on or off, is not proposed, nor what a person removed.
    """
    accounts = bookings.accounts_of([division.pk])
    usable = bookings.bookable(accounts, division.pk)
    booked = bookings.lines_of([division.pk], accounts)
    cards = Relation.objects.filter(division=division, is_supplier=True, blocked=False).defer("raw")
    here = [card for card in cards if (division.pk, str(card.exact_id)) in booked]
    rules = rule_book.all_for(administration)
    by_card = {card.pk for card in here if str(card.gl_account_purchase) in usable}
    by_rule = {card.pk for card in here if bookings.is_named(card, rules)} - by_card
    known = set(_known(administration))
    proposals: list[Proposal] = []
    by_proposal = 0
    for card in here:
        if card.pk not in by_card | by_rule:
            found = _proposed(card, booked[division.pk, str(card.exact_id)], set(usable.values()), known)
            by_proposal += bool(found)
            proposals += found
    proposals.sort(key=lambda one: (-one.times, one.name))
    return Found(len(here), len(by_card), len(by_rule), by_proposal, tuple(proposals))


def accept(administration: Administration, division: Division, tokens: Collection[str], *, by: User) -> int:
    """Make the proposed rules with these tokens, as far as they are proposed now; return how many."""
    with transaction.atomic():
        Administration.objects.select_for_update().get(
            pk=administration.pk
        )  # two people at once: one after another
        chosen = [one for one in look(administration, division).proposals if one.token in tokens]
        for one in chosen:
            rule = BookingRule(administration=administration, **one.conditions)
            ruling.save(rule, by=by, why=_("from last year's bookings"))
    return len(chosen)


def _proposed(card: Relation, booked: list[Booked], usable: set[str], known: set[Same]) -> list[Proposal]:
    supplier = Supplier(card.code.strip(), card.name)
    return [one for one in proposing.propose(supplier, booked, usable) if one.same not in known]


def _known(administration: Administration) -> Iterator[Same]:
    """Yield what rules of this administration say or said: those that are there, on or off, and those removed."""
    columns = ("supplier_code", "text", "gl_code")
    rows = BookingRule.objects.filter(administration=administration)
    gone = BookingRule.history.filter(administration=administration, history_type="-")
    for code, text, account in (*rows.values_list(*columns), *gone.values_list(*columns)):
        yield code.strip(), text.casefold(), account
