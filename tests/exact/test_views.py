import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from apps.exact.models import Connection, SignIn
from apps.exact.registration import default_app
from apps.exact.visitor import Visitor
from apps.people.models import Role
from apps.sandbox import faults
from tests.exact.factories import ExactAppFactory
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
DIVISIONS = [3100101, 3100102, 3100201]


@pytest.fixture
def browser(client: Client) -> Client:
    """Signed in as an administrator."""
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    return client


def words(client: Client, url: str) -> tuple[str, str]:
    response = client.get(url)
    return response["Location"], " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_an_administrator_is_sent_to_exact_and_comes_back_connected(browser: Client) -> None:
    consent = browser.get(reverse("exact:connect"))["Location"]
    assert consent.startswith("http://127.0.0.1:8000/sandbox/exact/api/oauth2/auth?")
    back = Visitor().consent(consent, divisions=DIVISIONS)
    location, message = words(browser, back)
    connection = Connection.objects.get()
    assert location == f"{reverse('exact:choose')}?connection={connection.pk}"
    assert "3 divisions" in message
    assert browser.get(location).status_code == 200
    assert connection.owner and connection.owner.role == Role.ADMINISTRATOR


@pytest.mark.parametrize("query", ["", "state=x&code=y", "error=access_denied", "code=%00&state=%FF"])
def test_a_way_back_that_leads_nowhere_is_a_sentence_on_a_page(browser: Client, query: str) -> None:
    location, message = words(browser, f"/exact/callback/?{query}")
    assert location == reverse("admin:exact_connection_changelist")
    assert message.endswith("Begin again.")


def test_a_no_at_the_consent_page_is_a_sentence(browser: Client) -> None:
    browser.get(reverse("exact:connect"))
    state = SignIn.objects.get().state
    _location, message = words(browser, f"/exact/callback/?error=access_denied&state={state}")
    assert message == "You did not give access in Exact Online. Nothing was connected."


def test_who_was_cut_off_is_given_the_way_on(browser: Client) -> None:
    consent = browser.get(reverse("exact:connect"))["Location"]
    faults.arm("dropped_before", path="current/Me")
    _location, message = words(browser, Visitor().consent(consent, divisions=DIVISIONS))
    link = re.search(r'<a href="([^"]+)">Go on with this sign-in</a>', message)
    assert link and "code=" not in link[1]
    location, _message = words(browser, link[1])
    assert location == f"{reverse('exact:choose')}?connection={Connection.objects.get().pk}"


def test_another_app_may_be_asked_for(browser: Client) -> None:
    other = ExactAppFactory()
    consent = browser.get(reverse("exact:connect"), {"app": other.pk})["Location"]
    assert consent.startswith(other.base_url)
    assert browser.get(reverse("exact:connect"), {"app": "x"})["Location"].startswith(default_app().base_url)


def test_an_app_that_is_not_set_up_is_a_sentence(browser: Client, settings: pytest.FixtureRequest) -> None:
    settings.SANDBOX = False  # type: ignore[attr-defined]
    location, message = words(browser, reverse("exact:connect"))
    assert location == reverse("admin:index")
    assert "EXACT_BASE_URL" in message


@pytest.mark.parametrize("name", ["exact:connect", "exact:callback"])
def test_strangers_sign_in_first(client: Client, name: str) -> None:
    assert client.get(reverse(name))["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.REVIEWER, Role.PARTNER])
@pytest.mark.parametrize("name", ["exact:connect", "exact:callback"])
def test_connecting_is_for_administrators(client: Client, name: str, role: Role) -> None:
    client.force_login(UserFactory(role=role))
    assert client.get(reverse(name)).status_code == 403
    assert not SignIn.objects.exists()


def test_another_persons_answer_is_refused(browser: Client) -> None:
    consent = browser.get(reverse("exact:connect"))["Location"]
    back = Visitor().consent(consent, divisions=DIVISIONS)
    browser.force_login(UserFactory(role=Role.ADMINISTRATOR))
    _location, message = words(browser, back)
    assert "does not belong to a sign-in that you began" in message
    assert not Connection.objects.exists()
