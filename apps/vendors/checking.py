"""What bringing in a list of mappings would do, row by row: new, a change, the same, or wrong and why."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import TextChoices
from django.db.models.functions import Trim
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Administration
from apps.exact.models import Relation
from apps.people.models import User
from apps.vendors import learning, written
from apps.vendors.collective import normalised
from apps.vendors.evidence import NAME, Key
from apps.vendors.exchange import Line
from apps.vendors.listed import own_numbers, shared_domains
from apps.vendors.models import Mapping, Scope

_CHUNK = 500
_ONE_DOCUMENT = {"document", "this document only", "alleen dit document"}


class Status(TextChoices):
    """What bringing a row in would do."""

    WRONG = "wrong", gettext_lazy("wrong")
    CHANGED = "changed", gettext_lazy("changed")
    NEW = "new", gettext_lazy("new")
    LEFT_OUT = "left_out", gettext_lazy("left out")
    SAME = "same", gettext_lazy("the same")


APPLIED = frozenset({Status.NEW, Status.CHANGED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with one line. `words` say what is wrong, or what was there before."""

    line: Line
    status: Status
    words: str = ""
    administration: Administration | None = None
    key: Key | None = None
    card: Relation | None = None
    before: str = ""

    @property
    def mark(self) -> list[str]:
        """What must be the same when it is confirmed as when it was shown."""
        return [self.status.value, str(self.card.exact_id) if self.card else "", self.before]


class _Wrong(Exception):
    """A row cannot be brought in; the message says why."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that the rows of a list are held against, read once."""

    administrations: dict[str, Administration]
    cards: dict[tuple[int, str], list[Relation]]
    mappings: dict[tuple[int, Key], tuple[str, str, str]]
    own: Collection[Key]
    shared: Collection[str]


def check(lines: Sequence[Line], user: User) -> list[Verdict]:
    """Return what bringing in each of `lines` would do, in their order, as `user` may see it; changes nothing."""
    known = _known(lines, user)
    return _without_doubles([_verdict(line, known) for line in lines])


def counts(verdicts: Iterable[Verdict]) -> list[tuple[Status, int]]:
    """Return how many rows there are of each status, with the statuses of which there are none."""
    found = Counter(verdict.status for verdict in verdicts)
    return [(status, found[status]) for status in Status]


def _known(lines: Sequence[Line], user: User) -> _Known:
    slugs = {line.administration.casefold() for line in lines}
    visible = Administration.objects.visible_to(user).select_related("client")
    administrations = {one.slug.casefold(): one for one in visible if one.slug.casefold() in slugs}
    keys = [one.pk for one in administrations.values()]
    rows = Mapping.objects.valid().filter(administration__in=keys)
    values = rows.values_list("administration_id", "kind", "value", "supplier", "supplier_name", "scope")
    return _Known(
        administrations,
        _cards(keys, {line.code for line in lines}),
        {
            (pk, Key(kind, value)): (str(supplier), name, scope)
            for pk, kind, value, supplier, name, scope in values
        },
        own_numbers(),
        shared_domains(),
    )


def _cards(administrations: Sequence[int], codes: Collection[str]) -> dict[tuple[int, str], list[Relation]]:
    """The cards with one of these codes; Exact fills codes up with blanks, which count for nothing."""
    found = defaultdict(list)
    wanted = sorted(code for code in codes if code)
    rows: Any = Relation.objects.filter(division__administration__in=administrations).defer("raw")
    rows = rows.select_related("division").annotate(bare_code=Trim("code"))
    for start in range(0, len(wanted), _CHUNK):
        for card in rows.filter(bare_code__in=wanted[start : start + _CHUNK]).order_by("pk"):
            found[card.division.administration_id, card.bare_code].append(card)
    return dict(found)


def _verdict(line: Line, known: _Known) -> Verdict:
    why = _left_out(line)
    if why:
        return Verdict(line, Status.LEFT_OUT, why)
    try:
        administration = _administration(line, known)
        key = _key(line, administration, known)
        card = _card(line, administration, known)
    except (_Wrong, written.NoIdentity) as problem:
        return Verdict(line, Status.WRONG, str(problem))
    supplier, name, scope = known.mappings.get((administration.pk, key), ("", "", ""))
    good = Verdict(line, Status.NEW, "", administration, key, card)
    if not supplier or scope != Scope.SENDER:
        return good
    if supplier == str(card.exact_id):
        return replace(good, status=Status.SAME, before=supplier)
    words = _("%(old)s becomes %(new)s") % {"old": name, "new": card.name}
    return replace(good, status=Status.CHANGED, words=words, before=supplier)


def _left_out(line: Line) -> str:
    if line.forgotten:
        return _("It was taken back; it stands in the list as history only.")
    if normalised(line.scope) in _ONE_DOCUMENT:
        return _("It was decided for one document only.")
    return ""


def _administration(line: Line, known: _Known) -> Administration:
    found = known.administrations.get(line.administration.casefold())
    if found is None:  # one that this person may not see reads the same: nobody learns here that it exists
        raise _Wrong(
            _("There is no administration with the short name “%(slug)s”.") % {"slug": line.administration}
        )
    return found


def _key(line: Line, administration: Administration, known: _Known) -> Key:
    key = written.identity(
        line.kind, line.value, known=lambda found: (administration.pk, found) in known.mappings
    )
    if key.kind == NAME:
        return learning.identity_of([], key.value)
    if written.is_ours(key, known.own):
        raise _Wrong(_("%(key)s is a number of one of our own administrations.") % {"key": key.words})
    if key.value in known.shared:
        raise _Wrong(
            _("Many vendors write from %(domain)s: it does not say who this is.") % {"domain": key.value}
        )
    return key


def _card(line: Line, administration: Administration, known: _Known) -> Relation:
    if not line.code:
        raise _Wrong(_("There is no supplier code in this row."))
    cards = known.cards.get((administration.pk, line.code), [])
    usable = [card for card in cards if card.is_supplier and not card.blocked]
    words = {"code": line.code, "administration": administration}
    if not cards:
        raise _Wrong(_("%(administration)s has no card with code %(code)s.") % words)
    if not usable:
        raise _Wrong(
            _("Card %(code)s is blocked in Exact or no supplier: nothing can be booked on it.") % words
        )
    if len(usable) > 1:
        raise _Wrong(_("Several suppliers of %(administration)s have code %(code)s.") % words)
    return usable[0]


def _without_doubles(verdicts: list[Verdict]) -> list[Verdict]:
    """Of rows about one identity the first counts; when they name different suppliers, none does."""
    same = defaultdict(list)
    for verdict in verdicts:
        if verdict.administration and verdict.key:
            same[verdict.administration.pk, verdict.key].append(verdict)
    wrong: dict[int, str] = {}
    for rows in same.values():
        if len({row.card.exact_id for row in rows if row.card}) > 1:
            wrong |= {
                row.line.number: _("Rows %(rows)s map this to different suppliers.")
                % {"rows": _numbers(rows)}
                for row in rows
            }
        else:
            first = rows[0].line.number
            wrong |= {
                row.line.number: _("The same stands in row %(row)s already.") % {"row": first}
                for row in rows[1:]
            }
    return [
        replace(row, status=Status.WRONG, words=wrong[row.line.number]) if row.line.number in wrong else row
        for row in verdicts
    ]


def _numbers(rows: Sequence[Verdict]) -> str:
    return ", ".join(str(row.line.number) for row in rows[:10])
