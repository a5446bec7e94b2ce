"""The first day: after the first sync of the ledger, mappings are proposed from last year's bookings."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Count, Max

from apps.clients.models import Administration
from apps.core import clock
from apps.exact.models import Division, LedgerLine, Relation
from apps.people.models import User
from apps.vendors import adopting, cards, last_year, learning
from apps.vendors.evidence import Key
from apps.vendors.last_year import Booked, Found
from apps.vendors.listed import own_numbers
from apps.vendors.models import Mapping, Origin, Scope

DAYS = 365
PURCHASES = (30, 31)  # TransactionLines.Type: purchase entries and credit notes (Exact 4.8)


def look(administration: Administration, division: Division) -> Found:
    """Return which suppliers of `administration` are ready, and the mappings that last year's bookings speak for.

    The bookings are counted by the database; the cards are those that matching keeps at hand.
    """
    rows = Mapping.objects.filter(administration=administration)
    valid = rows.valid().filter(scope=Scope.SENDER).values_list("kind", "value", "supplier")
    undone = rows.filter(forgotten_at__isnull=False).values_list("kind", "value", "supplier")
    return last_year.look(
        list(cards.index_for(division).cards.values()),
        _bookings(division),
        own=own_numbers(),
        mapped={Key(kind, value): str(supplier) for kind, value, supplier in valid},
        undone={(Key(kind, value), str(supplier)) for kind, value, supplier in undone},
        name_of=lambda name: learning.identity_of([], name),
    )


def _bookings(division: Division) -> dict[str, Booked]:
    """How often each card was booked on in the last year: one query, one row for each card."""
    headers = LedgerLine.objects.filter(
        division=division,
        type__in=PURCHASES,
        line_number=0,
        relation__isnull=False,
        date__gte=clock.today() - timedelta(days=DAYS),
        date__lte=clock.today(),
    )
    counted = headers.order_by().values("relation").annotate(times=Count("pk"), last=Max("date"))
    found = counted.values_list("relation", "times", "last")
    return {str(relation): Booked(times, last) for relation, times, last in found}


def accept(administration: Administration, division: Division, tokens: Collection[str], *, by: User) -> int:
    """Remember the proposals with these tokens, as far as they are proposed now; return how many were."""
    chosen = [one for one in look(administration, division).proposals if one.token in tokens]
    found = Relation.objects.filter(
        division=division, is_supplier=True, blocked=False, exact_id__in={one.card.supplier for one in chosen}
    )
    suppliers = {str(card.exact_id): card for card in found.defer("raw")}
    remembered = sum(
        adopting.adopt(
            administration, one.key, suppliers[one.card.supplier], before="", by=by, origin=Origin.HISTORY
        )
        for one in chosen
        if one.card.supplier in suppliers
    )
    if remembered:
        adopting.tell([administration])
    return remembered
