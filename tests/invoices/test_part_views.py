"""The buttons beside a part."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.intake.models import Part, PartOutcome
from apps.people.models import Role
from tests import office
from tests.intake.factories import PartFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> office.Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(of: office.Books) -> Browser:
    return office.browser(office.person(Role.BOOKKEEPER, of.client))


def rejected(of: office.Books) -> Part:
    part: Part = PartFactory(
        administration=of.administration, outcome=PartOutcome.REJECTED, reason="half a file"
    )
    return part


def press(browser: Browser, name: str, part: Part, **values: object) -> Part:
    answer = browser.post(reverse(f"admin:invoices_invoice_part_{name}", args=[part.pk]), values)
    assert answer.status_code in (302, 403, 404, 405)
    return Part.objects.get(pk=part.pk)


def test_a_bookkeeper_offers_again_and_puts_aside(of: office.Books, browser: Browser) -> None:
    assert press(browser, "offer", rejected(of)).outcome == PartOutcome.RECEIVED
    part = press(browser, "aside", rejected(of), why="an advertisement")
    assert (part.outcome, part.reason) == (PartOutcome.IGNORED, "an advertisement (half a file)")


def test_it_goes_back_to_where_the_button_was_and_nowhere_else(of: office.Books, browser: Browser) -> None:
    part = rejected(of)
    address = reverse("admin:invoices_invoice_part_offer", args=[part.pk])
    here = reverse("admin:intake_receipt_books")
    assert browser.post(address, {"next": here})["Location"] == here
    elsewhere = browser.post(address, {"next": "https://elsewhere.example/"})
    assert elsewhere["Location"] == reverse("admin:intake_receipt_change", args=[part.receipt_id])


def test_who_does_not_see_it_or_only_reads_does_nothing(of: office.Books) -> None:
    stranger = office.browser(office.person(Role.BOOKKEEPER))
    partner = office.browser(office.person(Role.PARTNER, of.client))
    for browser in (stranger, partner):
        assert press(browser, "offer", rejected(of)).outcome == PartOutcome.REJECTED
        assert press(browser, "aside", rejected(of), why="x").outcome == PartOutcome.REJECTED


def test_looking_changes_nothing(of: office.Books, browser: Browser) -> None:
    part = rejected(of)
    for name in ("offer", "aside", "attach"):
        assert browser.get(reverse(f"admin:invoices_invoice_part_{name}", args=[part.pk])).status_code == 405


def test_the_page_of_the_receipt_has_the_buttons_and_tells_the_history(
    of: office.Books, browser: Browser
) -> None:
    part = rejected(of)
    page = reverse("admin:intake_receipt_change", args=[part.receipt_id])
    assert reverse("admin:invoices_invoice_part_offer", args=[part.pk]) in browser.get(page).text
    press(browser, "offer", part)
    assert "half a file" in browser.get(page).text
