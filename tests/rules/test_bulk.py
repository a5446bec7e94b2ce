"""One change to many rules."""

import pytest

from apps.clients.models import Administration
from apps.people.models import Role, User
from apps.rules import bulk
from apps.rules.bulk import Edit, Owner
from apps.rules.models import BookingRule
from tests import office
from tests.clients.factories import AdministrationFactory, ClientGroupFactory
from tests.rules.factories import BookingRuleFactory, RuleSplitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administration() -> Administration:
    made: Administration = AdministrationFactory(name="Ooievaar")
    return made


@pytest.fixture
def reviewer(administration: Administration) -> User:
    return office.person(Role.REVIEWER, administration.client)


def rules(*keys: int) -> list[BookingRule]:
    rows = BookingRule.objects.select_related("administration", "client").order_by("pk")
    return list(rows.filter(pk__in=keys) if keys else rows)


def marks(planned: list[bulk.Planned]) -> dict[int, str]:
    return {one.rule.pk: one.mark for one in planned}


def test_a_plan_says_what_each_rule_would_become_and_stores_nothing(
    administration: Administration, reviewer: User
) -> None:
    BookingRuleFactory(administration=administration, gl_code="1", position=5)
    BookingRuleFactory(administration=administration, gl_code="2", vat_code="4", position=7)
    edit = Edit(codes={"gl_code": "2", "vat_code": ""}, position=7, active=False)
    found = [
        [(change.label, change.old, change.new) for change in one.changes]
        for one in bulk.plan(rules(), edit, reviewer)
    ]
    switched = ("active", "on", "off")
    assert found == [
        [switched, ("order", "5", "7"), ("ledger account", "1", "2")],
        [switched, ("VAT code", "4", "")],
    ]
    assert [rule.position for rule in rules()] == [5, 7]
    assert all(rule.active for rule in rules())


def test_what_was_shown_is_done_with_who_and_when(administration: Administration, reviewer: User) -> None:
    rule = BookingRuleFactory(administration=administration, gl_code="1")
    edit = Edit(codes={"gl_code": "2"}, owner=Owner(client=administration.client))
    shown = marks(bulk.plan(rules(), edit, reviewer))
    assert bulk.carry_out([rule.pk], shown, edit, by=reviewer) == (1, [])
    before = rule.changed_at
    rule.refresh_from_db()
    assert (rule.gl_code, rule.client, rule.administration) == ("2", administration.client, None)
    assert rule.changed_at > before
    newest = rule.history.latest()
    assert (newest.history_user, newest.history_change_reason) == (reviewer, "many at once")
    assert bulk.carry_out([rule.pk], marks(bulk.plan(rules(), edit, reviewer)), edit, by=reviewer) == (0, [])


def test_what_one_may_not_change_or_what_cannot_be_stays(
    administration: Administration, reviewer: User
) -> None:
    of_firm = BookingRuleFactory(gl_code="1")
    split = BookingRuleFactory(administration=administration)
    RuleSplitFactory(rule=split, percentage=50)
    RuleSplitFactory(rule=split)
    edit = Edit(codes={"gl_code": "2"})
    done, left = bulk.carry_out(
        [of_firm.pk, split.pk], marks(bulk.plan(rules(), edit, reviewer)), edit, by=reviewer
    )
    assert done == 0
    assert ["administrators" in one.refusal or "each part has its own" in one.refusal for one in left] == [
        True,
        True,
    ]
    assert {rule.gl_code for rule in rules()} == {"1", ""}


def test_nobody_gives_a_rule_to_the_firm_who_may_not(administration: Administration, reviewer: User) -> None:
    BookingRuleFactory(administration=administration, gl_code="1")
    assert "administrators" in bulk.plan(rules(), Edit(owner=Owner()), reviewer)[0].refusal
    administrator = office.person(Role.ADMINISTRATOR)
    assert bulk.plan(rules(), Edit(owner=Owner()), administrator)[0].is_done


def test_a_rule_for_a_group_stays_the_firms(administration: Administration) -> None:
    BookingRuleFactory(client_group=ClientGroupFactory(), gl_code="1")
    planned = bulk.plan(
        rules(), Edit(owner=Owner(administration=administration)), office.person(Role.ADMINISTRATOR)
    )
    assert "for a group of clients" in planned[0].refusal


def test_a_rule_that_was_changed_since_it_was_shown_stays(
    administration: Administration, reviewer: User
) -> None:
    rule = BookingRuleFactory(administration=administration, gl_code="1")
    done, left = bulk.carry_out([rule.pk], {rule.pk: "another moment"}, Edit(position=1), by=reviewer)
    assert (done, [one.refusal for one in left]) == (
        0,
        ["A colleague changed it just now. Look at it again."],
    )
    rule.refresh_from_db()
    assert rule.position == 100


def test_what_was_wrong_before_can_be_switched_off(administration: Administration, reviewer: User) -> None:
    BookingRuleFactory(administration=administration)  # it does nothing
    assert bulk.plan(rules(), Edit(active=False), reviewer)[0].is_done
    assert not bulk.plan(rules(), Edit(codes={"gl_code": ""}), reviewer)[0].is_done
