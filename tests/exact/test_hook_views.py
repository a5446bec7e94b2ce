import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.core import queue
from apps.exact import hook_views
from apps.exact.hook_signature import signature
from apps.exact.models import ExactApp, Notice
from apps.sandbox import time
from tests.exact.factories import ExactAppFactory

pytestmark = pytest.mark.django_db

SECRET = "the secret"


@pytest.fixture
def app() -> ExactApp:
    made: ExactApp = ExactAppFactory(webhook_secret=SECRET)
    return made


def post(app: ExactApp, body: bytes, **extra: Any) -> int:
    """Post as a stranger without a cookie or a CSRF token."""
    browser = Client(enforce_csrf_checks=True)
    url = reverse("exact:webhook", args=[app.pk])
    return int(browser.post(url, body, content_type="application/json", **extra).status_code)


def body_of(app: ExactApp, secret: str = SECRET, **changes: Any) -> bytes:
    told = {
        "Topic": "Items",
        "ClientId": app.client_id,
        "Division": 7,
        "Action": "Update",
        "Key": None,
        **changes,
    }
    content = json.dumps(told, separators=(",", ":"))
    return f'{{"Content":{content},"HashCode":"{signature(secret, content.encode())}"}}'.encode()


def rung() -> list[str]:
    return [bell.func() for bell in queue.OrmQ.objects.all()]


def test_an_empty_post_is_answered_and_nothing_is_kept(app: ExactApp) -> None:
    assert post(app, b"") == 200
    assert not Notice.objects.exists()
    assert rung() == []


def test_a_genuine_notification_is_kept_and_rings(app: ExactApp) -> None:
    assert post(app, body_of(app)) == 200
    assert Notice.objects.get().app == app
    assert rung() == ["apps.exact.hook_tasks.handle_notices"]


def test_a_crowd_of_notifications_rings_once(app: ExactApp) -> None:
    assert {post(app, body_of(app, Division=number)) for number in range(1, 6)} == {200}
    assert Notice.objects.count() == 5
    assert len(rung()) == 1
    time.advance(6)
    post(app, body_of(app, Division=6))
    assert len(rung()) == 2


def test_a_notification_is_kept_before_anything_else_can_fail(
    app: ExactApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_task: str) -> None:
        raise RuntimeError("the queue is away")

    monkeypatch.setattr(queue, "ring", fail)
    with pytest.raises(RuntimeError):
        post(app, body_of(app))
    assert Notice.objects.exists()


def test_a_double_is_answered_and_kept_once(app: ExactApp) -> None:
    assert [post(app, body_of(app)) for _ in range(2)] == [200, 200]
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"secret": "another"}, 403),
        ({"ClientId": "{00000000-0000-4000-8000-000000000000}"}, 403),
        ({"ClientId": None}, 403),
    ],
)
def test_a_stranger_gets_nothing_in(app: ExactApp, change: dict[str, Any], status: int) -> None:
    assert post(app, body_of(app, **change)) == status
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "body", [b"{}", b"x", b'{"Content":{}}', b'{"Content":{},"HashCode":""}', b"\x00" * 70]
)
def test_what_is_no_notification_is_refused(app: ExactApp, body: bytes) -> None:
    assert post(app, body) == 400


def test_an_app_without_a_webhook_secret_takes_nothing(app: ExactApp) -> None:
    ExactApp.objects.update(webhook_secret="")
    assert post(app, body_of(app, secret="")) == 403


def test_a_notification_of_another_app_does_not_get_in_by_this_door(app: ExactApp) -> None:
    other = ExactAppFactory(webhook_secret="their secret")
    assert post(app, body_of(other, secret="their secret")) == 403


def test_a_long_body_is_not_read(app: ExactApp) -> None:
    assert post(app, b" " * (hook_views.LONGEST + 1)) == 413
    assert post(app, body_of(app, More="x" * 1000)) == 200


def test_nobody_reads_anything_here(app: ExactApp, client: Client) -> None:
    url = reverse("exact:webhook", args=[app.pk])
    assert {client.get(url).status_code, client.put(url).status_code, client.delete(url).status_code} == {405}


@pytest.mark.parametrize("number", ["0", "99999999999999999999999999"])
def test_an_unknown_app_is_not_found(client: Client, number: str) -> None:
    assert client.post(f"/exact/webhook/{number}/", b"", content_type="application/json").status_code == 404


def test_a_notification_is_not_redirected_to_https_and_lost(app: ExactApp, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert post(app, body_of(app)) == 200
