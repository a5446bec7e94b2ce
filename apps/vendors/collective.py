"""Many senders, one supplier: which rule a vendor's name or domain falls under. Pure, no database.

Such a rule speaks only where no number on the document points to a card; that is the caller's part.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.names import LEGAL_FORMS
from apps.vendors.domains import bare_domain, within
from apps.vendors.evidence import NO_EVIDENCE_DOMAINS

FEWEST_LETTERS = 3
# Words that say nothing of who somebody is: a phrase of these alone would fit half of all vendors.
NOTHING_SAID = LEGAL_FORMS | frozenset(
    "the van der den de het een en and of und von et le la les du des voor bij in op eenmanszaak stichting "
    "holding beheer groep group company compagnie maatschap cooperatie vereniging international internationaal "
    "nederland netherlands belgie belgium deutschland europe europa benelux services service diensten".split()
)
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "&": " en "})
_APOSTROPHES = re.compile(r"['’‘`´]")
_INITIALS = re.compile(r"(?<![^\W_])([^\W_])\.(?=[^\W_](?![^\W_]))")
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """Senders whose name holds one of `phrases` (normalised), or who write from `domains`, are `supplier`."""

    name: str
    supplier: str
    phrases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


def normalised(text: str) -> str:
    """Return `text` as it is compared: lower case words with one blank between; no diacritics, no punctuation.

    "Domino's" is one word as "Dominos" is, "B.P." one as "BP" is; `&` and "and" are "en".
    """
    folded = _APOSTROPHES.sub("", text.casefold())
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    plain = _INITIALS.sub(r"\1", plain.casefold().translate(_LETTERS))
    words = _NOT_WORDS.sub(" ", plain).split()
    return " ".join("en" if word == "and" else word for word in words)


def parse(
    words: str, *, shared: Collection[str] = NO_EVIDENCE_DOMAINS
) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """Return (phrases, domains, problems) of the lines in `words`, each once; empty lines are passed over.

    A line with `@` is a domain, every other a phrase. A problem is a sentence for people about one line, which is
    then left out: too short, of words that fit half of all vendors, no domain, or a domain that is `shared`.
    """
    phrases: dict[str, None] = {}
    domains: dict[str, None] = {}
    problems = []
    for line in filter(None, (line.strip() for line in words.splitlines())):
        found, problem = _domain(line, shared) if "@" in line else _phrase(line)
        if problem:
            problems.append(problem)
        else:
            (domains if "@" in line else phrases)[found] = None
    return tuple(phrases), tuple(domains), problems


def _phrase(line: str) -> tuple[str, str]:
    phrase = normalised(line)
    if sum(map(str.isalnum, phrase)) < FEWEST_LETTERS:
        return "", _("“%(line)s” is too short to go by: write at least three letters.") % {"line": line}
    if set(phrase.split()) <= NOTHING_SAID:
        return "", _("“%(line)s” fits too many vendors: add a word that only this one has.") % {"line": line}
    return phrase, ""


def _domain(line: str, shared: Collection[str]) -> tuple[str, str]:
    domain = bare_domain(line)
    if not domain:
        return "", _("“%(line)s” is no domain: write it as @shell.nl.") % {"line": line}
    if domain in shared:
        return "", _("Many vendors write from %(domain)s: it does not say who this is.") % {"domain": domain}
    return domain, ""


def rule_for(rules: Sequence[Rule], name: str, domains: Iterable[str]) -> Rule | None:
    """Return the rule that a vendor with this `name` who writes from `domains` falls under, None for none.

    A phrase fits as whole words in sequence, a domain with what lies under it. The longest phrase wins, and the
    longest domain; where two suppliers are equally near, or name and domain disagree, no rule speaks.
    """
    if not rules:
        return None
    padded, addresses = f" {normalised(name)} ", tuple(domains)
    by_name = _best(rules, [_longest_phrase(rule, padded) for rule in rules])
    by_domain = _best(rules, [_longest_domain(rule, addresses) for rule in rules])
    found = [*by_name, *by_domain]
    return found[0] if len({rule.supplier for rule in found}) == 1 else None


def _best(rules: Sequence[Rule], lengths: Sequence[int]) -> list[Rule]:
    most = max(lengths, default=0)
    return [rule for rule, length in zip(rules, lengths, strict=True) if most and length == most]


def _longest_phrase(rule: Rule, padded: str) -> int:
    return max((len(phrase) for phrase in rule.phrases if f" {phrase} " in padded), default=0)


def _longest_domain(rule: Rule, addresses: Sequence[str]) -> int:
    return max((len(within(address, rule.domains)) for address in addresses), default=0)
