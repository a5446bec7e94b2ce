import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.people.models import Role
from tests.items.factories import ItemMappingFactory, ItemQuestionFactory
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def browser(client: Browser) -> Browser:
    client.force_login(UserFactory(role=Role.ADMINISTRATOR, language="en"))
    return client


def test_mappings_are_listed_with_the_button_that_takes_them_back_and_changed_nowhere(
    browser: Browser,
) -> None:
    mapping = ItemMappingFactory(value="T-77")
    page = browser.get(reverse("admin:items_itemmapping_changelist")).content.decode()
    assert "T-77" in page and f"{mapping.item_code} {mapping.item_name}" in page
    assert reverse("admin:items_itemmapping_take_back", args=(mapping.pk,)) in page
    own = reverse("admin:items_itemmapping_change", args=(mapping.pk,))
    assert "T-77" in browser.get(own).content.decode()
    assert browser.post(own, {"value": "X"}).status_code == 403
    assert browser.get(reverse("admin:items_itemmapping_add")).status_code == 403


def test_a_question_has_no_page_of_its_own_but_the_page_of_all(browser: Browser) -> None:
    question = ItemQuestionFactory()
    answer = browser.get(reverse("admin:items_itemquestion_change", args=(question.pk,)))
    assert "Unknown items" in answer.content.decode()
