import pytest

from apps.clients.models import Administration, Client, Mode
from apps.exact import linking
from apps.exact.linking import LinkRefused
from tests.clients.factories import AdministrationFactory, ClientFactory
from tests.exact.factories import DivisionFactory

pytestmark = pytest.mark.django_db


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
