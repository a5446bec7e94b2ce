"""What bringing in a list of rules would do, row by row: new, a change, the same, or wrong and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.clients.models import Administration, Client, ClientGroup
from apps.core.addresses import key_in
from apps.people.models import User
from apps.rules import part_texts
from apps.rules.conditions import Rule, Share
from apps.rules.exchange import TEXTS, Line
from apps.rules.models import BookingRule
from apps.rules.refusals import refusals
from apps.rules.rule_book import rule_of
from apps.rules.written_rules import BadCell, fields_of

_OF_ROW = ("number", "key", "administration", "client", "client_group", "parts")
_OWNERS = ("administration", "client", "client_group")
FIELDS = tuple(name for name in TEXTS if name not in _OF_ROW)


class Status(TextChoices):
    """What bringing a row in would do."""

    WRONG = "wrong", gettext_lazy("wrong")
    CHANGED = "changed", gettext_lazy("changed")
    NEW = "new", gettext_lazy("new")
    SAME = "same", gettext_lazy("the same")


APPLIED = frozenset({Status.NEW, Status.CHANGED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with one line. `words` say what is wrong, or what changes.

    `row`: as it would be stored, `rule` the same as coding would see it; None when the line is wrong.
    """

    line: Line
    status: Status
    words: str = ""
    row: BookingRule | None = None
    rule: Rule | None = None

    @property
    def mark(self) -> list[str]:
        """What must be the same when it is confirmed as when it was shown."""
        if self.row is None or self.row.pk is None:
            return [self.status.value, "", ""]
        return [self.status.value, str(self.row.pk), self.row.changed_at.isoformat()]


class _Wrong(Exception):
    """A row cannot be brought in; the message says why."""


