import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.clients.models import Client
from apps.core import clock
from apps.econnect.models import Answer, Inbound, Stage
from apps.intake import peppol
from apps.intake.models import Part
from apps.people.models import Role
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.econnect.factories import InboundFactory, PartyFactory
from tests.intake.factories import PartFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def inbound() -> Inbound:
    made: Inbound = InboundFactory(
        party=PartyFactory(administration=AdministrationFactory()),
        stage=Stage.KEPT,
        sha256="a" * 64,
        kept_at=clock.now(),
    )
    return made


@pytest.fixture
def part(inbound: Inbound) -> Part:
    found: Part = peppol.keep(inbound, b"<Invoice/>").parts.get()
    return found


def client_of(part: Part) -> Client:
    assert part.administration is not None
    return part.administration.client


def sign_in(part: Part, role: str = Role.BOOKKEEPER) -> Browser:
    return office.browser(office.person(role, client_of(part)))


def url(part: Part) -> str:
    return reverse("admin:intake_part_answer", args=[part.pk])


def test_the_page_of_a_receipt_leads_here(part: Part) -> None:
    page = sign_in(part).get(reverse("admin:intake_receipt_change", args=[part.receipt_id]))
    assert url(part) in page.content.decode()


def test_a_bookkeeper_asks_and_the_ab_goes_first(part: Part) -> None:
    browser = sign_in(part)
    assert "under query" in browser.get(url(part)).content.decode()
    answer = browser.post(
        url(part), {"status": "UQ", "codes": ["REF", "PRI"], "words": "which order?", "note": ""}, follow=True
    )
    assert "on its way" in answer.content.decode()
    question = Answer.objects.get(status="UQ")
    assert question.reasons == {"REF": "which order?", "PRI": "which order?"}
    assert Answer.objects.filter(status="AB", pk__lt=question.pk).exists()


def test_without_a_reason_the_page_says_what_lacks(part: Part) -> None:
    answer = sign_in(part).post(url(part), {"status": "RE"})
    assert "Say why" in answer.content.decode()
    assert not Answer.objects.exists()


def test_after_a_rejection_there_is_no_form(part: Part) -> None:
    browser = sign_in(part)
    browser.post(url(part), {"status": "RE", "codes": ["REC"]})
    assert Answer.objects.get(status="RE").reasons == {"REC": "the receiver is not us"}
    assert 'name="status"' not in browser.get(url(part)).content.decode()


def test_others_may_not(part: Part) -> None:
    stranger = office.browser(office.person(Role.BOOKKEEPER))
    assert stranger.get(url(part)).status_code == 404
    assert stranger.post(url(part), {"status": "AB"}).status_code == 404
    assert sign_in(part, Role.PARTNER).get(url(part)).status_code == 403
    assert not Answer.objects.exists()


def test_what_came_by_another_door_cannot_be_answered() -> None:
    part = PartFactory(administration=AdministrationFactory())
    assert sign_in(part).get(url(part)).status_code == 404
