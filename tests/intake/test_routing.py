"""Which administration a document is for, by the receiver's numbers on it."""

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.core import identifiers
from apps.core.identifiers import Identifier
from apps.intake.document import Party
from apps.intake.routing import route
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory

pytestmark = pytest.mark.django_db

KVK, OTHER_KVK, VAT = "17131139", "34567892", "NL809561074B01"
IBAN = "NL47BUNQ0649621411"


def party(*numbers: Identifier | None) -> Party:
    return Party(identifiers=tuple(number for number in numbers if number))


NOBODY = Party()


def ours(kind: str, value: str, **values: object) -> int:
    pk: int = AdministrationIdentifierFactory(kind=kind, value=value, **values).administration.pk
    return pk


def test_the_receivers_number_says_whose_it_is() -> None:
    administration = ours("kvk", KVK)
    found = route(party(identifiers.kvk(KVK)), NOBODY)
    assert found.administrations == (administration,)
    assert KVK in found.why


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("vat", identifiers.vat(VAT)),
        ("oin", identifiers.oin("00000001823288444000")),
        ("gln", identifiers.gln("8712345678906")),
        ("peppol", identifiers.peppol("0106", KVK)),
        ("be_enterprise", identifiers.be_enterprise("0428759497")),
        ("iban", identifiers.iban(IBAN)),
        ("domain", identifiers.email_domain("facturen@werf.example")),
    ],
)
def test_any_kind_of_number_will_do(kind: str, number: Identifier | None) -> None:
    assert number
    administration = ours(kind, number.value)
    assert route(party(number), NOBODY).administrations == (administration,)


def test_company_numbers_that_agree_on_nobody_give_all_they_name() -> None:
    both = {ours("kvk", KVK), ours("vat", VAT)}
    found = route(party(identifiers.vat(VAT), identifiers.kvk(KVK)), NOBODY)
    assert set(found.administrations) == both


def test_a_vat_number_that_a_fiscal_unity_shares_leaves_the_choice_to_the_other_number() -> None:
    mine = AdministrationFactory()
    ours("kvk", KVK, administration=mine)
    ours("vat", VAT, administration=mine)
    ours("vat", VAT)
    found = route(party(identifiers.vat(VAT), identifiers.kvk(KVK)), NOBODY)
    assert found.administrations == (mine.pk,)


@pytest.mark.parametrize("shared", [identifiers.iban(IBAN), identifiers.email_domain("a@werf.example")])
def test_an_account_or_domain_is_asked_only_when_no_company_number_says_anything(
    shared: Identifier,
) -> None:
    by_kvk, by_shared = ours("kvk", KVK), ours(shared.kind.value, shared.value)
    assert route(party(shared, identifiers.kvk(KVK)), NOBODY).administrations == (by_kvk,)
    assert route(party(shared, identifiers.kvk(OTHER_KVK)), NOBODY).administrations == (by_shared,)


def test_a_number_that_two_carry_gives_both() -> None:
    both = {ours("kvk", KVK), ours("kvk", KVK)}
    assert set(route(party(identifiers.kvk(KVK)), NOBODY).administrations) == both


def test_two_numbers_of_one_administration_are_one_answer() -> None:
    administration = AdministrationFactory()
    ours("kvk", KVK, administration=administration)
    ours("vat", VAT, administration=administration)
    found = route(party(identifiers.kvk(KVK), identifiers.vat(VAT)), NOBODY)
    assert found.administrations == (administration.pk,)


def test_nobodys_number_is_nobodys_document() -> None:
    ours("kvk", OTHER_KVK)
    found = route(party(identifiers.kvk(KVK)), party(identifiers.kvk(OTHER_KVK)))
    assert found.administrations == ()
    assert found.why


def test_the_same_digits_of_another_kind_are_another_number() -> None:
    ours("kvk", KVK)
    assert route(party(identifiers.other(KVK)), NOBODY).administrations == ()


def test_a_placeholder_says_nothing_although_somebody_has_it() -> None:
    ours("kvk", "99999998")
    assert route(party(identifiers.kvk("99999998")), NOBODY).administrations == ()


def test_our_own_numbers_are_found_wherever_they_stand() -> None:
    ours("kvk", KVK)
    ours("vat", VAT)
    ours("iban", IBAN)
    iban = identifiers.iban(IBAN)
    assert iban
    found = route(party(identifiers.kvk(KVK)), party(identifiers.vat(VAT)), extra=[iban])
    assert found.own == {("kvk", KVK), ("vat", VAT), ("iban", IBAN)}


def test_routing_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(3):
        ours("kvk", KVK)
    with django_assert_num_queries(1):
        route(party(identifiers.kvk(KVK), identifiers.vat(VAT)), party(identifiers.kvk(OTHER_KVK)))