@dataclass(slots=True)
class _Known:
    """Everything that the rows of a list are held against, read once."""

    user: User
    administrations: dict[str, Administration]
    clients: dict[str, Client]
    groups: dict[str, ClientGroup]
    rules: dict[int, BookingRule]
    named: dict[tuple[Any, ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    taken: set[int] = field(default_factory=set)

    def may_rule(self, row: BookingRule) -> bool:
        """Tell whether the person may store `row`, whose owner was found among what they see."""
        return bool(row.administration_id or row.client_id) or self.user.sees_everything


def check(lines: Sequence[Line], user: User) -> list[Verdict]:
    """Return what bringing in each of `lines` would do, in their order, as `user` may see it; changes nothing."""
    known = _known(user)
    return [_verdict(line, known) for line in lines]


def counts(verdicts: Iterable[Verdict]) -> list[tuple[Status, int]]:
    """Return how many rows there are of each status, with the statuses of which there are none."""
    found = Counter(verdict.status for verdict in verdicts)
    return [(status, found[status]) for status in Status]


def _known(user: User) -> _Known:
    rows = BookingRule.objects.visible_to(user).select_related(
        "administration__client", "client", "client_group"
    )
    known = _Known(
        user,
        {
            one.slug.casefold(): one
            for one in Administration.objects.visible_to(user).select_related("client")
        },
        {one.slug.casefold(): one for one in Client.objects.visible_to(user)},
        {one.name.casefold(): one for one in ClientGroup.objects.visible_to(user)},
        {row.pk: row for row in rows.prefetch_related("splits")},
    )
    for row in known.rules.values():
        known.named[_called(row)].append(row.pk)
    return known


def _called(row: BookingRule) -> tuple[Any, ...]:
    return row.administration_id, row.client_id, row.name.casefold()


def _verdict(line: Line, known: _Known) -> Verdict:
    try:
        owner = _owner(line, known)
        stored = _stored(line, owner, known)
        row = _row(line, owner, stored)
        rule = _checked(row, _shares(line, stored))
    except (_Wrong, BadCell, part_texts.NoPart) as problem:
        return Verdict(line, Status.WRONG, str(problem))
    words = _changes(row, rule, stored) if stored else []
    if stored and not words:
        return Verdict(line, Status.SAME, "", row, rule)
    if not (known.may_rule(row) and (stored is None or known.may_rule(stored))):
        return Verdict(line, Status.WRONG, _not_yours())
    return Verdict(line, Status.CHANGED if stored else Status.NEW, "; ".join(words), row, rule)


def _owner(line: Line, known: _Known) -> BookingRule:
    """Return a rule, not stored, that has the name and the owner of a line and nothing else."""
    row = BookingRule(name=line.name or "")
    row.administration = _one(line.administration, known.administrations, _("administration"))
    row.client = _one(line.client, known.clients, _("client"))
    row.client_group = _one(line.client_group, known.groups, _("group of clients"))
    if row.administration and row.client:
        raise _Wrong(_("Name a client or an administration, not both."))
    if row.client_group and (row.administration or row.client):
        raise _Wrong(_("A group is for rules of the whole firm."))
    return row


def _row(line: Line, owner: BookingRule, stored: BookingRule | None) -> BookingRule:
    """Return the rule that a line says, not stored: a column that is not there leaves what stands in `stored`."""
    cells = {name: text for name in FIELDS if (text := getattr(line, name)) is not None}
    values = {name: getattr(stored, name) for name in FIELDS} if stored else {}
    row = BookingRule(**{**values, **fields_of(cells)})
    for name in _OWNERS:
        is_said = getattr(line, name) is not None or stored is None
        setattr(row, name, getattr(owner if is_said else stored, name))
    if stored is not None:
        row.pk, row.changed_at = stored.pk, stored.changed_at
        row._state.adding = False
    return row


def _shares(line: Line, stored: BookingRule | None) -> tuple[Share, ...]:
    if line.parts is None:
        return rule_of(stored).splits if stored else ()
    return part_texts.read(line.parts)


def _one(text: str | None, known: dict[str, Any], what: str) -> Any:
    if not text:
        return None
    if text.casefold() not in known:  # one that this person may not see reads the same
        raise _Wrong(_("There is no %(what)s called “%(text)s”.") % {"what": what, "text": text[:60]})
    return known[text.casefold()]


def _stored(line: Line, row: BookingRule, known: _Known) -> BookingRule | None:
    """Return the rule that a line is about: by its number, else the one of that name of the same owner."""
    if line.key:
        stored = known.rules.get(key_in(line.key))
        if stored is None or (_called(stored) != _called(row) and not _is_like(stored, row)):
            words = _(
                "There is no rule %(key)s of that name or owner. Leave its number out to make a new one."
            )
            raise _Wrong(words % {"key": line.key[:20]})
    else:
        keys = known.named.get(_called(row), [])
        if len(keys) > 1:
            raise _Wrong(_("Several rules are called so here: say which by its number."))
        stored = known.rules[keys[0]] if keys else None
    if stored is not None:
        if stored.pk in known.taken:
            raise _Wrong(_("Another row above is about the same rule."))
        known.taken.add(stored.pk)
    return stored


def _is_like(stored: BookingRule, row: BookingRule) -> bool:
    """Tell whether a number can mean `stored`: it is called so, or of the same owner."""
    owner = (stored.administration_id, stored.client_id) == (row.administration_id, row.client_id)
    return owner or stored.name.casefold() == row.name.casefold()


def _checked(row: BookingRule, shares: tuple[Share, ...]) -> Rule:
    try:
        row.clean_fields(exclude=("administration", "client", "client_group", "changed_at"))
    except ValidationError as error:
        words = [f"{_title(name)}: {' '.join(texts)}" for name, texts in error.message_dict.items()]
        raise _Wrong(" ".join(words)) from error
    rule = rule_of(row, shares)
    problems = refusals(rule)
    if problems:
        raise _Wrong(" ".join(one.words for one in problems))
    return rule


def _changes(row: BookingRule, rule: Rule, stored: BookingRule) -> list[str]:
    """Return in words what `row` changes in `stored`, nothing when they say the same."""
    found = [
        _becomes(_title(name), _shown(stored, name), _shown(row, name))
        for name in (*FIELDS, *_OWNERS)
        if getattr(stored, name) != getattr(row, name)
    ]
    parts = rule_of(stored).splits
    if parts != rule.splits:
        found.append(_becomes(_("split"), part_texts.written(parts), part_texts.written(rule.splits)))
    return found


def _shown(row: BookingRule, name: str) -> str:
    display, value = getattr(row, f"get_{name}_display", None), getattr(row, name)
    if display is not None:
        return str(display())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def _becomes(label: str, old: str, new: str) -> str:
    return f"{label}: {old or '-'} → {new or '-'}"


def _title(name: str) -> str:
    field_of: Any = BookingRule._meta.get_field(name)
    return str(field_of.verbose_name)


def _not_yours() -> str:
    return _("Rules of the whole firm are for administrators.")
