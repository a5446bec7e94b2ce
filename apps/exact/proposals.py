"""Which administration of ours a division of Exact seems to be. Pure; a name never decides anything."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.translation import gettext as _

from apps.core import names
from apps.core.identifiers import LABELS, Kind
from apps.exact.evidence import REGISTERED, Number

_MOST_NAMED = 3


class Advice(StrEnum):
    """What is proposed for a division."""

    LINK = "link"
    ASK = "ask"
    CREATE = "create"
    NOT_FOR_USE = "not_for_use"


@dataclass(frozen=True, slots=True)
class Facts:
    """What Exact says about one division. `unused`: in a word why nobody works in it, "" when somebody may."""

    key: int
    name: str
    customer: str = ""
    numbers: frozenset[Number] = frozenset()
    unused: str = ""


@dataclass(frozen=True, slots=True)
class Books:
    """One administration that has no division yet; `numbers` are (kind, value) as we keep them."""

    key: int
    name: str
    client: str
    numbers: frozenset[Number] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one division, and why, in a sentence.

    LINK has one of `books`; ASK those that it may be, with the likely ones first. `client`: the key of the client that
    a new administration would be of, None for a new one.
    """

    advice: Advice
    why: str
    books: tuple[Books, ...] = ()
    client: int | None = None


def propose(
    divisions: Iterable[Facts], free: Iterable[Books], clients: dict[int, str]
) -> dict[int, Proposal]:
    """Return a proposal for each division, by key. `clients` are names by key.

    A number that fits one administration is certain, unless another number says otherwise or two divisions carry it.
    """
    shelf = _Shelf(free, clients)
    found = {facts.key: (facts, shelf.proposal(facts)) for facts in divisions}
    wanted = Counter(one.books[0].key for _facts, one in found.values() if one.advice is Advice.LINK)
    return {
        key: _contested(one) if one.advice is Advice.LINK and wanted[one.books[0].key] > 1 else one
        for key, (_facts, one) in found.items()
    }


def _contested(proposal: Proposal) -> Proposal:
    why = _("Another division carries the number of %(name)s too; say which of them it is.")
    return replace(proposal, advice=Advice.ASK, why=why % {"name": proposal.books[0].name})


@dataclass(slots=True)
class _Shelf:
    """The free administrations and the clients, by what they can be found by."""

    free: Iterable[Books]
    clients: dict[int, str]
    by_number: dict[Number, list[Books]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Books]] = field(default_factory=lambda: defaultdict(list))
    client_named: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for books in self.free:
            for number in books.numbers:
                self.by_number[number].append(books)
            self.by_name[names.plain(books.name)].append(books)
        for key, name in self.clients.items():
            self.client_named.setdefault(names.plain(name), key)
        for key, name in self.clients.items():
            self.client_named[name] = key

    def proposal(self, facts: Facts) -> Proposal:
        found = self._by_number(facts) or self._by_name(facts) or self._new(facts)
        found = replace(found, client=self._client(facts))
        if not facts.unused:
            return found
        why = _("It is %(unused)s in Exact. Choose it only when it is worked in again.")
        return replace(found, advice=Advice.NOT_FOR_USE, why=why % {"unused": facts.unused})

    def _client(self, facts: Facts) -> int | None:
        wanted = facts.customer or facts.name
        return self.client_named.get(wanted) or self.client_named.get(names.plain(wanted))

    def _by_number(self, facts: Facts) -> Proposal | None:
        fits = {
            number: self.by_number[number] for number in sorted(facts.numbers) if number in self.by_number
        }
        if not fits:
            return None
        every = {books.key: books for found in fits.values() for books in found}
        shared = set.intersection(*({books.key for books in found} for found in fits.values()))
        likely = tuple(sorted(every.values(), key=lambda one: (one.key not in shared, one.name, one.key)))
        if not shared:
            return Proposal(Advice.ASK, _apart(fits), likely)
        if len(shared) > 1:
            why = _("Several administrations have %(number)s: %(names)s.")
            values = {"number": _said(fits), "names": _listed(likely[: len(shared)])}
            return Proposal(Advice.ASK, why % values, likely)
        if other := _other_number(facts, likely[0]):
            return Proposal(Advice.ASK, other, likely)
        why = _("%(name)s has the same %(number)s.") % {"number": _said(fits), "name": likely[0].name}
        return Proposal(Advice.LINK, why, likely[:1])

    def _by_name(self, facts: Facts) -> Proposal | None:
        found = self.by_name.get(names.plain(facts.name), [])
        if not found:
            return None
        likely = tuple(sorted(found, key=lambda one: (one.name, one.key)))
        if len(likely) == 1:
            why = _other_number(facts, likely[0]) or _(
                "Only the name agrees with %(name)s; no number says that it is the same company."
            ) % {"name": likely[0].name}
        else:
            why = _("Several administrations carry this name: %(names)s.") % {"names": _listed(likely)}
        return Proposal(Advice.ASK, why, likely)

    def _new(self, facts: Facts) -> Proposal:
        key = self._client(facts)
        if key is None:
            return Proposal(Advice.CREATE, _("Neither an administration nor a client of yours fits."))
        why = _("No administration fits, but the owner is called as your client %(name)s.")
        return Proposal(Advice.CREATE, why % {"name": self.clients[key]})


def _other_number(facts: Facts, books: Books) -> str:
    """Return in a sentence which number of `books` is another one than the division's, "" when none is."""
    for kind in REGISTERED:
        theirs = [value for one, value in sorted(facts.numbers) if one == kind]
        ours = [value for one, value in sorted(books.numbers) if one == kind]
        if theirs and ours and not set(theirs) & set(ours):
            words = _("%(name)s fits, but its %(kind)s is %(ours)s here and %(theirs)s in Exact.")
            values = {"name": books.name, "kind": LABELS[kind]}
            return words % {**values, "ours": ", ".join(ours), "theirs": ", ".join(theirs)}
    return ""


def _apart(fits: dict[Number, list[Books]]) -> str:
    fit = _("%(number)s fits %(names)s")
    said = [fit % {"number": _called(number), "names": _listed(found)} for number, found in fits.items()]
    return _("The numbers disagree: %(numbers)s.") % {"numbers": ", ".join(said)}


def _said(fits: Iterable[Number]) -> str:
    return _(" and ").join(map(_called, _without_implied(sorted(fits, key=_rank))))


def _without_implied(fits: Iterable[Number]) -> Iterator[Number]:
    """Leave the Belgian VAT number out beside the enterprise number that it holds."""
    found = list(fits)
    enterprises = {value for kind, value in found if kind == Kind.BE_ENTERPRISE}
    return (one for one in found if not (one[0] == Kind.VAT and one[1].removeprefix("BE") in enterprises))


def _rank(number: Number) -> int:
    return [kind.value for kind in REGISTERED].index(number[0])


def _called(number: Number) -> str:
    return f"{LABELS[number[0]]} {number[1]}"


def _listed(books: Iterable[Books]) -> str:
    found = [one.name for one in books]
    more = len(found) - _MOST_NAMED
    named = ", ".join(found[:_MOST_NAMED])
    return named if more <= 0 else _("%(names)s and %(count)d more") % {"names": named, "count": more}
