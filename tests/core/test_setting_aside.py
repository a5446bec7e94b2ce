"""What a person is told of one document over which we stumble."""

from decimal import Decimal, InvalidOperation

import pytest
from django.db import OperationalError

from apps.core.causes import Cause
from apps.core.setting_aside import our_fault, safely
from apps.core.states import State
from apps.core.transitions import Changed
from apps.orders.models import PurchaseOrder
from tests.orders.factories import PurchaseOrderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
OURS = "Something went wrong in Postkamer itself: KeyError"
NUMBER = "There is a number in it that Postkamer cannot reckon with: InvalidOperation"


def stumble(document: PurchaseOrder, *, over: Exception) -> None:
    raise over


@pytest.mark.parametrize(("error", "words"), [(KeyError("x"), OURS), (InvalidOperation(), NUMBER)])
def test_a_document_over_which_we_stumble_waits_for_a_person(error: Exception, words: str) -> None:
    order = PurchaseOrderFactory()
    assert safely(stumble, order, over=error)
    row = PurchaseOrder.objects.get(pk=order.pk)
    assert (row.state, row.cause, row.detail) == (State.ATTENTION, Cause.UNREADABLE, words)


def test_what_another_moved_and_what_the_database_lost_is_nobodys_work() -> None:
    order = PurchaseOrderFactory()
    assert not safely(stumble, order, over=Changed("meanwhile"))
    with pytest.raises(OperationalError):
        safely(stumble, order, over=OperationalError())
    assert PurchaseOrder.objects.get(pk=order.pk).state == State.RECEIVED


def test_what_is_too_large_to_reckon_with_is_told_as_that() -> None:
    with pytest.raises(InvalidOperation) as found:
        Decimal("1e30").quantize(Decimal("0.01"))
    assert our_fault(found.value) == NUMBER
