"""A client without an account answers a question from its mail, in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from apps.core import clock
from apps.invoices import question_mails
from apps.invoices.models import ClientQuestion
from tests.browser.conftest import needs_chromium
from tests.invoices.factories import ClientQuestionFactory

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]


def test_a_client_answers_from_the_page_of_the_mail(served: str, chromium: Chromium) -> None:
    asked: ClientQuestion = ClientQuestionFactory(
        to="klant@bakkerij.example", sent_at=clock.now(), expires_at=clock.now() + timedelta(days=3)
    )
    secret = question_mails.secret_of(asked)
    ClientQuestion.objects.filter(pk=asked.pk).update(digest=question_mails.digest_of(secret))
    context = chromium.new_context(base_url=served, locale="nl-NL")
    page = context.new_page()
    page.goto(reverse("questions:answer", args=(secret,)))
    page.get_by_label("Uw antwoord").fill("Een taart voor de klant.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Dank u wel")
    asked.refresh_from_db()
    assert asked.answer == "Een taart voor de klant."
    context.close()
