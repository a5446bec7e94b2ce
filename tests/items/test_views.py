"""The page of unknown items over HTTP: what its buttons do, for whom, and how it is taken back."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.exact.models import Item
from apps.items.models import ItemMapping, ItemQuestion
from apps.people.models import Role
from tests.clients.factories import AssignmentFactory
from tests.exact.factories import DivisionFactory, ItemFactory
from tests.items.factories import ItemMappingFactory, ItemQuestionFactory
from tests.items.waiting import order
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PAGE = reverse("admin:items_itemquestion_changelist")
MAP, UNDO = (reverse(f"admin:items_itemquestion_{name}") for name in ("map_group", "undo"))


@pytest.fixture(autouse=True)
def _asked_by_orders(settings: Any) -> None:
    settings.ITEM_ASKERS = ("tests.items.waiting.lines",)


@pytest.fixture
def question() -> ItemQuestion:
    made: ItemQuestion = ItemQuestionFactory(name="Touw <b>rood", gtin="8711253001202")
    order(made)
    order(made)
    return made


@pytest.fixture
def item(question: ItemQuestion) -> Item:
    division = DivisionFactory(administration=question.administration)
    made: Item = ItemFactory(division=division, code="A1", description="Touw, rood")
    return made


@pytest.fixture
def browser(client: Browser, question: ItemQuestion) -> Browser:
    reviewer = UserFactory(role=Role.REVIEWER, language="en")
    AssignmentFactory(user=reviewer, client=question.administration.client)
    client.force_login(reviewer)
    return client


def text(browser: Browser, address: str = PAGE, **query: Any) -> str:
    return browser.get(address, query).content.decode()


def test_the_page_shows_the_group_and_escapes_what_the_sender_wrote(
    browser: Browser, question: ItemQuestion
) -> None:
    page = text(browser)
    assert "Touw &lt;b&gt;rood" in page
    assert "<b>rood" not in page
    assert f"item code of the supplier {question.seller_item}" in page
    assert "2 documents" in page and "12.5" in page
    assert "No item looks like this one." in page
    assert "Every item is known." not in page
    assert "Nothing fits." in text(browser, q="lamp")


def test_one_press_maps_the_item_and_one_takes_it_back(
    browser: Browser, question: ItemQuestion, item: Item
) -> None:
    answer = browser.post(MAP, {f"item-{question.pk}": item.exact_id, "query": "kind=unknown"})
    assert answer.headers["Location"] == f"{PAGE}?kind=unknown"
    mapping = ItemMapping.objects.get()
    assert (mapping.item, mapping.value) == (item.exact_id, question.seller_item)
    assert "Mapped; 2 documents move on." in text(browser)
    browser.post(UNDO)
    assert not ItemMapping.objects.valid().exists()
    assert "Mapped;" not in text(browser)
    browser.post(UNDO)  # nothing is left to undo
    assert ItemMapping.objects.count() == 1


def test_it_may_be_remembered_by_the_barcode(browser: Browser, question: ItemQuestion, item: Item) -> None:
    assert 'value="gtin"' in text(browser)
    browser.post(MAP, {f"item-{question.pk}": item.exact_id, "kind": "gtin"})
    assert ItemMapping.objects.get().value == "08711253001202"


def test_a_group_of_administrations_is_mapped_with_one_press(
    browser: Browser, question: ItemQuestion, item: Item
) -> None:
    second = ItemQuestionFactory(
        seller_item=question.seller_item, administration__client=question.administration.client
    )
    order(second)
    other = ItemFactory(division=DivisionFactory(administration=second.administration))
    assert "Map the group" in text(browser)
    browser.post(MAP, {f"item-{question.pk}": item.exact_id, f"item-{second.pk}": other.exact_id})
    assert ItemMapping.objects.count() == 2
    assert "Every item is known." in text(browser)


def test_each_kind_of_document_that_waits_names_its_list(
    browser: Browser, question: ItemQuestion, settings: Any
) -> None:
    orders, invoices = (
        reverse(f"admin:{name}_changelist") for name in ("orders_purchaseorder", "invoices_invoice")
    )
    page = text(browser)
    assert page.count(">Show<") == 1
    assert f"{orders}?stage=todo&amp;administration__id__exact={question.administration_id}&amp;q=" in page
    assert f"{invoices}?stage=todo&amp;" not in page
    settings.ITEM_ASKERS = ("tests.items.waiting.lines", "tests.items.waiting.lines_of_invoices")
    page = text(browser)
    assert f"{invoices}?stage=todo&amp;administration__id__exact={question.administration_id}&amp;q=" in page
    assert ">Show: orders<" in page and ">Show: invoices<" in page
    assert "4 documents" in page


def test_a_key_that_one_row_answers_stands_on_one_row(browser: Browser, question: ItemQuestion) -> None:
    same = {"seller_item": question.seller_item, "supplier_name": question.supplier_name}
    other = ItemQuestionFactory(administration__client=question.administration.client, **same)
    order(other)
    page = text(browser)
    assert page.count("New item in Exact") == 2
    assert (page.count('data-key="c"'), page.count('data-key="f"')) == (1, 1)


def test_nothing_chosen_and_what_is_no_item_are_told(browser: Browser, question: ItemQuestion) -> None:
    answer = browser.post(MAP, {f"item-{question.pk}": ""}, follow=True)
    assert "Choose an item first" in answer.content.decode()
    answer = browser.post(MAP, {f"item-{question.pk}": "x\x00y", "item-²": "z"}, follow=True)
    assert "may be bought" in answer.content.decode()
    assert not ItemMapping.objects.exists()


@pytest.mark.parametrize("address", [MAP, UNDO])
def test_buttons_are_for_posts_of_people_who_map(address: str, browser: Browser, client: Browser) -> None:
    assert browser.get(address).status_code == 405
    client.force_login(UserFactory(role=Role.PARTNER))
    assert client.post(address).status_code == 403


def test_what_somebody_may_not_see_cannot_be_mapped_searched_or_taken_back(
    client: Browser, question: ItemQuestion, item: Item
) -> None:
    client.force_login(UserFactory(role=Role.REVIEWER))
    client.post(MAP, {f"item-{question.pk}": item.exact_id})
    assert not ItemMapping.objects.exists()
    assert client.get(reverse("admin:items_itemquestion_items", args=(question.pk,))).status_code == 404
    mapping = ItemMappingFactory(administration=question.administration)
    assert client.post(reverse("admin:items_itemmapping_take_back", args=(mapping.pk,))).status_code == 404
    assert "Touw" not in text(client)


def test_the_search_offers_items_to_pick_within_the_group(
    browser: Browser, question: ItemQuestion, item: Item
) -> None:
    address = reverse("admin:items_itemquestion_items", args=(question.pk,))
    picked = text(browser, address, q="rood", pick="1")
    assert f'name="item-{question.pk}"' in picked and str(item.exact_id) in picked
    assert 'form="map-1"' in picked
    assert "No item of this administration fits" in text(browser, address, q="lamp")
    assert not text(browser, address, q="").strip()


def test_a_partner_looks_and_may_not_act(client: Browser, question: ItemQuestion) -> None:
    partner = UserFactory(role=Role.PARTNER, language="en")
    AssignmentFactory(user=partner, client=question.administration.client)
    client.force_login(partner)
    page = text(client)
    assert "Touw" in page
    search = reverse("admin:items_itemquestion_items", args=(question.pk,))
    assert "Map item" not in page and search not in page
    assert client.get(search).status_code == 403


def test_a_mapping_is_taken_back_on_its_page(browser: Browser, question: ItemQuestion) -> None:
    mapping = ItemMappingFactory(administration=question.administration)
    address = reverse("admin:items_itemmapping_take_back", args=(mapping.pk,))
    assert mapping.value in text(browser, address)
    answer = browser.post(address, follow=True)
    assert "Taken back" in answer.content.decode()
    assert not ItemMapping.objects.valid().exists()
    assert "Take it back" not in text(browser, address)


def test_the_page_takes_the_same_queries_for_one_item_and_for_many(
    browser: Browser, question: ItemQuestion, item: Item, django_assert_max_num_queries: Any
) -> None:
    for at in range(12):
        row = ItemQuestionFactory(administration=question.administration, name=f"Item {at}")
        row.candidates = [
            {"item": str(item.exact_id), "code": "A1", "name": "x", "usable": True, "score": 70}
        ]
        row.save(update_fields=["candidates"])
        order(row)
    browser.get(PAGE)
    with django_assert_max_num_queries(20):
        assert "Item 11" in text(browser)
