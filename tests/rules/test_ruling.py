"""Rules are made, changed and removed: who may, and what follows."""

from datetime import UTC, datetime

import pytest

from apps.clients.models import Administration
from apps.core import clock
from apps.people.models import Role, User
from apps.rules import ruling
from apps.rules.conditions import Share
from apps.rules.models import BookingRule, RuleSplit
from tests import office
from tests.bells import calls, rung
from tests.clients.factories import AdministrationFactory
from tests.rules.factories import BookingRuleFactory, RuleSplitFactory

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def administration() -> Administration:
    made: Administration = AdministrationFactory()
    return made


@pytest.fixture
def reviewer(administration: Administration) -> User:
    return office.person(Role.REVIEWER, administration.client)


def old(**values: object) -> BookingRule:
    made: BookingRule = BookingRuleFactory(changed_at=LONG_AGO, **values)
    return made


def test_who_may_rule_whom(administration: Administration, reviewer: User) -> None:
    client = administration.client
    mine = [BookingRule(administration=administration), BookingRule(client=client)]
    others = [BookingRule(), BookingRule(administration=AdministrationFactory())]
    assert [ruling.may_rule(reviewer, rule) for rule in (*mine, *others)] == [True, True, False, False]
    assert all(ruling.may_rule(office.person(Role.ADMINISTRATOR), rule) for rule in others)


def test_a_new_rule_says_who_made_it_and_wakes_those_who_code(
    administration: Administration, reviewer: User
) -> None:
    rule = BookingRule(name="a", administration=administration, text="x", gl_code="1")
    ruling.save(rule, by=reviewer, why="from a list")
    newest = rule.history.get()
    assert (newest.history_user, newest.history_change_reason) == (reviewer, "from a list")
    (_path, (moment,)), *_others = rung()
    assert rung() == calls("rules_changed", moment)
    assert moment <= clock.now().timestamp()


@pytest.mark.parametrize(
    "values", [{"gl_code": "2"}, {"text": "y"}, {"active": False}, {"position": 3}, {"administration": None}]
)
def test_what_it_says_makes_a_rule_newer(
    values: dict[str, object], administration: Administration, reviewer: User
) -> None:
    rule = old(administration=administration, gl_code="1")
    for name, value in values.items():
        setattr(rule, name, value)
    assert ruling.differs(rule)
    ruling.save(rule, by=reviewer)
    rule.refresh_from_db()
    assert rule.changed_at > LONG_AGO
    assert rung() == calls("rules_changed", int(rule.changed_at.timestamp()))


def test_its_name_does_not(administration: Administration, reviewer: User) -> None:
    rule = old(administration=administration)
    assert not ruling.differs(rule)
    rule.name = "other"
    assert ruling.differs(rule)
    ruling.save(rule, by=reviewer)
    rule.refresh_from_db()
    assert (rule.name, rule.changed_at) == ("other", LONG_AGO)
    assert rung() == []


def test_parts_are_set_once_and_told_in_the_history(administration: Administration, reviewer: User) -> None:
    rule = old(administration=administration)
    kept = RuleSplitFactory(rule=rule, gl_code="1")
    ruling.set_parts(rule, [Share(gl_code="1")], by=reviewer)
    assert rule.splits.get() == kept
    shares = [Share(gl_code="2"), Share(amount=None, gl_code="3", cost_unit="K")]
    ruling.save(rule, by=reviewer, parts=lambda: ruling.set_parts(rule, shares, by=reviewer))
    assert [part.gl_code for part in rule.splits.all()] == ["2", "3"]
    rule.refresh_from_db()
    assert rule.changed_at > LONG_AGO
    assert rule.history.latest().history_change_reason == "parts: rest = 1 → rest = 2; rest = 3 |  |  | K"
    assert rule.splits.order_by("position")[0].history.get().history_user == reviewer


def test_a_removed_rule_leaves_its_history_and_wakes_those_who_code(
    administration: Administration, reviewer: User
) -> None:
    rule = old(administration=administration)
    key = rule.pk
    ruling.remove(rule, by=reviewer)
    last = BookingRule.history.filter(id=key).latest()
    assert (last.history_type, last.history_user) == ("-", reviewer)
    (_path, (moment,)), *_others = rung()
    assert rung() == calls("rules_changed", moment)


def test_the_history_says_who_removed_a_rule_and_its_parts(reviewer: User) -> None:
    rule = BookingRuleFactory()
    RuleSplitFactory(rule=rule, gl_code="1")
    key = rule.pk
    ruling.remove(rule, by=reviewer)
    for model in (BookingRule, RuleSplit):
        gone = model.history.filter(history_type="-")
        assert [row.history_user for row in gone] == [reviewer], model
    assert not RuleSplit.objects.filter(rule_id=key).exists()
