"""The pages of a trial in a test division: what they say, and the buttons that end it."""

from typing import Any

import pytest
from django.urls import reverse

from apps.clients.models import Mode
from apps.invoices.models import Invoice
from apps.invoices.processing import process
from apps.people.models import Role
from tests import office
from tests.invoices.conftest import coded
from tests.invoices.documents import xml
from tests.invoices.trials import Trial, booked, make_trial

pytestmark = pytest.mark.django_db
BAND = "Test division: nothing here reaches the books."


@pytest.fixture
def trial() -> Trial:
    return make_trial()


@pytest.fixture
def bookkeeper(trial: Trial) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, trial.administration.client))


@pytest.fixture
def administrator(trial: Trial) -> Any:
    return office.browser(office.person(Role.ADMINISTRATOR, is_superuser=True))


def report(trial: Trial) -> str:
    return reverse("admin:invoices_invoice_pilot", args=(trial.administration.pk,))


def leave(trial: Trial) -> str:
    return reverse("admin:invoices_invoice_leave", args=(trial.administration.pk,))


def mark(trial: Trial) -> str:
    return reverse("admin:invoices_invoice_mark_division", args=(trial.test.pk,))


def pages(invoice: Invoice) -> list[str]:
    return [
        reverse("admin:invoices_invoice_change", args=(invoice.pk,)),
        reverse("admin:invoices_invoice_trail", args=(invoice.pk,)),
        reverse("admin:clients_administration_change", args=(invoice.administration_id,)),
        reverse("admin:invoices_invoice_pilot", args=(invoice.administration_id,)),
    ]


def test_every_page_of_a_document_says_that_it_is_a_trial(
    trial: Trial, bookkeeper: Any, administrator: Any
) -> None:
    invoice = booked(coded(xml()), trial.test)
    for address in pages(invoice):
        assert BAND in bookkeeper.get(address).content.decode(), address
    document = bookkeeper.get(pages(invoice)[0]).content.decode()
    assert "Booked in the test division 26600001" in document
    listed = bookkeeper.get(reverse("admin:invoices_invoice_changelist") + "?stage=done").content.decode()
    assert "booked in the test division" in listed
    receipt = reverse("admin:intake_receipt_change", args=(invoice.part.receipt_id,))
    assert "booked in the test division" in administrator.get(receipt).content.decode()
    assert bookkeeper.get(reverse("admin:invoices_invoice_trail_pdf", args=(invoice.pk,))).status_code == 200


def test_nothing_of_it_is_said_where_the_books_are_real(trial: Trial, bookkeeper: Any) -> None:
    invoice = booked(coded(xml()), trial.test)
    trial.test.mark(is_test=False)
    for address in pages(invoice):
        assert BAND not in bookkeeper.get(address).content.decode(), address
    assert "Booked 26600001" in bookkeeper.get(pages(invoice)[0]).content.decode()


def test_the_list_of_pilots_names_the_kind(trial: Trial, bookkeeper: Any) -> None:
    booked(coded(xml()), trial.test)
    text = bookkeeper.get(reverse("admin:invoices_invoice_pilots")).content.decode()
    assert report(trial) in text
    table = text.split("<tbody>")[1].split("</tbody>")[0]
    assert "test division" in table and "shadow" not in table


def test_the_report_shows_what_became_of_the_documents(trial: Trial, bookkeeper: Any) -> None:
    invoice = booked(coded(xml()), trial.test)
    text = bookkeeper.get(report(trial)).content.decode()
    assert pages(invoice)[0] in text
    assert "booked in the test division" in text
    assert "Go to the real division" not in text


def test_ending_it_is_for_who_may_link(trial: Trial, bookkeeper: Any) -> None:
    assert bookkeeper.post(leave(trial), {"division": trial.real.pk}).status_code == 403
    assert bookkeeper.post(mark(trial), {"is_test": "0"}).status_code == 403
    assert trial.test.is_test


def test_the_chosen_division_becomes_its_own_and_the_pilot_there_says_what_it_waits_for(
    trial: Trial, administrator: Any
) -> None:
    booked(coded(xml()), trial.test)
    assert "The real one" in administrator.get(report(trial)).content.decode()
    answer = administrator.post(leave(trial), {"division": trial.real.pk}, follow=True)
    text = answer.content.decode()
    assert "is on pilot in The real one" in text
    assert "The documents wait here" in text
    assert trial.administration.mode == Mode.PILOT
    process()
    page = reverse("admin:clients_administration_change", args=(trial.administration.pk,))
    assert "The documents wait here" in administrator.get(page).content.decode()


@pytest.mark.parametrize("division", ["", "0", "x", "999999"])
def test_a_division_that_is_not_offered_cannot_be_chosen(
    trial: Trial, administrator: Any, division: str
) -> None:
    answer = administrator.post(leave(trial), {"division": division}, follow=True)
    assert "Choose the real division." in answer.content.decode()
    assert trial.test.administration == trial.administration


def test_other_numbers_are_shown_and_must_be_confirmed(trial: Trial, administrator: Any) -> None:
    trial.real.chamber_of_commerce = "64134164"
    trial.real.save(update_fields=["chamber_of_commerce"])
    asked = {"division": trial.real.pk}
    text = administrator.post(leave(trial), asked, follow=True).content.decode()
    assert "KvK 64134164 in Exact, 17131139 here" in text
    assert "Yes, go there all the same" in text
    assert trial.test.administration == trial.administration
    administrator.post(leave(trial), {**asked, "confirmed": trial.real.pk})
    assert trial.test.administration is None


def test_the_page_of_a_division_says_and_changes_what_it_is(trial: Trial, administrator: Any) -> None:
    page = reverse("admin:exact_division_change", args=(trial.test.pk,))
    assert BAND in administrator.get(page).content.decode()
    text = administrator.post(mark(trial), {"is_test": "0"}, follow=True).content.decode()
    assert "is no test division any more" in text
    assert BAND not in text
    assert (
        "is a test division now"
        in administrator.post(mark(trial), {"is_test": "1"}, follow=True).content.decode()
    )
    assert trial.test.is_test
