"""The rule that was tried becomes a rule that counts."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.transitions import Changed
from apps.people.models import User
from apps.rules import ruling
from apps.rules.models import BookingRule, Replay
from apps.rules.replay_spec import Spec, rule_from, spec_of, values_in


def is_kept(replay: Replay) -> bool:
    """Tell whether the rule stands as it was tried."""
    rule = replay.rule
    return rule is not None and _told(spec_of(rule, rule.splits.all())) == _told(replay.spec)


def keep(replay: Replay, *, by: User) -> BookingRule:
    """Make the rule as it was tried, or change it to that; twice is once.

    Raises ValidationError for what a rule may not be, and Changed when somebody else made or changed it since.
    """
    rule = replay.rule or BookingRule()
    if is_kept(replay):
        return rule
    if rule.pk and rule.changed_at > replay.asked_at:
        raise Changed
    for name, value in values_in(replay.spec).items():
        setattr(rule, name, value)
    rule.full_clean()
    shares = rule_from(replay.spec).splits
    with transaction.atomic():
        ruling.save(
            rule, by=by, parts=lambda: ruling.set_parts(rule, shares, by=by), why=_("tried on the past")
        )
        if Replay.objects.filter(pk=replay.pk, rule=replay.rule).update(rule=rule) != 1:
            raise Changed
    replay.rule = rule
    return rule


def _told(spec: Spec) -> Spec:
    """Return what a rule says, without which row it is; amounts as written alike."""
    return {**values_in(spec), "splits": rule_from(spec).splits}
