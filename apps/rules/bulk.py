"""One change to many rules: first what it would do to each, then the same done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Client
from apps.people.models import User
from apps.rules import ruling
from apps.rules.models import BookingRule
from apps.rules.refusals import refusals
from apps.rules.rule_book import rule_of


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose rules they become; neither: the firm's."""

    administration: Administration | None = None
    client: Client | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What is set; None, or a code that is not there: stays as it is. `codes`: field -> code, "" for none."""

    codes: Mapping[str, str] = field(default_factory=dict)
    owner: Owner | None = None
    active: bool | None = None
    position: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return not self.codes and self.owner is None and self.active is None and self.position is None


@dataclass(frozen=True, slots=True)
class Change:
    """What a field of a rule is called, what it is and what it becomes, in words."""

    label: str
    old: str
    new: str


@dataclass(slots=True)
class Planned:
    """What is done with one rule, whose `owner` is named as it was.

    `changes`: none when it is so already. `refusal`: why it is left as it is.
    """

    rule: BookingRule
    owner: str = ""
    changes: list[Change] = field(default_factory=list)
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the rule would be changed."""
        return bool(self.changes) and not self.refusal

    @property
    def mark(self) -> str:
        """Which version of the rule this is about."""
        return self.rule.changed_at.isoformat()


def plan(rules: Iterable[BookingRule], edit: Edit, user: User) -> list[Planned]:
    """Return what `edit` would do to each of `rules`, which `user` sees; stores nothing."""
    return [_planned(rule, edit, user) for rule in rules]


def carry_out(
    keys: Sequence[int], marks: Mapping[int, str], edit: Edit, *, by: User
) -> tuple[int, list[Planned]]:
    """Do what was shown; return how many rules were changed, and those that are left: changed since, or refused.

    `marks` are those of what was shown. Each rule is changed by itself: all of it or nothing.
    """
    done, left = 0, []
    for key in keys:
        with transaction.atomic():
            rows = BookingRule.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=key)
            rule = rows.select_related("administration", "client").first()
            if rule is None:
                continue
            planned = _planned(rule, edit, by)
            if planned.mark != marks.get(key):
                planned.refusal = _("A colleague changed it just now. Look at it again.")
            if planned.is_done:
                ruling.save(rule, by=by, why=_("many at once"))
                done += 1
            elif planned.refusal:
                left.append(planned)
    return done, left


def _planned(rule: BookingRule, edit: Edit, user: User) -> Planned:
    """Set what `edit` says on `rule`, which is not stored, and tell what that changes."""
    planned = Planned(rule, rule.owner)
    if not ruling.may_rule(user, rule):
        planned.refusal = _("Rules of the whole firm are for administrators.")
        return planned
    before = {name: _words(getattr(rule, name)) for name in ("active", "position", *edit.codes)}
    _set(rule, edit)
    for name, old in before.items():
        new = _words(getattr(rule, name))
        if old != new:
            planned.changes.append(Change(_label(name), old, new))
    if planned.owner != rule.owner:
        planned.changes.append(Change(_("owner"), planned.owner, rule.owner))
    planned.refusal = _refusal(rule, edit, user) if planned.changes else ""
    return planned


def _set(rule: BookingRule, edit: Edit) -> None:
    for name, code in edit.codes.items():
        setattr(rule, name, code)
    if edit.owner is not None:
        rule.administration, rule.client = edit.owner.administration, edit.owner.client
    if edit.active is not None:
        rule.active = edit.active
    if edit.position is not None:
        rule.position = edit.position


def _refusal(rule: BookingRule, edit: Edit, user: User) -> str:
    if not ruling.may_rule(user, rule):
        return _("Rules of the whole firm are for administrators.")
    if rule.client_group_id and (rule.administration_id or rule.client_id):
        return _("It is for a group of clients, and so a rule of the whole firm.")
    # What was wrong with it before must not keep it from being switched off.
    return " ".join(one.words for one in refusals(rule_of(rule))) if edit.codes else ""


def _label(name: str) -> str:
    field_of: Any = BookingRule._meta.get_field(name)
    return str(field_of.verbose_name)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return str(value)
