"""Saying for many divisions at once which administration each of them is."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import gettext as _

from apps.clients.models import Administration, AdministrationIdentifier, Client
from apps.core import queue
from apps.core.addresses import key_in
from apps.exact import evidence, linking, proposals
from apps.exact.linking import LinkRefused
from apps.exact.models import Connection, Division
from apps.exact.proposals import Advice, Books, Facts, Proposal
from apps.people.models import User

MOST = 400  # divisions of one page
_FIRST = (
    Advice.ASK,
    Advice.CREATE,
    Advice.LINK,
    Advice.NOT_FOR_USE,
)  # what a person must look at comes first
_KEY_AT_END = re.compile(r"\[([0-9]+)\]\s*$")


@dataclass(frozen=True, slots=True)
class Offered:
    """A division that can be linked, with what is proposed; `client`: the name that a new administration is of."""

    division: Division
    proposal: Proposal
    client: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen: `left_off` divisions more than `rows` shows; `free` administrations as they are written."""

    rows: list[Offered]
    left_off: int
    free: list[str]

    def count(self, advice: Advice) -> int:
        """Return how many rows have this advice."""
        return sum(row.proposal.advice is advice for row in self.rows)


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for a division, by keys: an administration, or a new one of `client` (None: a new one)."""

    division: int
    administration: int | None = None
    client: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one choice, in words."""

    division: Division
    is_linked: bool
    words: str


def offer(user: User, connection: Connection | None = None) -> Offer:
    """Return the free divisions (of one connection) with their proposals, questions first; four queries."""
    wanted = linking.offer().visible_to(user).select_related("app")
    if connection:
        wanted = wanted.filter(connection=connection)
    divisions = list(wanted)
    free, clients = _free(user), dict(Client.objects.visible_to(user).values_list("pk", "name"))
    found = proposals.propose(map(_facts, divisions), free, clients)
    divisions.sort(key=lambda one: _FIRST.index(found[one.pk].advice))  # within these by owner and name
    rows = [_offered(division, found[division.pk], clients) for division in divisions[:MOST]]
    return Offer(rows, len(divisions) - len(rows), [written(books) for books in free])


def written(books: Books) -> str:
    """Return how an administration is written where one is filled in."""
    return f"{books.name} ({books.client}) [{books.key}]"


def read_choice(division: int, value: str, *, certain: bool, rest: bool) -> Choice | None:
    """Return what a value of the form means; None: nothing, or what was to be taken only with `certain` or `rest`."""
    act, _colon, key = value.partition(":")
    if act == "link" or (act == "certain" and certain):
        return Choice(division, administration=key_in(key))
    if act == "create" or (act == "rest" and rest):
        return Choice(division, client=key_in(key) if key else None)
    return None


def read_written(division: int, text: str, user: User) -> Choice:
    """Return the choice of an administration that was filled in: as `written`, or by a name that only one has.

    One that there is not has the key 0.
    """
    if found := _KEY_AT_END.search(text):
        return Choice(division, administration=key_in(found[1]))
    named = Administration.objects.visible_to(user).filter(division=None, name__iexact=text)
    keys = list(named.values_list("pk", flat=True)[:2])
    return Choice(division, administration=keys[0] if len(keys) == 1 else 0)


def carry_out(choices: Iterable[Choice], by: User) -> list[Outcome]:
    """Do what was chosen, each for itself: one that is refused says so and undoes no other. The round is rung once."""
    wanted = list(choices)
    divisions = Division.objects.visible_to(by).in_bulk([choice.division for choice in wanted])
    keys = [choice.administration for choice in wanted if choice.administration]
    administrations = Administration.objects.visible_to(by).in_bulk(keys)
    clients = Client.objects.visible_to(by).in_bulk([choice.client for choice in wanted if choice.client])
    outcomes = [
        _done(divisions[choice.division], choice, administrations, clients)
        for choice in wanted
        if choice.division in divisions
    ]
    if any(outcome.is_linked for outcome in outcomes):
        queue.ring("apps.exact.tasks.sync_round")
    return outcomes


def _done(
    division: Division, choice: Choice, administrations: dict[int, Administration], clients: dict[int, Client]
) -> Outcome:
    try:
        words = _linked(division, choice, administrations, clients)
    except LinkRefused as refusal:
        return Outcome(division, False, str(refusal))
    except IntegrityError:  # two people at the same moment: the database let one of them through
        return Outcome(division, False, _("Somebody else chose the same at the same moment. Look again."))
    return Outcome(division, True, words)


def _linked(
    division: Division, choice: Choice, administrations: dict[int, Administration], clients: dict[int, Client]
) -> str:
    if choice.administration is not None:
        administration = administrations.get(choice.administration)
        if administration is None:
            raise LinkRefused(_("There is no such administration. Choose one from the list."))
        linking.link(division, administration)
        return _("It is linked to %(name)s.") % {"name": administration.name}
    client = clients.get(choice.client) if choice.client is not None else None
    if choice.client is not None and client is None:
        raise LinkRefused(_("There is no such client any more. Choose again."))
    made = linking.create_for(division, client=client)
    words = _("Administration %(name)s of client %(client)s is made; it proposes until you say otherwise.")
    return words % {"name": made.name, "client": made.client.name}


def _free(user: User) -> list[Books]:
    """Return the administrations that have no division yet, also for their mailbox (decision 22); two queries."""
    free = Administration.objects.visible_to(user).filter(division=None, package__in=linking.WITH_DIVISION)
    found = list(free.order_by("name", "pk").values_list("pk", "name", "client__name"))
    numbers: dict[int, list[tuple[str, str]]] = defaultdict(list)
    of_free = AdministrationIdentifier.objects.filter(administration__in=free)
    for key, kind, value in of_free.values_list("administration", "kind", "value"):
        numbers[key].append((kind, value))
    return [Books(key, name, client, evidence.known_numbers(numbers[key])) for key, name, client in found]


def _facts(division: Division) -> Facts:
    known = evidence.numbers(division.vat_number, division.chamber_of_commerce, division.country)
    numbers = frozenset((number.kind.value, number.value) for number in known)
    return Facts(division.pk, division.name, division.customer_name, numbers, division.unused)


def _offered(division: Division, proposal: Proposal, clients: dict[int, str]) -> Offered:
    new = division.customer_name or division.name
    return Offered(division, proposal, clients[proposal.client] if proposal.client else new)
