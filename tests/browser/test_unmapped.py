"""A reviewer clears a queue of 200 documents from 40 senders without touching the mouse."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from apps.invoices.models import Invoice, State
from apps.people.models import User
from apps.vendors.models import Mapping, Question
from tests.browser.conftest import needs_chromium
from tests.exact.factories import RelationFactory
from tests.invoices.conftest import Books, coded, make_books
from tests.invoices.documents import xml

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]

BIRDS = "Zwaluw Merel Ooievaar Kievit Spreeuw Fazant Lijster Buizerd".split()
TRADES = "Drukkerij Transport Keukens Bloemen Techniek".split()
SENDERS = [f"{bird} {trade}" for bird in BIRDS for trade in TRADES]
EACH = 5
TO_CHOOSE, NO_INVOICE = 6, 3  # senders with two like cards; senders of advertisements


def kvk(at: int) -> str:
    return f"5{at:07}"


def document(at: int, number: str) -> Invoice:
    return coded(
        xml(number=number, vendor=SENDERS[at], vat="", kvk=kvk(at), iban="", domain=f"x{at}.example")
    )


def prepare(reviewer: User, senders: int, each: int) -> Books:
    """Senders that no card knows by number, with so many documents each; most have a card of the same name."""
    books = make_books()
    reviewer.assignments.create(client=books.administration.client)
    for at, name in enumerate(SENDERS[:senders]):
        towns = (
            (" Oost", " West") if at < TO_CHOOSE else () if at >= len(SENDERS) - NO_INVOICE else (" B.V.",)
        )
        for town in towns:
            account = books.account.exact_id
            RelationFactory(division=books.division, name=f"{name}{town}", gl_account_purchase=account)
        for number in range(each):
            document(at, f"{at}-{number}")
    return books


def test_a_queue_is_cleared_with_the_keyboard_alone(page: Page, reviewer: User) -> None:
    prepare(reviewer, len(SENDERS), EACH)
    assert Invoice.objects.filter(state=State.ATTENTION).count() == len(SENDERS) * EACH == 200
    page.goto(reverse("admin:vendors_question_changelist"))
    groups = page.locator(".pk-group")
    expect(groups).to_have_count(len(SENDERS))
    focus, pressed = page.locator(".pk-group.pk-focus"), 0
    for left in range(len(SENDERS), 0, -1):
        expect(groups).to_have_count(left)
        expect(focus).to_have_count(1)
        is_filled_in = focus.locator("input:checked").count()
        its_card = focus.locator(".pk-candidate", has_text=str(focus.get_attribute("aria-label"))).count()
        keys = ["m"] if is_filled_in else ["1", "m"] if its_card else ["n"]
        for key in keys:
            page.keyboard.press(key)
        pressed += len(keys)
        expect(groups).to_have_count(left - 1)
    assert pressed <= 2 * len(SENDERS)
    expect(page.locator(".pk-zero")).to_be_visible()

    assert not Invoice.objects.filter(state=State.ATTENTION).exists()
    aside = Invoice.objects.filter(state=State.IGNORED)
    assert aside.count() == NO_INVOICE * EACH
    mapped = len(SENDERS) - NO_INVOICE
    assert Mapping.objects.valid().count() == mapped

    for at in range(mapped):  # each later document of these senders is matched without a question
        later = document(at, f"{at}-later")
        assert (later.state, later.question) == (State.READY, None)
        assert later.supplier_name.startswith(SENDERS[at])
    assert (
        not Question.objects.open().filter(identity__in=[f"kvk {kvk(at)}" for at in range(mapped)]).exists()
    )


def test_keys_move_choose_find_and_undo_exactly_what_was_done(page: Page, reviewer: User) -> None:
    senders, each = 4, 2
    prepare(reviewer, senders, each)
    page.goto(reverse("admin:vendors_question_changelist"))
    focus, groups = page.locator(".pk-group.pk-focus"), page.locator(".pk-group")
    first = focus.get_attribute("aria-label")
    page.keyboard.press("j")
    second = focus.get_attribute("aria-label")
    assert second != first
    page.keyboard.press("k")
    assert focus.get_attribute("aria-label") == first
    page.keyboard.press("2")
    assert focus.locator("input:checked").count() == 1
    page.keyboard.press("f")
    page.keyboard.type("Anker en")
    expect(focus.locator(".pk-found input[type=radio]")).to_have_count(1)
    page.keyboard.press("Escape")
    before = dict(Invoice.objects.values_list("pk", "state"))
    page.keyboard.press("Enter")
    expect(groups).to_have_count(senders - 1)
    changed = {pk for pk, state in Invoice.objects.values_list("pk", "state") if before[pk] != state}
    assert len(changed) == each
    assert set(Invoice.objects.filter(mapping=Mapping.objects.get()).values_list("pk", flat=True)) == changed
    page.keyboard.press("u")
    expect(groups).to_have_count(senders)
    assert dict(Invoice.objects.values_list("pk", "state")) == before
    assert not Mapping.objects.valid().exists()
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
