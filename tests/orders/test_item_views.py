"""The form of a new item in Exact."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.clients.models import Mode
from apps.items.models import ItemQuestion
from apps.orders.models import ItemWrite
from apps.people.models import Role
from apps.posting.models import Method
from tests import office
from tests.items.factories import ItemQuestionFactory
from tests.orders.buying import Buying, make_buying
from tests.orders.factories import PurchaseOrderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def buying() -> Buying:
    return make_buying()


@pytest.fixture
def question(buying: Buying) -> ItemQuestion:
    asked: ItemQuestion = ItemQuestionFactory(
        administration=buying.administration,
        supplier=buying.supplier.exact_id,
        seller_item="T-99",
        name="Touw, dik",
        unit="BX",
        price="150.5",
    )
    return asked


@pytest.fixture
def browser(buying: Buying) -> Browser:
    return office.browser(office.person(Role.BOOKKEEPER, buying.administration.client))


def address(question: ItemQuestion) -> str:
    return reverse("admin:orders_purchaseorder_new_item", args=(question.pk,))


def sent(form: Any, **values: str) -> dict[str, str]:
    """Return what the shown form sends, with `values` filled in."""
    shown = {name: form[name].value() for name in form.fields if name != "is_fraction_allowed"}
    return {name: str(value or "") for name, value in {**shown, **values}.items()}


def test_the_form_begins_with_what_the_document_says(question: ItemQuestion, browser: Browser) -> None:
    form = browser.get(address(question)).context["form"]
    values = {name: form[name].value() for name in ("code", "description", "price", "factor")}
    assert values == {"code": "T-99", "description": "Touw, dik", "price": "150,5", "factor": "1"}
    assert form["unit"].value()


def test_sent_it_is_made_by_a_posting_and_shows_how_it_stands(
    question: ItemQuestion, browser: Browser
) -> None:
    order = PurchaseOrderFactory(administration=question.administration)
    page = f"{address(question)}?order={order.pk}"
    form = browser.get(page).context["form"]
    answer = browser.post(page, sent(form))
    assert answer.headers["Location"] == reverse("admin:orders_purchaseorder_change", args=(order.pk,))
    write = ItemWrite.objects.get()
    assert (write.question, write.code, write.posting.method) == (question, "T-99", Method.ITEM)
    text = browser.get(page).content.decode()
    assert "Is being made in Exact." in text
    assert "Create in Exact" not in text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("price", "cheap", "“cheap” is not a number."),
        ("factor", "0", "Say how many of its units are in one purchase unit."),
        ("code", "", "This field is required."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    field: str, typed: str, words: str, question: ItemQuestion, browser: Browser
) -> None:
    form = browser.get(address(question)).context["form"]
    answer = browser.post(address(question), sent(form, **{field: typed}))
    assert words in " ".join(answer.context["form"].errors[field])
    assert not ItemWrite.objects.exists()


def test_a_code_that_exact_has_is_refused(question: ItemQuestion, buying: Buying, browser: Browser) -> None:
    form = browser.get(address(question)).context["form"]
    answer = browser.post(address(question), sent(form, code=buying.item.code))
    assert "Exact has an item with this code already." in answer.content.decode()


def test_on_pilot_no_item_is_made(question: ItemQuestion, buying: Buying, browser: Browser) -> None:
    buying.administration.mode = Mode.PILOT
    buying.administration.save(update_fields=["mode"])
    text = browser.get(address(question)).content.decode()
    assert "On pilot nothing is written into Exact." in text
    assert "Create in Exact" not in text


def test_who_does_not_map_items_makes_none(question: ItemQuestion, buying: Buying) -> None:
    partner = office.browser(office.person(Role.PARTNER, buying.administration.client))
    assert partner.get(address(question)).status_code == 403
    stranger = office.browser(office.person(Role.BOOKKEEPER))
    assert stranger.get(address(question)).status_code == 404
