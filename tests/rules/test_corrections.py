"""Keeping what people corrected."""

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.core import clock
from apps.people.models import User
from apps.rules.corrections import MOST, Change, of, remember
from apps.rules.models import BookingRule, Correction
from tests.clients.factories import AdministrationFactory
from tests.people.factories import UserFactory
from tests.rules.factories import BookingRuleFactory, CorrectionFactory

pytestmark = pytest.mark.django_db

CHANGE = Change("Huur mei 2026", "gl_code", "4100", "history", "4200")


@pytest.fixture
def ada() -> User:
    user: User = UserFactory()
    return user


def test_a_change_is_kept_with_the_key_of_its_text_and_read_back(ada: User) -> None:
    administration, supplier = AdministrationFactory(), uuid4()
    remember(administration, supplier, [CHANGE], part=None, by=ada)
    (said,) = of(administration, str(supplier)).said
    assert (said.text_key, said.field, said.rejected, said.chosen) == ("huur", "gl_code", "4100", "4200")
    assert (said.source, said.rule, said.by) == ("history", None, str(ada))


def test_the_same_change_of_many_lines_is_kept_once(ada: User) -> None:
    june = Change("Huur juni 2026", "gl_code", "4100", "history", "4200")
    remember(AdministrationFactory(), uuid4(), [CHANGE, june, CHANGE], part=None, by=ada)
    assert Correction.objects.count() == 1


def test_other_suppliers_and_administrations_are_apart(ada: User) -> None:
    administration, supplier = AdministrationFactory(), uuid4()
    remember(administration, supplier, [CHANGE], part=None, by=ada)
    assert not of(administration, str(uuid4())).said
    assert not of(AdministrationFactory(), str(supplier)).said


def test_the_newest_comes_first_and_only_so_many_are_read() -> None:
    first = CorrectionFactory(chosen="new", at=clock.now())
    for place in range(MOST):
        CorrectionFactory(
            administration=first.administration,
            supplier=first.supplier,
            at=clock.now() - timedelta(days=1 + place),
        )
    said = of(first.administration, str(first.supplier)).said
    assert (len(said), said[0].chosen) == (MOST, "new")


def test_a_rule_that_is_gone_or_goes_leaves_the_correction(ada: User) -> None:
    administration, supplier, rule = AdministrationFactory(), uuid4(), BookingRuleFactory()
    by_rule = Change("Huur", "gl_code", "4100", "rule", "4200", rule.pk)
    remember(administration, supplier, [by_rule], part=None, by=ada)
    assert of(administration, str(supplier)).said[0].rule == rule.pk
    BookingRule.objects.all().delete()
    remember(administration, supplier, [by_rule], part=None, by=ada)
    assert [said.rule for said in of(administration, str(supplier)).said] == [None, None]
