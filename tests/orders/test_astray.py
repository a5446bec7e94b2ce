"""The figure that must be nought."""

import pytest

from apps.intake.models import PartKind, PartOutcome
from apps.invoices import standing
from apps.orders.astray import parts_astray
from tests.intake.factories import PartFactory
from tests.orders.factories import PurchaseOrderFactory


@pytest.mark.django_db
def test_a_part_that_is_called_an_order_and_has_none_is_counted_once() -> None:
    PurchaseOrderFactory()
    assert (parts_astray(), standing.parts_astray()) == (0, 0)
    PartFactory(outcome=PartOutcome.DOCUMENT, kind=PartKind.ORDER)
    assert (parts_astray(), standing.parts_astray()) == (1, 0)
