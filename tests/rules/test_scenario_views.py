"""The page of the VAT scenarios, and who stands for it."""

from typing import Any

import pytest

from apps.people.models import Role
from apps.rules import signing_off, vat_boxes
from apps.rules.models import ScenarioSignOff
from tests import office
from tests.office import Books
from tests.rules.factories import VATTableFactory

pytestmark = pytest.mark.django_db

PAGE, SIGN = "/rules/vattable/scenarios/", "/rules/vattable/scenarios/sign/"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


def browser(role: str, books: Books) -> Any:
    return office.browser(office.person(role, books.client))


def sign(who: Any, *, digest: str = "", remark: str = "") -> str:
    values = {"digest": digest or vat_boxes.digest(), "remark": remark}
    content: str = who.post(SIGN, values, follow=True).content.decode()
    return content


def test_the_page_shows_the_table_its_boxes_and_that_it_is_no_advice(books: Books) -> None:
    page = browser(Role.BOOKKEEPER, books).get(PAGE).content.decode()
    for words in ("Goods from the EU", "4b + 5b", "Wet OB 1968 art. 17a to 17e", "no tax advice"):
        assert words in page
    assert "Nobody signed this table off yet." in page
    assert "I stand for this table" not in page


def test_the_code_of_each_scenario_is_shown_by_administration(books: Books) -> None:
    other = office.books("Zwijgzaam")
    VATTableFactory(administration=books.administration, scenario="nl_low", vat_code="VL", doubt="Gone")
    VATTableFactory(
        administration=books.administration,
        scenario="eu_goods",
        vat_code="EG",
        confirmed_at=None,
        confirmed_by="",
    )
    VATTableFactory(administration=other.administration, scenario="nl_low", vat_code="GEHEIM")
    page = browser(Role.REVIEWER, books).get(PAGE).content.decode()
    assert "Ooievaar B.V." in page
    assert "VL ?" in page
    assert "(EG)" in page
    assert "GEHEIM" not in page


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_a_reviewer_or_administrator_signs_it_off(role: str, books: Books) -> None:
    who = browser(role, books)
    assert "signed this table off on" in sign(who, remark="Gelezen met Piet")
    kept = ScenarioSignOff.objects.get()
    assert (kept.digest, kept.remark, kept.signed_by.role) == (vat_boxes.digest(), "Gelezen met Piet", role)
    assert "Nobody of the firm signed off" not in who.get("/rules/vattable/").content.decode()


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.PARTNER])
def test_nobody_else_does(role: str, books: Books) -> None:
    assert browser(role, books).post(SIGN, {"digest": vat_boxes.digest()}).status_code == 403
    assert not ScenarioSignOff.objects.exists()


def test_a_table_that_changed_is_asked_again(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    who = browser(Role.REVIEWER, books)
    seen = vat_boxes.digest()
    sign(who)
    monkeypatch.setattr(vat_boxes, "digest", lambda: "f" * 64)
    assert signing_off.latest() is None
    assert "The table changed since" in who.get(PAGE).content.decode()
    assert "Nobody of the firm signed off" in who.get("/rules/vattable/").content.decode()
    assert "Read it again" in sign(who, digest=seen)
    assert ScenarioSignOff.objects.count() == 1


def test_signing_by_an_address_alone_does_nothing(books: Books) -> None:
    assert browser(Role.REVIEWER, books).get(SIGN).status_code == 405
