"""An owner without an account opens a share link, signs in at Exact, and is done."""

from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from apps.exact.models import Division, ShareLink, ShareState
from apps.exact.registration import default_app
from apps.sandbox.firm import users
from tests import shares
from tests.browser.conftest import needs_chromium
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(served: str, settings: Any) -> str:
    """The page of a link for the installer; Exact sends the browser back to the served address."""
    settings.SANDBOX_URL = f"{served}/sandbox"
    settings.EXACT_REDIRECT_URI = f"{served}/exact/callback/"
    ours = AdministrationFactory(name="Noorderlicht")
    AdministrationIdentifierFactory(administration=ours, kind="kvk", value="19261865")
    _link, page = shares.made(ours)
    assert default_app().redirect_uri.startswith(served)
    return page


@pytest.mark.parametrize(
    ("locale", "button", "done"),
    [("nl-NL", "Aanmelden bij Exact Online", "Afgerond"), ("en-GB", "Sign in to Exact Online", "Done")],
)
def test_an_owner_connects_by_the_keyboard_and_the_mouse(
    address: str, served: str, chromium: Chromium, locale: str, button: str, done: str
) -> None:
    context = chromium.new_context(base_url=served, locale=locale)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="English" if locale == "nl-NL" else "Nederlands").click()
    page.get_by_role("button", name="Nederlands" if locale == "nl-NL" else "English").click()
    start = page.get_by_role("button", name=button)
    start.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/oauth2/auth**")
    page.locator("select[name=user]").select_option(str(users.OWNER["UserID"]))
    page.locator("button[name=show]").click()
    page.locator("button[name=allow]").click()
    page.wait_for_url(f"**{address}")
    expect(page.get_by_role("heading", name=done)).to_be_visible()
    assert ShareLink.objects.get().state == ShareState.DONE
    assert [one.code for one in Division.objects.all()] == [3100201]
    context.close()
