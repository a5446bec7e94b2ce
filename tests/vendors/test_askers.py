"""Documents of other kinds that wait for an answer about their vendor count with the invoices on its page."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import QuerySet
from pytest_django import Settings

from apps.core.causes import Cause
from apps.core.states import State
from apps.invoices import reviewing, vendor_groups
from apps.orders.models import PurchaseOrder
from apps.people.models import Role
from apps.vendors.evidence import DOCUMENT
from apps.vendors.models import Scope
from tests import office
from tests.exact.factories import RelationFactory
from tests.invoices.factories import InvoiceFactory
from tests.orders.factories import PurchaseOrderFactory
from tests.vendors.factories import QuestionFactory

pytestmark = pytest.mark.django_db
WAITS: dict[str, Any] = {"state": State.ATTENTION, "cause": Cause.VENDOR_UNKNOWN}


def orders() -> QuerySet[PurchaseOrder]:
    return PurchaseOrder.objects.filter(state=State.ATTENTION, question__isnull=False)


@pytest.fixture(autouse=True)
def _told(settings: Settings) -> None:
    settings.ASKERS = ("tests.vendors.test_askers.orders",)


def test_an_order_alone_makes_a_group() -> None:
    question = QuestionFactory()
    PurchaseOrderFactory(administration=question.administration, question=question, **WAITS)
    user = office.person(Role.ADMINISTRATOR)
    (group,) = vendor_groups.groups_of(vendor_groups.waiting(user), user)
    assert (group.documents, group.amount, group.rows[0].documents) == (1, Decimal(100), 1)


def test_orders_and_invoices_of_all_administrations_are_added_up_once() -> None:
    first, second = QuestionFactory(number="71234567"), QuestionFactory(number="71234567")
    InvoiceFactory.create_batch(2, administration=first.administration, question=first, **WAITS)
    PurchaseOrderFactory.create_batch(2, administration=first.administration, question=first, **WAITS)
    PurchaseOrderFactory(administration=second.administration, question=second, **WAITS)
    user = office.person(Role.ADMINISTRATOR)
    (group,) = vendor_groups.groups_of(vendor_groups.waiting(user), user)
    assert (group.documents, group.administrations, group.amount) == (5, 2, Decimal(542))
    assert [row.documents for row in group.rows] == [4, 1]


def test_a_question_that_nothing_waits_for_is_not_shown() -> None:
    question = QuestionFactory()
    PurchaseOrderFactory(administration=question.administration, question=question)
    assert not vendor_groups.waiting(office.person(Role.ADMINISTRATOR)).exists()


def test_this_document_only_means_the_order_where_no_invoice_asks() -> None:
    question = QuestionFactory()
    relation = RelationFactory(division__administration=question.administration, is_supplier=True)
    order = PurchaseOrderFactory(administration=question.administration, question=question, **WAITS)
    by = office.person(Role.ADMINISTRATOR)
    mapped = reviewing.map_vendor(question, relation, by=by, scope=Scope.DOCUMENT)
    assert (mapped.mapping.kind, mapped.mapping.part) == (DOCUMENT, order.part)
