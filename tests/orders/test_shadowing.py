"""What is predicted on pilot is what is posted after it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.clients.models import Mode
from apps.core.tables import reading
from apps.exact.models import VATPercentage
from apps.orders import delivering, recoding, reviewing, shadowing
from apps.orders.models import OrderTerms, PurchaseOrder, State, WaitsFor
from apps.people.models import Role
from apps.posting.models import Posting
from apps.rules.vat_percentages import codes_on, codes_over
from tests import office
from tests.exact.factories import VATCodeFactory, VATPercentageFactory
from tests.orders.buying import Buying, make_buying
from tests.orders.factories import PurchaseOrderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

BATCH = 50


@pytest.fixture
def buying() -> Buying:
    return make_buying(mode=Mode.PILOT)


def batch(buying: Buying, count: int = BATCH) -> list[PurchaseOrder]:
    """Return coded orders of many lengths, days and quantities."""
    made = []
    for number in range(count):
        lines = [{"quantity": Decimal(number % 7 + 1)}] * (number % 3 + 1)
        net = sum((Decimal(150) * line["quantity"] for line in lines), Decimal())
        day = date(2026, 9, number % 28 + 1)
        made.append(buying.coded(*lines, order_date=day, number=f"PO-{number}" + "x" * number, net=net))
    return made


def go_live(buying: Buying) -> None:
    buying.administration.mode = Mode.PROPOSE
    buying.administration.save(update_fields=["mode"])
    recoding.went_live(buying.administration.pk)


def ordered(buying: Buying) -> list[Posting]:
    """Accept everything and hand it to the outbox; return the postings."""
    for order in PurchaseOrder.objects.filter(state=State.PROPOSED):
        reviewing.accept(order, by="somebody", version=order.version)
    rows = PurchaseOrder.objects.filter(state=State.READY).select_related("administration", "part__original")
    return [posting for order in rows if (posting := delivering.submit(order, buying.division))]


def test_a_batch_is_posted_as_its_report_predicted(buying: Buying) -> None:
    for order in batch(buying):
        assert (order.state, order.waits_for) == (State.READY, WaitsFor.PILOT)
    before = shadowing.report(buying.administration)
    assert len(before) == BATCH
    assert all(one.digest and one.is_as_posted is None for one in before)
    go_live(buying)
    assert len(ordered(buying)) == BATCH
    after = shadowing.report(buying.administration)
    assert all(one.is_as_posted for one in after)
    assert {one.order.pk: one.digest for one in before} == {one.order.pk: one.posted_digest for one in after}


def test_what_was_posted_otherwise_is_named(buying: Buying) -> None:
    order, other = batch(buying, 2)
    before = shadowing.report(buying.administration)
    go_live(buying)
    PurchaseOrder.objects.get(pk=order.pk).lines.update(ordered=Decimal(99))
    ordered(buying)
    after = shadowing.report(buying.administration)
    digests = {one.order.pk: one.digest for one in before}
    assert [one.order.pk for one in after if one.posted_digest != digests[one.order.pk]] == [order.pk]
    assert other.pk != order.pk


def test_what_stands_in_the_way_is_predicted_as_nothing(buying: Buying) -> None:
    order = buying.coded({"seller_item": "unknown"})
    assert order.state == State.ATTENTION
    (one,) = shadowing.report(buying.administration)
    assert (one.payload, one.digest, one.is_as_posted) == (None, "", None)


def test_the_terms_of_the_administration_are_in_the_prediction(buying: Buying) -> None:
    batch(buying, 1)
    (plain,) = shadowing.report(buying.administration)
    OrderTerms.objects.create(administration=buying.administration, description="Bestelling {number}")
    (named,) = shadowing.report(buying.administration)
    assert plain.digest != named.digest
    assert named.payload
    assert str(named.payload["Description"]).startswith("Bestelling PO-0 [PK-")


def test_a_report_costs_the_same_for_many_days(buying: Buying) -> None:
    batch(buying, 20)
    with CaptureQueriesContext(database) as queries:
        assert len(shadowing.report(buying.administration)) == 20
    assert len(queries) <= 7


def test_percentages_of_many_days_are_those_of_each_day(buying: Buying) -> None:
    dated = VATCodeFactory(division=buying.division, code="D", percentage="0.21")
    for begin, end, share in (
        ("2026-01-01", "2026-06-30", "0.19"),
        ("2026-07-01", None, "0.21"),
        (None, None, "0.06"),
    ):
        VATPercentageFactory(
            division=buying.division,
            vat_code=dated.exact_id,
            start_date=begin,
            end_date=end,
            percentage=share,
        )
    assert VATPercentage.objects.count() == 3
    days = [date(2025, 12, 31), date(2026, 3, 1), date(2026, 7, 1), date(2027, 1, 1)]
    found = codes_over(buying.division, days)
    assert found == {day: codes_on(buying.division, day) for day in days}


# the pages


@pytest.fixture
def browser(buying: Buying) -> Browser:
    return office.browser(office.person(Role.BOOKKEEPER, buying.administration.client))


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_pages_show_what_would_be_and_what_was_ordered(buying: Buying, browser: Browser) -> None:
    order = batch(buying, 1)[0]
    buying.coded({"seller_item": "unknown"}, number="PO-other")
    address = reverse("admin:orders_purchaseorder_pilot", args=(buying.administration.pk,))
    assert address in text_of(browser.get(reverse("admin:orders_purchaseorder_pilots")))
    text = text_of(browser.get(address))
    assert shadowing.report(buying.administration)[1].digest in text
    assert "item unknown" in text
    go_live(buying)
    ordered(buying)
    text = text_of(browser.get(address))
    assert "as predicted" in text
    assert order.number in text
    assert address not in text_of(browser.get(reverse("admin:orders_purchaseorder_pilots")))


def test_the_page_of_an_order_shows_what_would_be_written(buying: Buying, browser: Browser) -> None:
    order = batch(buying, 1)[0]
    text = text_of(browser.get(reverse("admin:orders_purchaseorder_change", args=(order.pk,))))
    assert "The exact order that would be written" in text
    assert buying.item.code in text
    assert "QuantityInPurchaseUnits" in text


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_report_is_taken_along_as_a_file(form: str, buying: Buying, browser: Browser) -> None:
    batch(buying, 3)
    address = reverse("admin:orders_purchaseorder_pilot_export", args=(buying.administration.pk, form))
    answer: Any = browser.get(address)
    rows = reading.read(b"".join(answer.streaming_content))
    digests = [one.digest for one in shadowing.report(buying.administration)]
    assert [cells[7] for _number, cells in rows] == ["Predicted", *digests]


def test_an_unknown_form_and_a_strange_administration_are_not_there(buying: Buying, browser: Browser) -> None:
    names = "admin:orders_purchaseorder_pilot_export"
    assert browser.get(reverse(names, args=(buying.administration.pk, "exe"))).status_code == 404
    foreign = PurchaseOrderFactory().administration
    assert browser.get(reverse(names, args=(foreign.pk, "xlsx"))).status_code == 404
