from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from requests import Response, Session

from apps.core import queue
from apps.exact import connection, lookout, signing_in
from apps.exact.client import Exact
from apps.exact.forms import ExactAppForm
from apps.exact.losses import Loss
from apps.exact.models import ConnectionStatus, ExactApp
from apps.exact.registration import NotConfigured, default_app
from tests.exact.factories import ConnectionFactory, DivisionFactory, ExactAppFactory

pytestmark = pytest.mark.django_db

REAL = {
    "SANDBOX": False,
    "EXACT_BASE_URL": "https://start.exactonline.be/",
    "EXACT_CLIENT_ID": "an id",
    "EXACT_CLIENT_SECRET": "a secret",
}


def use(settings: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


def test_in_the_sandbox_the_app_is_the_sandboxs_own(settings: Any) -> None:
    app = default_app()
    assert app.base_url == "http://127.0.0.1:8000/sandbox/exact"
    assert app.client_id == "00000000-0000-4000-8000-00000000e0a1"
    assert app.redirect_uri == settings.EXACT_REDIRECT_URI
    assert app.is_default


def test_the_sandbox_knows_the_app_that_the_settings_name(settings: Any) -> None:
    from apps.sandbox import seed

    assert (seed.CLIENT_ID, seed.CLIENT_SECRET, seed.WEBHOOK_SECRET) == (
        settings.SANDBOX_EXACT_CLIENT_ID,
        settings.SANDBOX_EXACT_CLIENT_SECRET,
        settings.SANDBOX_EXACT_WEBHOOK_SECRET,
    )
    assert default_app().webhook_secret == seed.WEBHOOK_SECRET


def test_outside_the_sandbox_nobody_can_sign_webhooks_with_the_sandboxs_secret(settings: Any) -> None:
    use(settings, **REAL)
    assert default_app().webhook_secret == ""
    use(settings, EXACT_WEBHOOK_SECRET="of the App Center")
    assert default_app().webhook_secret == "of the App Center"


def test_asking_twice_makes_one_app() -> None:
    assert default_app().pk == default_app().pk
    assert ExactApp.objects.count() == 1


def test_a_changed_environment_changes_the_app(settings: Any) -> None:
    use(settings, **REAL)
    before = default_app()
    use(settings, EXACT_CLIENT_SECRET="another", EXACT_WEBHOOK_SECRET="hook")
    after = default_app()
    assert after.pk == before.pk
    after.refresh_from_db()
    assert (after.client_secret, after.webhook_secret) == ("another", "hook")


def test_a_secret_that_is_put_right_lets_what_it_lost_be_tried_again(settings: Any) -> None:
    use(settings, **REAL)
    app = default_app()
    lost = ConnectionFactory(app=app, status=ConnectionStatus.LOST, loss=Loss.SECRET)
    over = ConnectionFactory(app=app, status=ConnectionStatus.LOST, loss=Loss.CONSENT)
    use(settings, EXACT_WEBHOOK_SECRET="hook")
    default_app()
    assert not queue.OrmQ.objects.exists()
    use(settings, EXACT_CLIENT_SECRET="another")
    default_app()
    lost.refresh_from_db()
    over.refresh_from_db()
    assert (lost.status, over.status) == (ConnectionStatus.UNSURE, ConnectionStatus.LOST)
    (bell,) = queue.OrmQ.objects.all()
    assert (bell.func(), bell.task["args"][0]) == (lookout.LOOK, lost.pk)


def test_another_exact_is_another_app_so_that_divisions_never_mix(settings: Any) -> None:
    sandbox = default_app()
    use(settings, **REAL)
    real = default_app()
    assert real.pk != sandbox.pk
    assert (real.country, real.base_url) == ("BE", "https://start.exactonline.be")
    sandbox.refresh_from_db()
    assert (sandbox.is_default, real.is_default) == (False, True)


def test_outside_the_sandbox_the_missing_variables_are_named(settings: Any) -> None:
    use(settings, SANDBOX=False, EXACT_BASE_URL="", EXACT_CLIENT_ID="x", EXACT_CLIENT_SECRET="")
    with pytest.raises(NotConfigured, match="EXACT_BASE_URL, EXACT_CLIENT_SECRET"):
        default_app()


@pytest.mark.parametrize("url", ["http://start.exactonline.nl", "ftp://127.0.0.1", "start.exactonline.nl"])
def test_an_app_with_an_unsafe_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        ExactAppFactory.build(base_url=url).full_clean()


HOST = {
    "NL": "start.exactonline.nl",
    "BE": "start.exactonline.be",
    "DE": "start.exactonline.de",
    "FR": "start.exactonline.fr",
    "ES": "start.exactonline.es",
    "GB": "start.exactonline.co.uk",
    "US": "start.exactonline.com",
}


def form_of(country: str) -> ExactAppForm:
    values = {"name": f"Exact {country}", "country": country, "client_id": f"id of {country}"}
    return ExactAppForm(
        {**values, "new_client_secret": "s", "redirect_uri": "https://ours.example/exact/callback/"}
    )


@pytest.mark.parametrize("country", HOST)
def test_each_country_is_asked_at_its_own_host(
    settings: Any, country: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SANDBOX = False
    asked: list[str] = []

    def note(_session: Any, request: Any, **_options: Any) -> Response:
        asked.append(request.url)
        answer = Response()
        answer.status_code, answer._content = (
            200,
            b'{"access_token":"a","refresh_token":"r","expires_in":"600","d":{"results":[]}}',
        )
        answer.headers["Content-Type"], answer.request = "application/json", request
        return answer

    monkeypatch.setattr(Session, "send", note)
    form = form_of(country)
    assert form.is_valid(), form.errors
    app = form.save()
    assert urlsplit(signing_in.begin(app)).hostname == HOST[country]
    draft = connection.exchange(app, "code")
    draft.exact_user = uuid4()
    draft.connected_at = draft.issued_at
    draft.save()
    Exact(draft).me()
    exact = Exact(DivisionFactory(connection=draft, app=app))
    exact.find("crm/Accounts", "ID ne null")
    hosts = [urlsplit(url) for url in asked]
    assert {url.hostname for url in hosts} == {HOST[country]}
    assert [url.path for url in hosts] == [
        "/api/oauth2/token",
        "/api/v1/current/Me",
        f"/api/v1/{exact.division}/crm/Accounts",
    ]


def test_the_environment_knows_each_country_by_its_host(settings: Any) -> None:
    for country, host in HOST.items():
        use(settings, **{**REAL, "EXACT_BASE_URL": f"https://{host}"})
        assert default_app().country == country
    assert ExactApp.objects.count() == len(HOST)


def test_a_country_is_registered_once(settings: Any, english: None) -> None:
    settings.SANDBOX = False
    app = form_of("BE").save()
    again = form_of("BE")
    assert "There is a registration of this country already: Exact BE." in again.errors["country"][0]
    kept = ExactAppForm(again.data, instance=app)
    assert kept.is_valid(), kept.errors
    assert form_of("DE").is_valid()


def test_the_same_number_at_two_countries_is_two_divisions() -> None:
    one, other = ExactAppFactory(), ExactAppFactory()
    first = DivisionFactory(connection__app=one, code=900001)
    second = DivisionFactory(connection__app=other, code=900001)
    assert first.pk != second.pk
