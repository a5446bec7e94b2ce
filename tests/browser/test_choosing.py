"""An administrator signs in at Exact and links forty divisions in one sitting, and sees them being read."""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from apps.exact.models import Division
from apps.people.models import Role, User
from tests import forty
from tests.browser.conftest import needs_chromium
from tests.people.factories import UserFactory

pytestmark = [needs_chromium, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reviewer(transactional_db: None) -> User:
    """Who sits there: an administrator this time."""
    user: User = UserFactory(role=Role.ADMINISTRATOR, language="nl")
    return user


@pytest.fixture
def exact_there(served: str, settings: Any) -> None:
    """Let the consent page and the way back be where the browser finds them."""
    settings.SANDBOX_URL = f"{served}/sandbox"
    settings.EXACT_REDIRECT_URI = f"{served}/exact/callback/"


def row(page: Page, code: int) -> Locator:
    return page.locator("[data-row]", has_text=str(code))


def select(page: Page, code: int) -> Locator:
    return row(page, code).locator("select")


def sign_in(page: Page, codes: list[int]) -> None:
    """Go through the consent page, and tick these divisions alone."""
    page.goto(reverse("admin:exact_connection_changelist"))
    page.locator(f"a.pk-main[href='{reverse('exact:connect')}']").click()
    for box in page.locator("input[name=division]").all():
        box.set_checked(int(str(box.get_attribute("value"))) in codes)
    page.locator("button[name=allow]").click()
    page.wait_for_url("**/exact/divisions/choose/?connection=*")


def test_forty_divisions_are_linked_in_one_sitting(page: Page, exact_there: None) -> None:
    made = forty.make()
    sign_in(page, made.codes)
    expect(page.locator("[data-row]")).to_have_count(40)
    for code in made.certain:
        expect(select(page, code)).to_have_value(f"certain:{made.ours[code].pk}")
    for code in (*made.asked, *made.unused):
        expect(select(page, code)).to_have_value("")
    expect(page.locator("[data-row] .pk-chip.pk-poor")).to_have_count(2)
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(wide)

    find = page.locator("[data-find]")
    find.fill("naamgenoot")
    expect(page.locator("[data-row]:visible")).to_have_count(forty.BY_NAME)
    find.press("Enter")
    find.fill("")
    expect(page.locator("[data-row]:visible")).to_have_count(40)

    certain = page.locator("input[name=certain]")
    certain.uncheck()
    expect(select(page, made.certain[0])).to_have_value("")
    certain.check()
    expect(select(page, made.certain[0])).to_have_value(f"certain:{made.ours[made.certain[0]].pk}")
    for code in made.asked[:-1]:
        select(page, code).select_option(f"link:{made.ours[code].pk}")
    last = made.asked[-1]
    row(page, last).locator("input[list]").fill(f"Kant van de kamer [{made.ours[last].pk}]")
    page.locator("input[name=rest]").check()
    expect(select(page, made.new[0])).to_have_value("create:")
    page.locator("form[data-choosing] button.pk-main").click()
    page.wait_for_url(f"**{reverse('exact:connecting')}")

    linked = {one.code: one.administration for one in Division.objects.exclude(administration=None)}
    assert len(linked) == 38
    assert {code: linked[code] for code in made.ours} == made.ours
    assert forty.clients_of(made.known_owner) == [forty.OWNER] * forty.KNOWN_CLIENT
    read = page.locator(".pk-cards strong").first
    expect(read).to_have_text(re.compile(r"^0 \D+ 38$"))
    expect(page.locator("tbody tr")).to_have_count(38)
    expect(page.locator("tbody .pk-good")).to_have_count(0)

    assert forty.read_all(12) == 12
    expect(read).to_have_text(re.compile(r"^12 \D+ 38$"), timeout=10_000)  # the page follows by itself
    expect(page.locator("tbody .pk-good")).to_have_count(12)
    assert forty.read_all() == 26
    expect(read).to_have_text(re.compile(r"^38 \D+ 38$"), timeout=10_000)
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)


def test_the_page_works_without_its_script(page: Page, exact_there: None) -> None:
    made = forty.make()
    page.route("**/choosing*.js", lambda route: route.abort())
    sign_in(page, made.codes)
    expect(page.locator("[data-find]")).to_be_hidden()
    page.locator("input[name=rest]").check()
    page.locator("form[data-choosing] button.pk-main").click()
    page.wait_for_url(f"**{reverse('exact:connecting')}")
    linked = set(Division.objects.exclude(administration=None).values_list("code", flat=True))
    assert linked == {*made.certain, *made.new, *made.known_owner}
