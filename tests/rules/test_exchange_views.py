"""Import and export of booking rules in the browser."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.tables import reading
from apps.people.models import Role
from apps.rules.models import BookingRule
from tests import office
from tests.office import Books
from tests.rules.factories import BookingRuleFactory

pytestmark = pytest.mark.django_db

IMPORT, CONFIRM = "/rules/bookingrule/import/", "/rules/bookingrule/import/confirm/"
HEADER = "naam;administratie;crediteur;grootboekrekening"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def reviewer(books: Books) -> Any:
    return office.browser(office.person(Role.REVIEWER, books.client))


def upload(browser: Any, *rows: str, header: str = HEADER) -> str:
    content = "\r\n".join([header, *rows]).encode("cp1252")
    answer = browser.post(IMPORT, {"document": SimpleUploadedFile("list.csv", content)})
    return str(answer.content.decode())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_holds_the_rules_one_may_see(form: str, books: Books, reviewer: Any) -> None:
    office.books("Zwijgzaam")
    BookingRuleFactory(name="Of the firm")
    answer = reviewer.get(f"/rules/bookingrule/export.{form}")
    rows = reading.read(b"".join(answer.streaming_content))
    assert {cells[1] for _number, cells in rows} == {"name", "Ooievaar rule", "Of the firm"}


def test_a_list_is_shown_first_and_stored_when_it_is_confirmed(books: Books, reviewer: Any) -> None:
    slug = books.administration.slug
    shown = upload(reviewer, f"Telecom;{slug};Ziggo;4510", f"Wrong;{slug};;4510")
    assert "All purchases from “Ziggo” → 4510" in shown
    assert "at least one condition" in shown
    assert not BookingRule.objects.filter(name="Telecom").exists()
    token = re.search(r'name="list" value="([^"]+)"', shown)
    assert token
    answer = reviewer.post(CONFIRM, {"list": token[1]}, follow=True)
    assert "1 rule is stored." in answer.content.decode()
    assert BookingRule.objects.get(name="Telecom").gl_code == "4510"
    assert not BookingRule.objects.filter(name="Wrong").exists()


def test_what_changed_meanwhile_is_shown_and_left(books: Books, reviewer: Any) -> None:
    slug = books.administration.slug
    token = re.search(r'name="list" value="([^"]+)"', upload(reviewer, f"Telecom;{slug};Ziggo;4510"))
    assert token
    BookingRuleFactory(administration=books.administration, name="Telecom", gl_code="1")
    answer = reviewer.post(CONFIRM, {"list": token[1]}).content.decode()
    assert "1 row would do something else now than you were shown" in answer


def test_what_is_no_list_is_told(books: Books, reviewer: Any) -> None:
    assert "does not name these columns: name" in upload(reviewer, "x", header="y")
    answer = reviewer.post(CONFIRM, {"list": "gone"}, follow=True).content.decode()
    assert "not at hand any more" in answer


def test_who_makes_no_rules_brings_none_in(books: Books) -> None:
    bookkeeper = office.browser(office.person(Role.BOOKKEEPER, books.client))
    assert bookkeeper.get(IMPORT).status_code == 403
    assert bookkeeper.post(CONFIRM).status_code == 403
    assert bookkeeper.get("/rules/bookingrule/export.csv").status_code == 200
    assert "Import" not in bookkeeper.get("/rules/bookingrule/").content.decode()
