"""What last year's bookings say about vendors: who is ready, and which mappings they speak for. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.identifiers import Kind
from apps.core.names import LEGAL_FORMS, plain
from apps.vendors.evidence import ONE_EACH, Card, Key
from apps.vendors.written import NoIdentity, identity, is_ours

FEWEST_OF_MOST = 5  # bookings of a card before it may outweigh others that were booked on, too
MOST_SHARE = 90  # percent of the bookings of all cards with the same number
FEWEST_BY_NAME = 3


@dataclass(frozen=True, slots=True)
class Booked:
    """How often a card was booked on, and when last."""

    times: int
    last: date | None


NEVER = Booked(0, None)
Bookings = Mapping[str, Booked]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping that the bookings speak for. `others`: the cards with the same number, with their bookings."""

    key: Key
    card: Card
    booked: Booked
    others: tuple[tuple[Card, int], ...] = ()

    @property
    def token(self) -> str:
        """What a page sends back for it: its supplier and its identity, so that nothing else is accepted."""
        return f"{self.card.supplier} {self.key}"

    @property
    def why(self) -> str:
        """The evidence, in words."""
        times = ngettext("%(count)d booking last year", "%(count)d bookings last year", self.booked.times) % {
            "count": self.booked.times
        }
        day = date_format(self.booked.last, "SHORT_DATE_FORMAT") if self.booked.last else "-"
        last = _("last on %(day)s") % {"day": day}
        return f"{times}, {last}; {self._of_others()}"

    def _of_others(self) -> str:
        if not self.others:
            return _("the card has no number, and no other card has this name")
        booked = sum(times for _card, times in self.others)
        if booked:
            return ngettext(
                "the other card has %(count)d",
                "the %(cards)d other cards have %(count)d together",
                len(self.others),
            ) % {"cards": len(self.others), "count": booked}
        return ngettext(
            "the other card has none", "the %(cards)d other cards have none", len(self.others)
        ) % {"cards": len(self.others)}


@dataclass(frozen=True, slots=True)
class Found:
    """What last year says. `booked` cards may still be booked on; `unusable` were booked on and may not be now."""

    booked: int
    by_number: int
    by_mapping: int
    unusable: int
    proposals: tuple[Proposal, ...]

    @property
    def ready(self) -> int:
        """How many suppliers are found without a question."""
        return self.by_number + self.by_mapping

    @property
    def percent(self) -> int:
        """The share that is ready, rounded down: a hundred is all of them."""
        return 100 * self.ready // self.booked if self.booked else 0


def look(
    cards: Sequence[Card],
    bookings: Bookings,
    *,
    own: Collection[Key],
    mapped: Mapping[Key, str],
    undone: Collection[tuple[Key, str]],
    name_of: Callable[[str], Key],
) -> Found:
    """Return who is ready and what is proposed, the most booked first.

    `own` are the firm's own numbers; `mapped` what is decided already, key -> supplier; `undone` decisions
    (key, supplier) that somebody took back, which are not proposed again; `name_of` gives the identity of a name.
    """
    booked = [card for card in cards if bookings.get(card.supplier, NEVER).times]
    usable = [card for card in booked if card.usable]
    carriers = _carriers(cards, booked, own)
    known = set(mapped.values())
    by_number = {
        card.supplier for card in usable if any(len(carriers.get(key, ())) == 1 for key in card.keys)
    }
    by_mapping = {card.supplier for card in usable if card.supplier in known} - by_number
    found = (*_by_number(carriers, bookings), *_by_name(cards, usable, bookings, name_of))
    proposals = [one for one in found if one.key not in mapped and (one.key, one.card.supplier) not in undone]
    return Found(
        len(usable),
        len(by_number),
        len(by_mapping),
        len(booked) - len(usable),
        tuple(sorted(proposals, key=lambda one: (-one.booked.times, one.card.name, one.key))),
    )


def _carriers(cards: Iterable[Card], booked: Iterable[Card], own: Collection[Key]) -> dict[Key, list[Card]]:
    """Each number of the `booked` cards that says who a company is, with all the cards that carry it.

    Not numbers that fail their check, placeholders and our own. Not domains: they say least, and many share one.
    """
    wanted = {key for card in booked for key in card.keys if _is_evidence(key, own)}
    found: dict[Key, list[Card]] = defaultdict(list)
    for card in cards:
        for key in card.keys & wanted:
            found[key].append(card)
    return found


def _is_evidence(key: Key, own: Collection[Key]) -> bool:
    if key.kind == Kind.DOMAIN:
        return False
    try:
        return identity(key.kind, key.value) == key and not is_ours(key, own)
    except NoIdentity:
        return False


def _by_number(carriers: Mapping[Key, Sequence[Card]], bookings: Bookings) -> Iterator[Proposal]:
    """A number on several cards, of which one alone was booked on, or by far the most."""
    for key, cards in carriers.items():
        if len(cards) < 2:
            continue
        times = {card.supplier: bookings.get(card.supplier, NEVER).times for card in cards}
        first = max(cards, key=lambda card: (times[card.supplier], card.supplier))
        most, total = times[first.supplier], sum(times.values())
        outweighs = most >= FEWEST_OF_MOST and 100 * most >= MOST_SHARE * total
        if not (first.usable and most and (most == total or outweighs)):
            continue
        others = [card for card in cards if card is not first]
        if key.kind == Kind.IBAN and any(_is_another_company(first, card) for card in others):
            continue
        yield Proposal(
            key, first, bookings[first.supplier], tuple((card, times[card.supplier]) for card in others)
        )


def _is_another_company(card: Card, other: Card) -> bool:
    """Two companies with one account: a factoring company's, which says nothing of who sent a document."""
    for kind in ONE_EACH:
        mine = {key for key in card.keys if key.kind == kind}
        theirs = {key for key in other.keys if key.kind == kind}
        if mine and theirs and not mine & theirs:
            return True
    return False


def _by_name(
    cards: Sequence[Card], usable: Sequence[Card], bookings: Bookings, name_of: Callable[[str], Key]
) -> Iterator[Proposal]:
    """A supplier without any number whose name no other card has."""
    named: dict[str, int] = defaultdict(int)
    for card in cards:
        named[plain(card.name)] += 1
    for card in usable:
        booked, name = bookings[card.supplier], plain(card.name)
        if (
            not card.keys
            and booked.times >= FEWEST_BY_NAME
            and name
            and named[name] == 1
            and name not in LEGAL_FORMS
        ):
            yield Proposal(name_of(card.name), card, booked)
