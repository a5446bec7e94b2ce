from typing import Any

import pytest

from apps.clients.models import Administration, Client, Mode
from apps.core import queue
from apps.exact import linking
from apps.exact.linking import LinkRefused
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory, ClientFactory
from tests.exact.factories import DivisionFactory
from tests.people.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def numbers(administration: Administration) -> set[tuple[str, str]]:
    return set(administration.identifiers.values_list("kind", "value"))


def test_linking_lets_documents_for_the_divisions_numbers_find_the_administration() -> None:
    division = DivisionFactory(vat_number="NL899646402B01", chamber_of_commerce="64134164")
    administration = AdministrationFactory()
    linking.link(division, administration)
    linking.link(division, administration)
    division.refresh_from_db()
    assert division.administration == administration
    assert numbers(administration) == {("vat", "NL899646402B01"), ("kvk", "64134164")}


@pytest.mark.parametrize(("vat", "kvk"), [("", ""), ("NL000000000B00", "00000000"), ("x", "99999998")])
def test_numbers_that_are_none_are_not_kept(vat: str, kvk: str) -> None:
    administration = linking.create_for(DivisionFactory(vat_number=vat, chamber_of_commerce=kvk))
    assert numbers(administration) == set()


def test_a_division_that_is_taken_is_refused_in_a_sentence() -> None:
    division = DivisionFactory(administration=AdministrationFactory(name="Ours B.V."))
    other = AdministrationFactory()
    with pytest.raises(LinkRefused, match=r"linked to Ours B.V. already"):
        linking.link(division, other)
    assert numbers(other) == set()


def test_an_administration_that_is_taken_is_refused_in_a_sentence() -> None:
    administration = AdministrationFactory(name="Ours B.V.")
    DivisionFactory(administration=administration)
    with pytest.raises(LinkRefused, match=r"Ours B.V. is linked"):
        linking.link(DivisionFactory(), administration)


def test_an_administration_is_made_from_what_exact_says_and_proposes() -> None:
    division = DivisionFactory(name="Bakkerij De Gouden Aar B.V.", customer_name="De Gouden Aar")
    administration = linking.create_for(division)
    assert administration.name == "Bakkerij De Gouden Aar B.V."
    assert administration.slug == "bakkerij-de-gouden-aar-bv"
    assert administration.client.name == "De Gouden Aar"
    assert administration.mode == Mode.PROPOSE
    assert administration.division == division


def test_one_client_has_several_administrations_with_short_names_of_their_own() -> None:
    client = ClientFactory(name="De Gouden Aar")
    first, second, third = (
        linking.create_for(DivisionFactory(name="Bakkerij", customer_name="De Gouden Aar")) for _ in range(3)
    )
    assert first.client == second.client == third.client == client
    assert [first.slug, second.slug, third.slug] == ["bakkerij", "bakkerij-2", "bakkerij-3"]


def test_a_name_without_letters_still_gets_a_short_name() -> None:
    assert linking.create_for(DivisionFactory(name="株式会社", customer_name="")).slug == "administratie"


def test_nothing_is_made_for_a_division_that_is_taken() -> None:
    division = DivisionFactory(administration=AdministrationFactory(), customer_name="New client")
    with pytest.raises(LinkRefused):
        linking.create_for(division)
    assert not Client.objects.filter(name="New client").exists()


def test_only_free_divisions_with_a_connection_are_offered() -> None:
    free = DivisionFactory()
    DivisionFactory(connection=None)
    DivisionFactory(administration=AdministrationFactory())
    assert list(linking.offer()) == [free]


def test_a_division_linked_as_a_test_says_so_and_who_said_it() -> None:
    division, user = DivisionFactory(), UserFactory()
    linking.link(division, AdministrationFactory(), is_test=True, by=user)
    division.refresh_from_db()
    assert division.is_test
    assert division.history.first().history_user == user
    other = DivisionFactory()
    linking.create_for(other, is_test=True)
    other.refresh_from_db()
    assert other.is_test


def test_the_numbers_of_a_test_division_count_only_while_there_are_none() -> None:
    ours = AdministrationFactory()
    AdministrationIdentifierFactory(administration=ours, kind="kvk", value="17131139")
    linking.link(DivisionFactory(chamber_of_commerce="64134164"), ours, is_test=True)
    assert numbers(ours) == {("kvk", "17131139")}
    bare = AdministrationFactory()
    linking.link(DivisionFactory(chamber_of_commerce="64134164"), bare, is_test=True)
    assert numbers(bare) == {("kvk", "64134164")}


def test_unlinking_frees_both_once() -> None:
    administration = AdministrationFactory()
    division = DivisionFactory(administration=administration)
    linking.unlink(division, administration)
    division.refresh_from_db()
    assert division.administration is None
    with pytest.raises(LinkRefused, match="not linked"):
        linking.unlink(division, administration)


@pytest.mark.parametrize(
    ("kvk", "vat", "found"),
    [
        ("17131139", "", []),
        ("", "", []),
        ("64134164", "", ["kvk"]),
        ("64134164", "NL899646402B01", ["vat", "kvk"]),
    ],
)
def test_numbers_that_name_another_company_are_told(kvk: str, vat: str, found: list[str]) -> None:
    administration = AdministrationFactory()
    AdministrationIdentifierFactory(administration=administration, kind="kvk", value="17131139")
    AdministrationIdentifierFactory(administration=administration, kind="vat", value="NL809561074B01")
    division = DivisionFactory(chamber_of_commerce=kvk, vat_number=vat)
    told = linking.contradictions(division, administration)
    assert [one.kind for one in told] == found
    assert all(one.theirs in str(one) and one.ours[0] in str(one) for one in told)


def test_an_administration_without_numbers_contradicts_nothing() -> None:
    assert (
        linking.contradictions(DivisionFactory(chamber_of_commerce="64134164"), AdministrationFactory()) == []
    )


def test_whoever_listens_hears_of_a_link_and_of_its_end(settings: Any) -> None:
    settings.BELLS = {**settings.BELLS, "division_linked": ("listens",)}
    division, administration = DivisionFactory(), AdministrationFactory()
    linking.link(division, administration)
    linking.unlink(division, administration)
    heard = [bell.task["args"] for bell in queue.OrmQ.objects.all() if bell.func() == "listens"]
    assert heard == [(division.pk,)] * 2
