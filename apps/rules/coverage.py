"""The suppliers that no rule and no card speaks for, those with the most work first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Relation
from apps.people.models import User
from apps.rules import bookings, proposing
from apps.rules.conditions import Rule
from apps.rules.models import BookingRule, Correction
from apps.rules.proposing import Proposal, Supplier
from apps.rules.rule_book import rule_of

MOST = 2_000  # suppliers that are looked at, those with the most bookings
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Gap:
    """A supplier of an administration: its entries of twelve months, and the documents that people corrected."""

    administration: Administration
    division: int
    card: Relation
    entries: int
    touches: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A gap with the rule that would save most, None when its bookings speak for none."""

    gap: Gap
    rule: Proposal | None

    @property
    def saves(self) -> int:
        """How many entries a month the rule would book, rounded."""
        if self.rule is None:
            return 0
        return round(self.gap.entries * self.rule.times / self.rule.of / MONTHS)

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the rule, with its owner."""
        values: dict[str, Any] = {"administration": self.gap.administration}
        if self.rule is None:
            return {**values, "name": self.gap.card.name[:100], "supplier_code": self.gap.card.code}
        return {**values, **self.rule.conditions}


def gaps(user: User) -> list[Gap]:
    """Return the suppliers that `user` sees without a rule and without an account on their card; five queries."""
    books = _books(user)
    counted = _counted(list(books))
    cards = _cards(books, [supplier for _division, supplier, _times in counted])
    rules, touches = _rules(books), _touches(books)
    found = []
    for division, supplier, times in counted:
        card, administration = cards.get((division, supplier)), books[division]
        if card is not None and not bookings.is_named(card, rules[administration.pk]):
            touched = touches.get((administration.pk, supplier), 0)
            found.append(Gap(administration, division, card, times, touched))
    return sorted(found, key=lambda gap: (-gap.touches - gap.entries, gap.card.name, gap.card.pk))


def offers(page: Sequence[Gap]) -> list[Offer]:
    """Return the gaps of one page with the rules that their bookings speak for; two queries."""
    divisions = {gap.division for gap in page}
    accounts = bookings.accounts_of(divisions)
    usable = {division: set(bookings.bookable(accounts, division).values()) for division in divisions}
    booked = bookings.lines_of(divisions, accounts, {gap.card.exact_id for gap in page})
    return [
        Offer(
            gap,
            proposing.best(
                Supplier(gap.card.code.strip(), gap.card.name),
                booked.get((gap.division, str(gap.card.exact_id)), ()),
                usable[gap.division],
            ),
        )
        for gap in page
    ]


def _books(user: User) -> dict[int, Administration]:
    """The administrations that somebody sees, by the key of their division."""
    rows = Administration.objects.visible_to(user).filter(division__isnull=False)
    return {one.division.pk: one for one in rows.select_related("client", "division")}


def _counted(divisions: Sequence[int]) -> list[tuple[int, UUID, int]]:
    without = Relation.objects.filter(
        division=OuterRef("division"),
        exact_id=OuterRef("relation"),
        is_supplier=True,
        blocked=False,
        gl_account_purchase=None,
    )
    rows = bookings.entries(divisions).filter(Exists(without)).order_by()
    counted = rows.values("division", "relation").annotate(times=Count("pk")).order_by("-times", "relation")
    found = counted.values_list("division", "relation", "times")[:MOST]
    return [(division, supplier, times) for division, supplier, times in found if supplier]


def _cards(
    books: Mapping[int, Administration], suppliers: Sequence[UUID]
) -> dict[tuple[int, UUID], Relation]:
    rows = Relation.objects.filter(division__in=list(books), exact_id__in=suppliers).defer("raw")
    return {(card.division_id, card.exact_id): card for card in rows}


def _rules(books: Mapping[int, Administration]) -> dict[int, list[Rule]]:
    """Return the active rules that may speak, by administration; two queries for all of them."""
    here = list(books.values())
    mine = Q(administration__in=here) | Q(client__in={one.client_id for one in here})
    rows = BookingRule.objects.filter(mine | Q(administration=None, client=None), active=True)
    ruled = [
        (row, rule_of(row))
        for row in rows.select_related("administration", "client").prefetch_related("splits")
    ]
    return {one.pk: [rule for row, rule in ruled if _speaks_in(row, one)] for one in here}


def _speaks_in(row: BookingRule, books: Administration) -> bool:
    if row.administration_id or row.client_id:
        return row.administration_id == books.pk or row.client_id == books.client_id
    return row.client_group_id in (None, books.client.group_id)


def _touches(books: Mapping[int, Administration]) -> dict[tuple[int, UUID], int]:
    since = clock.now() - timedelta(days=bookings.DAYS)
    rows = Correction.objects.filter(administration__in=list(books.values()), at__gte=since).order_by()
    counted = rows.values("administration", "supplier").annotate(times=Count("part", distinct=True))
    found = counted.values_list("administration", "supplier", "times")
    return {(books_key, supplier): times for books_key, supplier, times in found}
