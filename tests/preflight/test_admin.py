import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.people.models import Role
from apps.preflight import checking
from apps.preflight.models import Preflight
from apps.preflight.points import KEYS
from apps.sandbox import calls
from tests import office
from tests.preflight.factories import PreflightFactory

pytestmark = pytest.mark.django_db
LIST = reverse("admin:preflight_preflight_changelist")


@pytest.fixture
def kept() -> Preflight:
    mine = office.books("Ooievaar")
    checking.judge(mine.administration)
    return Preflight.objects.get(administration=mine.administration)


def page(kept: Preflight, name: str = "change") -> str:
    return reverse(f"admin:preflight_preflight_{name}", args=[kept.pk])


def test_the_list_says_score_and_what_is_to_be_mended_first(
    admin_client: Browser, kept: Preflight, english: None
) -> None:
    text = admin_client.get(LIST, headers={"accept-language": "en"}).content.decode()
    assert "Ooievaar B.V." in text
    assert f"{kept.score} %" in text


def test_the_page_names_every_point_with_its_level_and_fix(admin_client: Browser, kept: Preflight) -> None:
    text = admin_client.get(page(kept)).content.decode()
    assert text.count('<th scope="row"') >= len(KEYS) - 1
    assert "pk-poor" in text
    assert "&quot;level&quot;" not in text  # the points as they are stored are for nobody
    assert "Stamgegevens &gt; Gebruikers &gt; Overzicht" in text


def test_list_and_page_cost_the_same_however_many_there_are(admin_client: Browser, kept: Preflight) -> None:
    for _each in range(5):
        PreflightFactory()
    for address in (LIST, page(kept)):
        with CaptureQueriesContext(connection) as asked:
            assert admin_client.get(address).status_code == 200
        assert len(asked) <= 20


def test_check_now_keeps_the_wish_and_calls_nothing(admin_client: Browser, kept: Preflight) -> None:
    assert admin_client.post(page(kept, "check")).status_code == 302
    kept.refresh_from_db()
    assert kept.asked_at
    assert calls.count() == 0


@pytest.mark.parametrize(("active", "level"), [("yes", "poor"), ("no", "good")])
def test_what_somebody_saw_of_others_is_judged_at_once(
    admin_client: Browser, kept: Preflight, active: str, level: str
) -> None:
    admin_client.post(page(kept, "others"), {"active": active})
    kept.refresh_from_db()
    assert [point["level"] for point in kept.points if point["key"] == "others"] == [level]
    assert admin_client.post(page(kept, "others"), {"active": "maybe"}).status_code == 404


@pytest.mark.parametrize(
    ("role", "may"), [(Role.REVIEWER, True), (Role.BOOKKEEPER, False), (Role.PARTNER, False)]
)
def test_reviewers_may_have_it_checked_and_others_may_look(kept: Preflight, role: str, may: bool) -> None:
    browser = office.browser(office.person(role, kept.administration.client))
    assert browser.get(page(kept)).status_code == 200
    assert (b"pk-check" in browser.get(page(kept)).content) is may
    for name in ("check", "others"):
        assert (browser.post(page(kept, name), {"active": "no"}).status_code == 302) is may
