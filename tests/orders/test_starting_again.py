"""What was tried in a test division starts again in the real one."""

import pytest

from apps.core import clock
from apps.exact.models import Division, Item
from apps.orders import starting_again
from apps.orders.models import Kind, PurchaseOrder, State
from apps.posting.models import PostingState
from tests.exact.factories import DivisionFactory, ItemFactory, RelationFactory, SyncStateFactory
from tests.items.factories import ItemMappingFactory
from tests.orders.confirmations import answer, make_division, standing
from tests.posting.factories import PostingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def left(division: Division, *, is_test: bool = True) -> Division:
    """Return the division, read, that came in the place of `division`."""
    administration = division.administration
    division.administration, division.is_test = None, is_test
    division.save(update_fields=["administration", "is_test"])
    real: Division = DivisionFactory(administration=administration)
    for resource in starting_again.NEEDED:
        SyncStateFactory(division=real, resource=resource, synced_at=clock.now())
    return real


def again(row: PurchaseOrder) -> PurchaseOrder:
    return PurchaseOrder.objects.get(pk=row.pk)


def test_what_was_ordered_on_trial_starts_again_with_its_answers() -> None:
    division = make_division()
    order = standing(division)
    row = answer(order)
    row.move(State.PROPOSED, who="test", why="differs", at=clock.now(), differences=[{"field": "date"}])
    real = left(division)

    assert starting_again.go_on(real.pk) == 2

    order = again(order)
    assert (order.state, order.posting, order.exact_number, order.supplier) == (
        State.RECEIVED,
        None,
        "",
        None,
    )
    assert order.events.latest("pk").why == "the trial ended; ordered there as 26500001"
    assert not order.lines.exclude(item=None).exists()
    assert (again(row).state, again(row).differences) == (State.RECEIVED, [])
    assert starting_again.go_on(real.pk) == 0


def test_what_was_learned_of_items_goes_along() -> None:
    division = make_division(1)
    administration, card = division.administration, {"code": "10023", "name": "Anker B.V."}
    item = Item.objects.get(division=division)
    old = RelationFactory(division=division, **card)
    mapping = ItemMappingFactory(administration=administration, supplier=old.exact_id, item=item.exact_id)
    real = left(division)
    supplier = RelationFactory(division=real, **card)
    same = ItemFactory(division=real, code=item.code, description=item.description)

    starting_again.go_on(real.pk)

    mapping.refresh_from_db()
    assert (mapping.supplier, mapping.item) == (supplier.exact_id, same.exact_id)


def test_what_is_under_way_in_the_test_division_is_given_up() -> None:
    division = make_division()
    order = standing(division)
    order.removal = PostingFactory(division=division)
    order.save(update_fields=["removal"])
    real = left(division)

    assert starting_again.go_on(real.pk) == 1

    assert PostingState.WITHDRAWN in order.removal.__class__.objects.values_list("state", flat=True)
    assert again(order).removal is None


def test_nothing_starts_again_before_the_books_were_read_or_after_real_ones() -> None:
    division = make_division()
    order = standing(division)
    real = left(division)
    real.sync_states.filter(resource="items").delete()
    assert starting_again.go_on(real.pk) == 0
    SyncStateFactory(division=real, resource="items", synced_at=clock.now())
    Division.objects.filter(pk=division.pk).update(is_test=False)
    assert starting_again.go_on(real.pk) == 0
    assert (again(order).kind, again(order).state) == (Kind.ORDER, State.DONE)
