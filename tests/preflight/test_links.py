import pytest
from django.urls import reverse

from apps.people.models import Role
from apps.preflight import links
from tests import office
from tests.exact.factories import DigitalMailboxFactory
from tests.people.factories import UserFactory
from tests.preflight.factories import PreflightFactory

pytestmark = pytest.mark.django_db


def test_the_mailbox_has_its_own_page_and_before_that_the_administration() -> None:
    kept, person = PreflightFactory(), UserFactory(is_superuser=True)
    page = reverse("admin:clients_administration_change", args=[kept.administration_id])
    assert links.address(person, kept, "digital_mailbox") == page
    mailbox = DigitalMailboxFactory(administration=kept.administration)
    page = reverse("admin:exact_digitalmailbox_change", args=[mailbox.pk])
    assert links.address(person, kept, "digital_mailbox") == page


def test_lists_show_the_rows_of_the_administration_alone() -> None:
    kept, person = PreflightFactory(), UserFactory(is_superuser=True)
    for key, field in (("vat", "administration"), ("accounts", "division__administration")):
        assert links.address(person, kept, key).endswith(f"?{field}__id__exact={kept.administration_id}")


def test_nobody_is_sent_to_a_page_that_is_closed_to_them() -> None:
    kept = PreflightFactory()
    partner = office.person(Role.PARTNER, kept.administration.client)
    assert links.address(partner, kept, "digital_mailbox") == ""
    assert links.address(partner, kept, "others") == ""
