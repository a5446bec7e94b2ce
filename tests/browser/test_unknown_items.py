"""A reviewer maps the items that nobody knows without touching the mouse, and takes one back."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from apps.items.models import ItemMapping, ItemQuestion
from apps.people.models import User
from tests.browser.conftest import needs_chromium
from tests.exact.factories import DivisionFactory, ItemFactory
from tests.items.factories import ItemQuestionFactory
from tests.items.waiting import order

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def questions(reviewer: User, settings: Any) -> list[ItemQuestion]:
    """Three items: one that is filled in, one with two choices, one that looks like nothing."""
    settings.ITEM_ASKERS = ("tests.items.waiting.lines",)
    division = DivisionFactory(administration=ItemQuestionFactory(name="Nobody waits").administration)
    reviewer.assignments.create(client=division.administration.client)
    items = [ItemFactory(division=division, code=f"A{at}", description=f"Touw, {at} mm") for at in range(4)]
    offered = [
        {"item": str(item.exact_id), "code": item.code, "name": item.description, "usable": True}
        for item in items
    ]
    asked: list[ItemQuestion] = []
    for name, scores in (("Touw 0 mm", [96]), ("Touw 1 mm", [80, 79]), ("Lamp", [])):
        question = ItemQuestionFactory(administration=division.administration, name=name)
        question.candidates = [{**one, "score": score} for one, score in zip(offered, scores, strict=False)]
        question.save(update_fields=["candidates"])
        order(question)
        asked.append(question)
    return asked


def test_the_keys_choose_map_find_and_undo(page: Page, questions: list[ItemQuestion]) -> None:
    page.goto(reverse("admin:items_itemquestion_changelist"))
    groups, focus = page.locator(".pk-group"), page.locator(".pk-group.pk-focus")
    expect(groups).to_have_count(3)
    page.keyboard.press("m")
    expect(groups).to_have_count(2)
    page.keyboard.press("2")
    assert focus.locator("input:checked").count() == 1
    page.keyboard.press("Enter")
    expect(groups).to_have_count(1)
    page.keyboard.press("f")
    page.keyboard.type("A3")
    expect(focus.locator(".pk-found input[type=radio]")).to_have_count(1)
    focus.locator(".pk-found input[type=radio]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator(".pk-zero")).to_be_visible()
    assert list(ItemMapping.objects.order_by("pk").values_list("item_code", flat=True)) == ["A0", "A1", "A3"]
    page.keyboard.press("u")
    expect(page.locator("text=Teruggenomen")).to_be_visible()
    assert ItemMapping.objects.valid().count() == 2
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0
