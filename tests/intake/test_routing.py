"""Which administration a document is for, by the receiver's numbers on it."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.core import identifiers
from apps.core.identifiers import Identifier
from apps.intake.document import Party
from apps.intake.models import Channel, Comparison, Evidence
from apps.intake.routing import Asked, Route
from apps.intake.routing import route as route_asked
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory
from tests.intake.factories import RoutingRuleFactory

pytestmark = pytest.mark.django_db

KVK, OTHER_KVK, VAT = "17131139", "34567892", "NL809561074B01"
IBAN = "NL47BUNQ0649621411"


def party(*numbers: Identifier | None) -> Party:
    return Party(identifiers=tuple(number for number in numbers if number))


NOBODY = Party()


def route(customer: Party, supplier: Party, *, extra: tuple[Identifier, ...] = (), **more: Any) -> Route:
    return route_asked(
        Asked(numbers=customer.identifiers, supplier=supplier.identifiers, others=extra, **more)
    )


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
    found = route(party(identifiers.kvk(KVK)), party(identifiers.vat(VAT)), extra=(iban,))
    assert found.own == {("kvk", KVK), ("vat", VAT), ("iban", IBAN)}


def test_routing_costs_two_queries_however_many_rules_there_are(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ours("kvk", KVK)
    RoutingRuleFactory.create_batch(3)
    with django_assert_num_queries(2):
        route(party(identifiers.kvk(KVK), identifiers.vat(VAT)), party(identifiers.kvk(OTHER_KVK)))


SAID: dict[Evidence, dict[str, Any]] = {
    Evidence.RECIPIENT: {"recipient": "Post <post+molen@kantoor.example>"},
    Evidence.SENDER: {"sender": "facturen@bakker.example"},
    Evidence.RECEIVER: {"names": ("De Molen B.V.",)},
    Evidence.BUYER_REFERENCE: {"buyer_reference": "Magazijn 2"},
    Evidence.ORDER_NUMBER: {"order_number": "PO-2026-1"},
    Evidence.TEXT: {"text": lambda: "Levering\n aan  vestiging Delft"},
}
RULES = [
    (Evidence.RECIPIENT, Comparison.EQUALS, "POST+molen@kantoor.example"),
    (Evidence.RECIPIENT, Comparison.EQUALS, "@kantoor.example"),
    (Evidence.SENDER, Comparison.CONTAINS, "bakker"),
    (Evidence.RECEIVER, Comparison.EQUALS, "De Molen BV"),
    (Evidence.RECEIVER, Comparison.STARTS, "De Molen"),
    (Evidence.BUYER_REFERENCE, Comparison.WORD, "magazijn"),
    (Evidence.ORDER_NUMBER, Comparison.STARTS, "po-2026"),
    (Evidence.TEXT, Comparison.CONTAINS, "AAN vestiging"),
    (Evidence.TEXT, Comparison.EQUALS, "levering aan vestiging delft"),
]


@pytest.mark.parametrize(("evidence", "comparison", "text"), RULES)
def test_a_rule_routes_what_no_number_does(evidence: str, comparison: str, text: str) -> None:
    rule = RoutingRuleFactory(evidence=evidence, comparison=comparison, text=text)
    found = route(NOBODY, NOBODY, **SAID[Evidence(evidence)])
    assert (found.administrations, found.rules) == ((rule.administration_id,), (rule,))
    assert str(rule) in found.why
    other = next(said for said in SAID if said != evidence)
    assert route(NOBODY, NOBODY, **SAID[other]).administrations == ()


def test_a_rule_that_is_switched_off_does_not_count() -> None:
    RoutingRuleFactory(text="post@kantoor.example", is_active=False)
    assert route(NOBODY, NOBODY, recipient="post@kantoor.example").administrations == ()


def test_two_rules_that_differ_are_both_named_and_leave_it_to_a_person() -> None:
    rules = [
        RoutingRuleFactory(text="post@kantoor.example"),
        RoutingRuleFactory(evidence=Evidence.SENDER, text="@bakker.example"),
    ]
    found = route(NOBODY, NOBODY, recipient="post@kantoor.example", sender="info@bakker.example")
    assert set(found.administrations) == {rule.administration_id for rule in rules}
    for rule in rules:
        assert str(rule) in found.why
        assert rule.administration.name in found.why


def test_a_rule_against_the_number_is_told_and_does_not_count(english: None) -> None:
    administration = ours("kvk", KVK)
    rule = RoutingRuleFactory(text="post@kantoor.example")
    found = route(party(identifiers.kvk(KVK)), NOBODY, recipient="post@kantoor.example")
    assert found.administrations == (administration,)
    [finding] = found.findings
    assert not finding.blocks
    assert rule.administration.name in finding.sentence()
    assert KVK in finding.sentence()


@pytest.mark.parametrize(
    ("channel", "waits"),
    [
        (Channel.UPLOAD, False),
        (Channel.COMMAND, False),
        (Channel.FOLDER, True),
        (Channel.PEPPOL, True),
        (Channel.MAIL, True),
    ],
)
def test_a_person_is_asked_when_a_machine_and_the_document_name_two_of_ours(
    channel: str, waits: bool
) -> None:
    by_number = ours("kvk", KVK)
    by_channel = AdministrationFactory().pk
    found = route(party(identifiers.kvk(KVK)), NOBODY, channel=channel, administration=by_channel)
    assert set(found.administrations) == ({by_number, by_channel} if waits else {by_channel})
    assert bool(found.findings) is not waits


def test_a_receiver_that_nobody_knows_is_told_where_its_administration_has_another_number() -> None:
    mine = AdministrationFactory()
    ours("vat", VAT, administration=mine)
    both = party(identifiers.vat(VAT), identifiers.kvk(OTHER_KVK))
    assert route(both, NOBODY).findings == ()
    ours("kvk", KVK, administration=mine)
    [finding] = route(both, NOBODY).findings
    assert OTHER_KVK in finding.sentence()


def test_the_text_of_a_document_is_read_only_when_a_rule_wants_it() -> None:
    def text() -> str:
        raise AssertionError

    RoutingRuleFactory(evidence=Evidence.SENDER)
    assert route(NOBODY, NOBODY, text=text).administrations == ()


def test_the_numbers_of_the_two_companies_say_whose_they_are() -> None:
    one, other = ours("kvk", KVK), ours("vat", VAT)
    found = route(party(identifiers.kvk(KVK)), party(identifiers.vat(VAT), identifiers.iban(IBAN)))
    assert (set(found.receivers), set(found.suppliers)) == ({one}, {other})
