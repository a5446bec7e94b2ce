import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from django.db import transaction
from pytest_django import Settings

from apps.core import http


class _Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/")
        else:
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.send_header("X-Agent", self.headers["User-Agent"])
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://start.exactonline.nl/api", True),
        ("http://127.0.0.1:8000/sandbox", True),
        ("http://localhost/x", True),
        ("http://[::1]:8000/x", True),
        ("http://start.exactonline.nl/api", False),
        ("http://127.0.0.1.example.org/", False),
        ("http://localhost@example.org/", False),
        ("ftp://127.0.0.1/", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_plain_http_is_for_this_machine_only(url: str, allowed: bool) -> None:
    assert http.is_allowed(url) is allowed


@pytest.mark.django_db
def test_plain_http_to_elsewhere_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ValueError, match="https only"):
        http.Session().get("http://start.exactonline.nl/api/v1/current/Me?token=hush")


@pytest.mark.django_db
def test_the_refusal_does_not_repeat_the_address_with_its_secrets() -> None:
    with pytest.raises(ValueError, match="https only") as refusal:
        http.Session().get("http://start.exactonline.nl/?token=hush")
    assert "hush" not in str(refusal.value)


@pytest.mark.django_db
def test_a_call_inside_a_transaction_is_a_bug(server: str) -> None:
    with transaction.atomic(), pytest.raises(http.RemoteCallInTransaction):
        http.Session().get(server)


@pytest.mark.django_db
def test_the_block_of_a_test_case_is_no_transaction_of_ours(server: str) -> None:
    assert http.Session().get(server).status_code == 200


@pytest.mark.django_db
def test_after_the_transaction_the_call_goes_through(server: str) -> None:
    with transaction.atomic():
        pass
    assert http.Session().get(server).status_code == 200


@pytest.mark.django_db
def test_the_user_agent_names_the_product(server: str) -> None:
    assert http.Session().get(server).headers["X-Agent"].startswith("Postkamer/")


@pytest.mark.django_db
def test_redirects_are_not_followed(server: str) -> None:
    assert http.Session().get(f"{server}/elsewhere").status_code == 302


@pytest.mark.django_db
def test_proxies_of_the_environment_are_ignored(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert http.Session().get(server).status_code == 200


@pytest.mark.django_db
def test_a_silent_server_is_given_up_after_the_time_limit(settings: Settings) -> None:
    settings.HTTP_TIMEOUT = (1, 0.05)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Echo) as silent, pytest.raises(requests.ReadTimeout):
        http.Session().get(f"http://127.0.0.1:{silent.server_port}/")


@pytest.mark.django_db
def test_the_sandbox_answers_in_this_process(settings: Settings) -> None:
    answer = http.Session().get(f"{settings.SANDBOX_URL}/exact/api/v1/current/Me")
    assert answer.status_code == 401


def test_outside_the_sandbox_nothing_is_mounted(settings: Settings) -> None:
    settings.HTTP_MOUNT = ""
    assert set(http.Session().adapters) == {"https://", "http://"}


def test_an_error_shows_the_words_of_the_other_side() -> None:
    assert str(http.Rejected("Periode is afgesloten: 2025 - 12", status=500)).startswith("Periode")
    assert str(http.Temporary(status=503)) == "status 503"
    assert http.Temporary("busy", retry_at_ms=5).retry_at_ms == 5
