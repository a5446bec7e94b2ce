"""Orders are coded anew when what they wait for, or were coded with, changed."""

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.clients.models import Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact.models import CostRule, GLAccount, Relation, SupplierItem
from apps.orders import recoding
from apps.orders.models import State
from apps.rules.models import VATTable
from tests.exact.factories import CostCenterFactory, SyncStateFactory
from tests.orders.buying import Buying, again, line_of, make_buying
from tests.people.factories import UserFactory
from tests.rules.factories import BookingRuleFactory, VATTableFactory
from tests.vendors.factories import MappingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying(db: None) -> Buying:
    made = make_buying()
    made.ordered_before()
    return made


def test_a_new_rule_moves_what_waited_for_it(buying: Buying) -> None:
    CostCenterFactory(division=buying.division, code="SCHIP")
    GLAccount.objects.update(use_cost_center=CostRule.MANDATORY)
    order = buying.coded()
    assert order.cause == Cause.COST_CENTRE_MISSING
    since = clock.now() - timedelta(minutes=1)
    BookingRuleFactory(seller_item="T-12", cost_center="SCHIP", changed_at=clock.now())
    assert recoding.follow_rules(since) == 1
    assert (again(order).state, line_of(order).cost_center) == (State.READY, "SCHIP")
    assert recoding.follow_rules(since) == 0


def test_a_rule_that_forbids_it_holds_what_nobody_accepted(buying: Buying) -> None:
    order, accepted = buying.coded(), buying.coded()
    accepted.accepted_by = UserFactory()
    accepted.save(update_fields=["accepted_by"])
    BookingRuleFactory(seller_item="T-12", never_automatic=True, changed_at=clock.now())
    assert recoding.sweep() == 1
    assert (again(order).state, again(accepted).state) == (State.PROPOSED, State.READY)


def test_a_row_of_the_vat_table_moves_what_waited_for_it(buying: Buying) -> None:
    VATTable.objects.all().delete()
    order = buying.coded()
    assert order.cause == Cause.NO_VAT_CODE
    VATTableFactory(administration=buying.administration, vat_code="V21")
    assert recoding.table_changed(buying.administration.pk) == 1
    assert again(order).state == State.READY


def test_a_doubted_row_holds_what_was_coded_with_it(buying: Buying) -> None:
    order = buying.coded()
    row = VATTable.objects.get()
    row.doubt = "the percentage changed"
    row.save(update_fields=["doubt"])
    assert recoding.sweep() == 1
    assert (again(order).state, again(order).cause) == (State.ATTENTION, Cause.NO_VAT_CODE)
    assert recoding.sweep() == 0


def test_mappings_that_came_in_by_the_dozen_move_what_waited(buying: Buying) -> None:
    order = buying.coded(vendor_name="Nobody", vendor_key="kvk 90000003")
    relation = Relation.objects.get()
    MappingFactory(
        administration=buying.administration, kind="kvk", value="90000003", supplier=relation.exact_id
    )
    assert recoding.mappings_adopted(buying.administration.pk) == 1
    assert again(order).state == State.READY


def test_at_the_end_of_a_pilot_everything_is_proposed(db: None) -> None:
    buying = make_buying(Mode.PILOT)
    buying.ordered_before()
    order = buying.coded()
    assert recoding.went_live(buying.administration.pk) == 0
    buying.administration.mode = Mode.PROPOSE
    buying.administration.save(update_fields=["mode"])
    assert recoding.sweep() == 1
    assert again(order).state == State.PROPOSED
    assert recoding.went_live(buying.administration.pk) == 0


def test_with_another_division_everything_is_matched_anew_and_proposed(buying: Buying) -> None:
    order, stranger = buying.coded(), buying.coded(vendor_name="Nobody", vendor_key="kvk 90000003")
    stranger.question = None
    stranger.save(update_fields=["question"])
    assert recoding.division_changed(buying.division.pk) == 0  # its cards were not read yet
    SyncStateFactory(division=buying.division, resource="relations", synced_at=clock.now())
    Relation.objects.update(exact_id=uuid4())
    SupplierItem.objects.update(supplier=Relation.objects.get().exact_id)
    assert recoding.division_changed(buying.division.pk) == 2
    assert again(order).state == State.PROPOSED
    assert again(stranger).question
    assert recoding.division_changed(buying.division.pk) == 0
