"""A person at the keyboard: Debian's Chromium before a running product."""

import shutil
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client as Browser
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from apps.people.models import Role, User
from tests.people.factories import UserFactory

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on this machine")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture
def served(transactional_db: None) -> Iterator[str]:
    """Serve the product for one test and return its address; its threads leave no session in the database behind."""
    before = set(threading.enumerate())
    server = LiveServer("127.0.0.1")
    yield str(server.url)
    server.stop()
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=10)


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chromium]:
    """Start Chromium; Playwright keeps an event loop in this thread, which Django would take for an async view.

    While that loop runs the thread has database connections of its own: they end with it.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def reviewer(transactional_db: None) -> User:
    """Who sits there."""
    user: User = UserFactory(role=Role.REVIEWER, language="nl")
    return user


@pytest.fixture
def page(served: str, chromium: Chromium, reviewer: User) -> Iterator[Page]:
    """A page of the signed-in reviewer; an error of a script fails the test."""
    visitor = Browser()
    visitor.force_login(reviewer)
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    context = chromium.new_context(base_url=served, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": served}])
    opened, errors = context.new_page(), []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    assert errors == []
    context.close()
