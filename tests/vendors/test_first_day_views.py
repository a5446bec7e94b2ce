"""The page of the first day."""

from typing import Any

import pytest

from apps.people.models import Role
from apps.vendors import first_day_views
from apps.vendors.models import Mapping
from tests import office
from tests.exact.factories import RelationFactory, SyncStateFactory
from tests.office import Books
from tests.vendors.test_first_day import booked

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Books:
    made = office.books("Ooievaar")
    Mapping.objects.all().delete()
    for number in range(3):
        card = RelationFactory(division=made.division, name=f"Zwaluw {'abc'[number]}")
        booked(made, card, 3 + number)
    return made


@pytest.fixture
def bookkeeper(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def page(books: Books) -> str:
    return f"/vendors/mapping/first-day/{books.administration.pk}/"


def tokens(answer: Any) -> list[str]:
    return [one.token for one in answer.context["proposals"]]


def test_the_figures_and_the_proposals_are_shown_and_nothing_is_applied(
    books: Books, bookkeeper: Any
) -> None:
    answer = bookkeeper.get(page(books))
    shown = answer.content.decode()
    assert "0 % of your suppliers are ready" in shown
    assert "5 bookings last year" in shown
    assert "The ledger was not read to its end yet" in shown
    assert len(tokens(answer)) == 3
    assert not Mapping.objects.exists()


def test_when_the_ledger_was_read_stands_above(books: Books, bookkeeper: Any) -> None:
    from apps.core import clock

    SyncStateFactory(division=books.division, resource="ledger", synced_at=clock.now())
    assert "The ledger was read on" in bookkeeper.get(page(books)).content.decode()


def test_the_chosen_ones_or_all_that_were_shown_are_remembered(books: Books, bookkeeper: Any) -> None:
    shown = tokens(bookkeeper.get(page(books)))
    accept = f"{page(books)}accept/"
    answer = bookkeeper.post(accept, {"shown": shown, "chosen": shown[:1]}, follow=True)
    assert "1 mapping is remembered" in answer.content.decode()
    assert "33 % of your suppliers are ready" in answer.content.decode()
    assert Mapping.objects.count() == 1
    again = bookkeeper.post(accept, {"shown": shown, "chosen": shown[:1]}, follow=True).content.decode()
    assert "not proposed any more" in again
    answer = bookkeeper.post(accept, {"shown": shown[1:], "all": "1"}, follow=True)
    assert "2 mappings are remembered" in answer.content.decode()
    assert "100 % of your suppliers are ready" in answer.content.decode()
    assert {mapping.history.first().history_user for mapping in Mapping.objects.all()} != {None}


def test_choosing_nothing_remembers_nothing(books: Books, bookkeeper: Any) -> None:
    answer = bookkeeper.post(
        f"{page(books)}accept/", {"shown": tokens(bookkeeper.get(page(books)))}, follow=True
    )
    assert "Nothing was chosen" in answer.content.decode()
    assert not Mapping.objects.exists()
    assert bookkeeper.get(f"{page(books)}accept/").status_code == 405


def test_a_page_shows_as_many_as_a_form_can_send(
    books: Books, bookkeeper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_day_views, "SHOWN", 2)
    answer = bookkeeper.get(page(books))
    assert len(tokens(answer)) == 2
    assert "1 more proposal follows" in answer.content.decode()


def test_a_partner_looks_and_accepts_nothing(books: Books) -> None:
    partner = office.browser(office.person(Role.PARTNER, books.client))
    answer = partner.get(page(books))
    assert 'name="chosen"' not in answer.content.decode()
    values = {"chosen": tokens(answer)}
    assert partner.post(f"{page(books)}accept/", values).status_code == 403
    assert not Mapping.objects.exists()


def test_a_stranger_sees_and_accepts_nothing(books: Books) -> None:
    other = office.books("Zwijgzaam")
    stranger = office.browser(office.person(Role.REVIEWER, other.client))
    assert stranger.get(page(books)).status_code == 404
    assert stranger.post(f"{page(books)}accept/", {"chosen": "x"}).status_code == 404
    choice = stranger.get("/vendors/mapping/first-day/").content.decode()
    assert "Zwijgzaam" in choice
    assert "Ooievaar" not in choice


def test_the_list_of_mappings_and_the_administration_lead_there(books: Books, bookkeeper: Any) -> None:
    assert "/vendors/mapping/first-day/" in bookkeeper.get("/vendors/mapping/").content.decode()
    administration = bookkeeper.get(f"/clients/administration/{books.administration.pk}/change/")
    assert page(books) in administration.content.decode()
