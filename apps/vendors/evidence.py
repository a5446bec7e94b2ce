"""What matching reads and what it finds: vendors, cards, identifiers, evidence. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.identifiers import LABELS, Identifier, Kind

# Strongest first. GLN and OIN name one party; an IBAN may be a factoring company's, a domain a platform's.
ORDER = (
    Kind.VAT,
    Kind.KVK,
    Kind.BE_ENTERPRISE,
    Kind.OIN,
    Kind.GLN,
    Kind.PEPPOL,
    Kind.IBAN,
    Kind.DOMAIN,
)
DOMAIN_FIRST = (Kind.DOMAIN, *(kind for kind in ORDER if kind is not Kind.DOMAIN))
SHARED_BY_NATURE = frozenset({Kind.IBAN, Kind.DOMAIN})
# A company has one of each of these, so two different ones are two companies.
ONE_EACH = (Kind.VAT, Kind.KVK, Kind.BE_ENTERPRISE, Kind.OIN)
# These name the legal entity itself. A VAT number may be a fiscal unity's, and is renewed.
OF_THE_ENTITY = frozenset({Kind.KVK, Kind.BE_ENTERPRISE, Kind.OIN})
FREEMAIL = frozenset(
    "gmail.com googlemail.com hotmail.com hotmail.nl outlook.com outlook.nl live.nl live.com msn.com yahoo.com "
    "icloud.com me.com ziggo.nl kpnmail.nl kpnplanet.nl planet.nl xs4all.nl hetnet.nl home.nl upcmail.nl "
    "casema.nl telenet.be skynet.be gmx.de gmx.net web.de t-online.de".split()
)
PLATFORMS = frozenset(
    "moneybird.com exactonline.nl econnect.eu basecone.com snelstart.nl e-boekhouden.nl twinfield.com yuki.nl "
    "teamleader.eu mollie.com".split()
)
NO_EVIDENCE_DOMAINS = FREEMAIL | PLATFORMS
FEWEST_DIGITS = 6
WORTH_SAYING = 60  # how alike names are, below which they are just other names
NAME, COLLECTIVE, DOCUMENT = "name", "collective", "document"
NAMES: dict[str, Any] = {
    **LABELS,
    NAME: gettext_lazy("name"),
    COLLECTIVE: gettext_lazy("collective vendor"),
    DOCUMENT: gettext_lazy("this document"),
}


class Key(NamedTuple):
    """One identifier in its normal form, as compared."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    @property
    def words(self) -> str:
        """The identifier as people name it."""
        label = str(NAMES.get(self.kind, self.kind))
        return label if self.kind == DOCUMENT else f"{label} {self.value}".strip()


class Outcome(StrEnum):
    """What matching found."""

    MATCHED = "matched"
    CONFLICT = "conflict"
    SEVERAL = "several"
    PROPOSED = "proposed"
    BLOCKED = "blocked"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Card:
    """A relation in Exact as matching sees it. `usable`: a supplier and not blocked; `spellings`: plain names."""

    supplier: str
    code: str
    name: str
    usable: bool
    keys: frozenset[Key] = frozenset()
    spellings: tuple[str, ...] = ()
    legal_form: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who sent a document, as the document says. `spellings`: plain names (core.names); `keys` in any order."""

    name: str = ""
    keys: tuple[Key, ...] = ()
    spellings: tuple[str, ...] = ()
    legal_form: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about an identifier. `seen`: what else was before them then, and so contradicts nothing.

    `source`: the row that it is kept in.
    """

    supplier: str
    seen: frozenset[Key] = frozenset()
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One identifier of the document and the cards that carry it."""

    key: Key
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A card that it may be. `score`: how alike the names are, 0 to 100; `gap`: how far ahead of the next one."""

    card: Card
    keys: tuple[Key, ...] = ()
    score: int = 0
    gap: int = 0
    differences: tuple[Key, ...] = ()
    same_form: bool = False
    same_postcode: bool = False

    @property
    def reasons(self) -> list[str]:
        """Why it may be this one, and what speaks against it, in words."""
        words = [key.words for key in self.keys]
        if self.score >= WORTH_SAYING:
            is_ahead = not self.keys and 0 < self.gap < self.score  # alone nobody is behind
            alike = (
                _("name %(score)d %% alike, %(gap)d more than the next")
                if is_ahead
                else _("name %(score)d %% alike")
            )
            words.append(alike % {"score": self.score, "gap": self.gap})
        words += [_("same legal form")] if self.same_form and not self.keys else []
        words += [_("same postcode")] if self.same_postcode else []
        return words

    @property
    def against(self) -> list[str]:
        """The numbers that the card has otherwise than the document, in words."""
        return [_("the card has %(number)s") % {"number": key.words} for key in self.differences]


def words_for(stored: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return what speaks for and against a candidate that was stored, in the language of the moment."""
    card = Card(stored["supplier"], stored["code"], stored["name"], stored["usable"])
    candidate = Candidate(
        card,
        keys=tuple(Key(*one) for one in stored.get("keys", ())),
        score=stored.get("score", 0),
        gap=stored.get("gap", 0),
        differences=tuple(Key(*one) for one in stored.get("differences", ())),
        same_form=stored.get("same_form", False),
        same_postcode=stored.get("same_postcode", False),
    )
    return candidate.reasons, candidate.against


@dataclass(frozen=True, slots=True)
class Match:
    """What the evidence says together. `candidates` are at most a few cards, strongest evidence first.

    `supplier` is set only when matched; `decided` is the key that a person decided about, None without one.
    """

    outcome: Outcome
    supplier: Card | None = None
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    decided: Key | None = None

    def evidence_for(self, card: Card) -> list[Key]:
        """Return the identifiers that point to `card`, in the order in which they were asked."""
        return [piece.key for piece in self.evidence if card in piece.cards]


def _tells(identifier: Identifier) -> bool:
    """Tell whether this can be a number at all: "n.v.t." in a number's place would match every other "n.v.t."."""
    return identifier.kind is Kind.DOMAIN or sum(map(str.isdigit, identifier.value)) >= FEWEST_DIGITS


def keys_of(identifiers: Iterable[Identifier]) -> list[Key]:
    """Return the identifiers that may serve as evidence, each once, strongest first.

    Placeholders are no identity; freemail and platform domains are no evidence. Leaving out our own administrations'
    numbers, and what the firm says is shared, is the caller's part (vendors.no_evidence).
    """
    keys = {
        Key(identifier.kind.value, identifier.value)
        for identifier in identifiers
        if identifier.kind in ORDER
        and _tells(identifier)
        and not identifier.is_placeholder
        and identifier.value not in NO_EVIDENCE_DOMAINS
    }
    return in_order(keys)


def in_order(keys: Iterable[Key], order: tuple[Kind, ...] = ORDER) -> list[Key]:
    """Return `keys` in the order in which they are asked; kinds that are no identifier come first."""
    rank = {kind.value: place for place, kind in enumerate(order)}
    return sorted(keys, key=lambda key: (rank.get(key.kind, -1), key.value))


def postcode_of(text: str) -> str:
    """Return a postcode as compared: "1234 ab" is "1234AB"."""
    return "".join(text.upper().split())[:20]
