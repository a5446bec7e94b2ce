"""Who sees an arrival."""

import pytest

from apps.intake.models import Receipt
from apps.people.models import Role
from tests.clients.factories import AdministrationFactory, AssignmentFactory
from tests.intake.factories import PartFactory, ReceiptFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_arrival_is_seen_by_whoever_sees_one_of_its_parts_and_listed_once() -> None:
    mine, other = AdministrationFactory(), AdministrationFactory()
    bookkeeper = AssignmentFactory(client=mine.client).user
    shared, theirs = ReceiptFactory(), ReceiptFactory()
    addressed = ReceiptFactory(administration=mine)
    for administration in (mine, mine, other):
        PartFactory(receipt=shared, administration=administration)
    PartFactory(receipt=theirs, administration=other)
    assert set(Receipt.objects.visible_to(bookkeeper)) == {shared, addressed}
    assert Receipt.objects.visible_to(bookkeeper).count() == 2
    assert Receipt.objects.visible_to(UserFactory(role=Role.ADMINISTRATOR)).count() == 3
    assert not Receipt.objects.visible_to(UserFactory()).exists()


def test_an_arrival_for_nobody_yet_is_seen_by_reviewers() -> None:
    receipt = PartFactory().receipt
    assert list(Receipt.objects.visible_to(UserFactory(role=Role.REVIEWER))) == [receipt]
    assert not Receipt.objects.visible_to(UserFactory(is_active=False, role=Role.REVIEWER)).exists()
