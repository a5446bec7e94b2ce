"""Rules are made, changed, switched and removed here, and nowhere else: who may, and what follows from it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock, queue
from apps.people.models import User
from apps.rules import part_texts
from apps.rules.conditions import PART_COLUMNS, Rule, Share
from apps.rules.models import BookingRule, RuleSplit
from apps.rules.rule_book import rule_of

_LONGEST_REASON = 100  # as much as a row of a history holds


def may_rule(user: User, rule: BookingRule) -> bool:
    """Tell whether `user` may decide about rules of this owner: the firm's are the administrators'.

    Whether they may change rules at all is a permission, and not asked here.
    """
    if user.sees_everything:
        return True
    client = rule.administration.client_id if rule.administration else rule.client_id
    return client is not None and user.assignments.filter(client=client).exists()


def as_it_is(key: int | None) -> BookingRule | None:
    """Return the rule as it is stored, None for one that is not."""
    rows = BookingRule.objects.select_related("administration", "client").prefetch_related("splits")
    return rows.filter(pk=key).first() if key else None


def differs(rule: BookingRule) -> bool:
    """Tell whether a field of `rule` is not as it is stored."""
    stored = as_it_is(rule.pk)
    return (
        stored is None
        or stored.name != rule.name
        or _said(stored, rule_of(stored)) != _said(rule, rule_of(rule))
    )


def save(rule: BookingRule, *, by: User, parts: Callable[[], object] | None = None, why: str = "") -> None:
    """Store `rule` and its parts (`parts` stores them), and have coded anew what waits where it speaks.

    `why` stands in its history. A new name alone changes nothing that was decided: corrections go on to bind.
    """
    with transaction.atomic():
        before = as_it_is(rule.pk)
        if before is None:
            _store(rule, by, why)
        if parts is not None:
            parts()
        after = rule_of(_fresh(rule))
        said = "; ".join(filter(None, (_parts_words(before, after), why))) if before else why
        is_other = before is None or _said(before, rule_of(before)) != _said(rule, after)
        if is_other:
            rule.changed_at = clock.now()
        if before is not None:
            _store(rule, by, said)
        if is_other:
            told(clock.now().timestamp())


def set_parts(rule: BookingRule, shares: Sequence[Share], *, by: User) -> None:
    """Make `shares` the parts of a stored rule; what stands there already is left as it is."""
    if rule_of(_fresh(rule)).splits == tuple(shares):
        return
    for part in rule.splits.all():
        _sign(part, by)
        part.delete()
    for position, share in enumerate(shares, start=1):
        part = RuleSplit(
            rule=rule, position=position, **{name: getattr(share, name) for name in PART_COLUMNS}
        )
        _sign(part, by)
        part.save()


def remove(rule: BookingRule, *, by: User) -> None:
    """Remove `rule`, and have coded anew what it had spoken about."""
    with transaction.atomic():
        set_parts(rule, (), by=by)
        _sign(rule, by, at=clock.now())
        rule.delete()
        told(clock.now().timestamp())


def told(moment: float) -> None:
    """Have coded anew what waits where rules changed at `moment` (seconds since 1970) or later."""
    queue.ring("rules_changed", int(moment))


def _store(rule: BookingRule, by: User, why: str) -> None:
    _sign(rule, by, why=why)
    rule.save()


def _sign(row: Any, by: User, *, why: str = "", at: datetime | None = None) -> None:
    """Say who does what is now done to `row`, for its history; simple_history reads it from the row."""
    row._history_user, row._change_reason = by, why[:_LONGEST_REASON]
    if at is not None:
        row._history_date = at


def _fresh(rule: BookingRule) -> BookingRule:
    """Return `rule` with its parts as they are stored."""
    fresh: Any = rule
    fresh._prefetched_objects_cache = {}
    return rule


def _said(row: BookingRule, rule: Rule) -> tuple[object, ...]:
    """Return all of a rule but what it is called."""
    bare = replace(rule, name="", owner="", changed_at=None)
    return bare, row.administration_id, row.client_id, row.client_group_id, row.position, row.active


def _parts_words(before: BookingRule, after: Rule) -> str:
    """Return in words how the parts changed, "" when they did not: a rule's own history does not tell."""
    then = rule_of(before).splits
    if then == after.splits:
        return ""
    old, new = (part_texts.written(shares) or _("none") for shares in (then, after.splits))
    return _("parts: %(old)s → %(new)s") % {"old": old, "new": new}
