"""Matching: evidence that disagrees never books, whatever order it comes in."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.clients.models import MatchOrder
from apps.core import identifiers, names
from apps.core.identifiers import Identifier, Kind
from apps.vendors.collective import Rule
from apps.vendors.evidence import ORDER, Card, Decision, Key, Match, Outcome, Vendor, keys_of
from apps.vendors.matching import SupplierIndex

VAT, KVK, IBAN, DOMAIN = (Key(kind, f"{kind}-1") for kind in ("vat", "kvk", "iban", "domain"))
OTHER_VAT, OTHER_KVK = Key("vat", "vat-2"), Key("kvk", "kvk-2")


def card(code: str, *keys: Key, usable: bool = True, name: str = "", postcode: str = "") -> Card:
    """A card; without a `name` nothing but its numbers speaks."""
    return Card(
        code,
        code,
        name or code,
        usable,
        frozenset(keys),
        names.spellings(name),
        names.legal_form(name),
        postcode,
    )


def vendor(name: str, *keys: Key, postcode: str = "") -> Vendor:
    return Vendor(name, keys, names.spellings(name), names.legal_form(name), postcode)


class Index:
    """An index asked by numbers alone."""

    def __init__(self, *cards: Card) -> None:
        self.built = SupplierIndex.build(cards)
        self.cards = self.built.cards

    def match(
        self,
        keys: Sequence[Key],
        remembered: dict[Key, str] | None = None,
        seen: Sequence[Key] = (),
        **options: Any,
    ) -> Match:
        memory = (remembered or {}).items()
        decisions = {key: Decision(supplier, frozenset(seen)) for key, supplier in memory if key in keys}
        return self.built.match(Vendor(keys=tuple(keys)), remembered=decisions, **options)


def index(*cards: Card) -> Index:
    return Index(*cards)


# Few values, so that cards share them and clash.
ALL_KEYS = [Key(kind, f"{kind}-{n}") for kind in ("vat", "kvk", "iban", "domain") for n in (1, 2)]
KEYS = st.lists(st.sampled_from(ALL_KEYS), unique=True, max_size=6).map(
    lambda keys: sorted(keys, key=lambda key: (ORDER.index(Kind(key.kind)), key.value))
)
CARDS = st.lists(
    st.builds(
        Card,
        supplier=st.sampled_from("ABCDE"),
        code=st.just("code"),
        name=st.just("name"),
        usable=st.booleans(),
        keys=st.frozensets(st.sampled_from(ALL_KEYS), max_size=4),
    ),
    unique_by=lambda one: one.supplier,
    max_size=5,
)
MEMORIES = st.dictionaries(st.sampled_from(ALL_KEYS), st.sampled_from("ABCDE"), max_size=3)


@given(CARDS, KEYS)
def test_a_matched_card_may_be_booked_on_and_stands_behind_every_number_that_is_known(
    cards: list[Card], keys: list[Key]
) -> None:
    match = index(*cards).match(keys)
    if match.outcome is Outcome.MATCHED:
        assert match.supplier is not None
        assert match.supplier.usable
        assert match.evidence
        assert all(match.supplier in piece.cards for piece in match.evidence)
    else:
        assert match.supplier is None


@given(CARDS, KEYS)
def test_numbers_that_no_card_shares_never_match(cards: list[Card], keys: list[Key]) -> None:
    carriers = [{one.supplier for one in cards if key in one.keys} for key in keys]
    known = [suppliers for suppliers in carriers if suppliers]
    if any(not one & other for one, other in combinations(known, 2)):
        outcome = index(*cards).match(keys).outcome
        assert outcome in {Outcome.CONFLICT, Outcome.BLOCKED}
        if any(one.usable for one in cards if one.keys & set(keys)):
            assert outcome is Outcome.CONFLICT


@given(CARDS, KEYS, st.randoms())
def test_neither_the_order_of_numbers_nor_of_cards_changes_the_finding(
    cards: list[Card], keys: list[Key], random: object
) -> None:
    straight = index(*cards).match(keys)
    turned = index(*reversed(cards)).match(list(reversed(keys)))
    assert (straight.outcome, straight.supplier) == (turned.outcome, turned.supplier)
    assert set(straight.candidates) == set(turned.candidates)


@given(CARDS, KEYS, MEMORIES)
def test_what_a_person_decided_about_the_strongest_number_wins(
    cards: list[Card], keys: list[Key], memory: dict[Key, str]
) -> None:
    found = index(*cards)
    chosen = found.cards.get(memory.get(keys[0], "")) if keys else None
    if chosen:
        match = found.match(keys, remembered=memory, seen=keys)
        assert match.outcome is (Outcome.MATCHED if chosen.usable else Outcome.BLOCKED)
        assert match.supplier == (chosen if chosen.usable else None)


@given(CARDS, KEYS, MEMORIES)
def test_memory_never_chooses_a_card_that_may_not_be_booked_on(
    cards: list[Card], keys: list[Key], memory: dict[Key, str]
) -> None:
    match = index(*cards).match(keys, remembered=memory)
    if match.outcome is Outcome.MATCHED:
        assert match.supplier is not None
        assert match.supplier.usable


def test_one_number_of_one_card_is_enough() -> None:
    match = index(card("A", VAT), card("B", OTHER_VAT)).match([VAT])
    assert match.supplier == card("A", VAT)
    assert match.evidence_for(card("A", VAT)) == [VAT]


def test_nothing_known_is_an_unknown_vendor() -> None:
    assert index(card("A", VAT)).match([OTHER_VAT, IBAN]).outcome is Outcome.UNKNOWN
    assert index().match([]).outcome is Outcome.UNKNOWN


def test_two_numbers_of_two_cards_are_a_conflict_that_shows_both() -> None:
    match = index(card("A", VAT), card("B", KVK)).match([VAT, KVK])
    assert match.outcome is Outcome.CONFLICT
    assert [one.card.code for one in match.candidates] == ["A", "B"]
    assert match.evidence_for(card("B", KVK)) == [KVK]


def test_a_number_on_a_blocked_card_still_points_there() -> None:
    match = index(card("old", VAT, usable=False), card("new", IBAN)).match([VAT, IBAN])
    assert match.outcome is Outcome.CONFLICT


def test_a_vendor_that_is_only_on_a_blocked_card_is_said_so() -> None:
    match = index(card("A", VAT, KVK, usable=False)).match([VAT, KVK])
    assert match.outcome is Outcome.BLOCKED
    assert match.candidates


@pytest.mark.parametrize("weak", [VAT, IBAN, DOMAIN])
def test_a_foundation_is_not_the_company_of_the_same_name(weak: Key) -> None:
    company = index(card("A", weak, name="De Vrije Hand B.V."))
    found = company.built.match(vendor("Stichting De Vrije Hand", weak))
    assert found.outcome is Outcome.PROPOSED
    assert found.candidates[0].card.code == "A"
    for name in ("De Vrije Hand", "De Vrije Hand BVBA", "B.V. De Vrije Hand"):
        assert company.built.match(vendor(name, weak)).outcome is Outcome.MATCHED


def test_the_second_company_of_one_name_is_not_the_first() -> None:
    first = SupplierIndex.build([card("A", VAT, name="De Vrije Hand B.V.")])
    assert first.match(vendor("De Vrije Hand II B.V.", VAT)).outcome is Outcome.PROPOSED


def test_all_numbers_on_a_blocked_card_and_one_on_another_do_not_choose_the_other() -> None:
    match = index(card("old", VAT, KVK, usable=False), card("new", VAT)).match([VAT, KVK])
    assert match.outcome is Outcome.BLOCKED


def test_the_supplier_is_taken_from_a_pair_of_customer_and_supplier_cards() -> None:
    match = index(card("customer", VAT, usable=False), card("supplier", VAT)).match([VAT])
    assert match.outcome is Outcome.MATCHED
    assert match.supplier
    assert match.supplier.code == "supplier"


def test_a_company_number_on_two_suppliers_is_no_match_even_when_the_account_chooses() -> None:
    match = index(card("A", VAT, IBAN), card("B", VAT)).match([VAT, IBAN])
    assert match.outcome is Outcome.SEVERAL


def test_a_factoring_account_of_many_does_not_spoil_a_company_number_of_one() -> None:
    cards = [
        card(name, *keys, name=name) for name, keys in (("A", (VAT, IBAN)), ("B", (IBAN,)), ("C", (IBAN,)))
    ]
    match = index(*cards).match([VAT, IBAN])
    assert match.supplier
    assert match.supplier.code == "A"


def test_shared_numbers_alone_do_not_add_up_to_a_match() -> None:
    match = index(card("A", IBAN), card("B", IBAN, DOMAIN), card("C", DOMAIN)).match([IBAN, DOMAIN])
    assert match.outcome is Outcome.SEVERAL


@pytest.mark.parametrize("weak", [IBAN, DOMAIN])
def test_an_account_or_domain_does_not_book_on_a_company_with_another_number(weak: Key) -> None:
    sister = card("sister", OTHER_VAT, weak)
    match = index(sister).match([VAT, weak])
    assert match.outcome is Outcome.CONFLICT
    assert [one.card for one in match.candidates] == [sister]
    assert match.candidates[0].differences == (OTHER_VAT,)
    assert OTHER_VAT.words in match.candidates[0].against[0]


@pytest.mark.parametrize("weak", [IBAN, DOMAIN])
def test_an_account_or_domain_books_where_no_number_speaks_against_it(weak: Key) -> None:
    assert index(card("A", weak)).match([VAT, weak]).outcome is Outcome.MATCHED
    assert index(card("A", OTHER_KVK, weak)).match([VAT, weak]).outcome is Outcome.MATCHED


def test_a_stale_number_beside_one_that_agrees_still_matches() -> None:
    assert index(card("A", KVK, OTHER_VAT)).match([VAT, KVK]).outcome is Outcome.MATCHED


def test_a_decision_is_not_asked_again_although_the_cards_disagree() -> None:
    found = index(card("A", VAT), card("B", KVK))
    match = found.match([VAT, KVK], remembered={VAT: "B"}, seen=[KVK])
    assert match.supplier
    assert match.supplier.code == "B"
    assert match.decided == VAT


def test_what_nobody_saw_when_it_was_decided_reopens_the_question() -> None:
    found = index(card("A", IBAN), card("B", KVK))
    assert found.match([VAT, KVK, IBAN], remembered={VAT: "B"}, seen=[KVK]).outcome is Outcome.CONFLICT
    assert found.match([VAT, KVK, IBAN], remembered={VAT: "B"}, seen=[KVK, IBAN]).outcome is Outcome.MATCHED


@pytest.mark.parametrize("weak", [IBAN, DOMAIN])
def test_a_decision_about_what_many_may_share_stops_at_another_company_s_number(weak: Key) -> None:
    found = index(card("A", KVK))
    assert found.match([weak], remembered={weak: "A"}).outcome is Outcome.MATCHED
    match = found.match([OTHER_KVK, weak], remembered={weak: "A"})
    assert match.outcome is Outcome.CONFLICT
    assert match.candidates[0].against
    assert found.match([OTHER_KVK, weak], remembered={weak: "A"}, seen=[OTHER_KVK]).outcome is Outcome.MATCHED
    assert found.match([OTHER_KVK], remembered={OTHER_KVK: "A"}).outcome is Outcome.MATCHED


def test_two_decisions_that_disagree_are_a_conflict() -> None:
    found = index(card("A"), card("B"))
    assert found.match([VAT, IBAN], remembered={VAT: "A", IBAN: "B"}).outcome is Outcome.CONFLICT
    assert found.match([VAT, IBAN], remembered={VAT: "A", IBAN: "A"}).outcome is Outcome.MATCHED


def test_a_decision_about_an_account_does_not_overrule_a_company_number() -> None:
    found = index(card("factored", IBAN), card("other", VAT))
    assert found.match([IBAN], remembered={IBAN: "factored"}).outcome is Outcome.MATCHED
    match = found.match([VAT, IBAN], remembered={IBAN: "factored"})
    assert match.outcome is Outcome.CONFLICT
    assert {one.card.code for one in match.candidates} == {"factored", "other"}


def test_a_decision_for_a_card_that_is_gone_or_blocked_does_not_book() -> None:
    assert index(card("A", VAT)).match([VAT], remembered={VAT: "gone"}).outcome is Outcome.GONE
    blocked = index(card("A", VAT, usable=False)).match([VAT], remembered={VAT: "A"})
    assert blocked.outcome is Outcome.BLOCKED


def test_the_same_card_twice_counts_once() -> None:
    assert index(card("A", VAT), card("A", VAT)).match([VAT]).outcome is Outcome.MATCHED


def test_evidence_comes_strongest_first_and_each_once() -> None:
    found = [
        identifiers.email_domain("post@anker.example"),
        identifiers.iban("NL47BUNQ0649621411"),
        identifiers.kvk("34567892"),
        identifiers.vat("NL897620458B01"),
        identifiers.kvk("34567892"),
    ]
    keys = keys_of(one for one in found if one)
    assert [key.kind for key in keys] == ["vat", "kvk", "iban", "domain"]


@pytest.mark.parametrize(
    "identifier",
    [
        Identifier(Kind.KVK, "99999998", True),
        Identifier(Kind.KVK, "00000000", False),
        Identifier(Kind.VAT, "NL000000000B00", False),
        Identifier(Kind.PEPPOL, "0106:99999999", True),
        Identifier(Kind.DOMAIN, "gmail.com", True),
        Identifier(Kind.DOMAIN, "moneybird.com", True),
        Identifier(Kind.OTHER, "XX:1", True),
        Identifier(Kind.VAT, "NVT", False),
        Identifier(Kind.KVK, "12345", False),
    ],
)
def test_placeholders_stopgaps_freemail_and_platforms_are_no_evidence(identifier: Identifier) -> None:
    assert keys_of([identifier]) == []


def test_a_key_reads_as_people_name_it() -> None:
    assert Key("kvk", "34567892").words == "KvK 34567892"
    assert str(Key("kvk", "34567892")) == "kvk 34567892"


# ---- own numbers, presets, names


@given(CARDS, KEYS, st.sets(st.sampled_from(ALL_KEYS)), st.sampled_from(MatchOrder.values))
def test_own_numbers_never_match(cards: list[Card], keys: list[Key], own: set[Key], order: str) -> None:
    built = SupplierIndex.build(cards)
    asked = built.match(Vendor(keys=tuple(keys)), frozenset(own), order=order)
    assert asked == built.match(Vendor(keys=tuple(key for key in keys if key not in own)), order=order)
    assert not {piece.key for piece in asked.evidence} & own


@given(CARDS, KEYS, MEMORIES, st.sampled_from(MatchOrder.values))
def test_a_contradicting_identifier_never_leaves_a_party_matched(
    cards: list[Card], keys: list[Key], memory: dict[Key, str], order: str
) -> None:
    found = index(*cards)
    before = found.match(keys, remembered=memory, order=order)
    if before.supplier is None:
        return
    for more in set(ALL_KEYS) - {*keys}:
        carriers = {one.supplier for one in cards if more in one.keys} | {memory.get(more)} & {*found.cards}
        if carriers and before.supplier.supplier not in carriers:
            after = found.match([*keys, more], remembered=memory, order=order)
            assert after.outcome is not Outcome.MATCHED, more


@given(CARDS, KEYS, MEMORIES)
def test_a_preset_never_turns_a_conflict_into_a_match(
    cards: list[Card], keys: list[Key], memory: dict[Key, str]
) -> None:
    found = index(*cards)
    outcomes = [found.match(keys, remembered=memory, order=order).outcome for order in MatchOrder.values]
    if Outcome.CONFLICT in outcomes:
        assert Outcome.MATCHED not in outcomes


def test_the_order_says_which_evidence_is_named_first() -> None:
    found = index(card("A", VAT, DOMAIN))
    assert [piece.key for piece in found.match([VAT, DOMAIN]).evidence] == [VAT, DOMAIN]
    assert [piece.key for piece in found.match([VAT, DOMAIN], order="domain").evidence] == [DOMAIN, VAT]


def test_a_domain_alone_needs_a_name_like_the_card_s_unless_it_is_asked_first() -> None:
    built = SupplierIndex.build([card("A", DOMAIN, name="Jansen Bouw B.V.")])
    sister = vendor("Jansen Vastgoed B.V.", DOMAIN)
    assert built.match(sister).outcome is Outcome.PROPOSED
    assert built.match(sister, order="domain").outcome is Outcome.MATCHED
    assert built.match(vendor("Bouw Jansen", DOMAIN)).outcome is Outcome.MATCHED


def test_an_account_of_a_factoring_company_s_card_does_not_book_its_clients_there() -> None:
    built = SupplierIndex.build([card("F", IBAN, name="Factoring Noord B.V.")])
    assert built.match(vendor("Bakkerij De Bol", IBAN)).outcome is Outcome.PROPOSED
    assert built.match(vendor("Factoring Noord", IBAN)).outcome is Outcome.MATCHED


def test_an_account_that_many_cards_carry_says_nothing() -> None:
    crowd = [card(str(n), IBAN) for n in range(5)]
    assert index(card("A", VAT), *crowd).match([VAT, IBAN]).outcome is Outcome.MATCHED
    assert index(card("A", VAT), *crowd[:4]).match([VAT, IBAN]).outcome is Outcome.CONFLICT
    assert index(*crowd).match([IBAN]).outcome is Outcome.UNKNOWN


def test_a_vat_number_of_a_fiscal_unity_does_not_book_a_sister_without_a_card() -> None:
    built = SupplierIndex.build([card("A", VAT, KVK, name="Jansen Holding B.V.")])
    assert built.match(vendor("Jansen Bouw B.V.", VAT)).outcome is Outcome.PROPOSED
    assert built.match(vendor("Jansen Bouw B.V.", VAT, OTHER_KVK)).outcome is Outcome.CONFLICT
    assert built.match(vendor("Jansen Bouw B.V.", VAT, KVK)).outcome is Outcome.MATCHED


def test_a_trade_name_needs_more_than_a_vat_number_alone() -> None:
    built = SupplierIndex.build([card("A", VAT, KVK, IBAN, name="Jansen Holding B.V.")])
    assert built.match(vendor("De Gouden Troffel", VAT)).outcome is Outcome.PROPOSED
    assert built.match(vendor("De Gouden Troffel", VAT, IBAN)).outcome is Outcome.MATCHED
    assert built.match(vendor("De Gouden Troffel", KVK)).outcome is Outcome.MATCHED


def test_sisters_that_share_a_vat_number_are_told_apart_by_what_is_their_own() -> None:
    built = SupplierIndex.build(
        [card("A", VAT, KVK, name="Jansen Holding"), card("B", VAT, OTHER_KVK, name="Jansen Bouw")]
    )
    match = built.match(vendor("Jansen Bouw", VAT, OTHER_KVK))
    assert match.supplier
    assert match.supplier.code == "B"
    assert built.match(vendor("Jansen Bouw", VAT)).outcome is Outcome.SEVERAL


def test_one_company_on_two_cards_is_several_whatever_else_agrees() -> None:
    doubles = [card("A", VAT, IBAN, name="Anker B.V."), card("B", VAT, name="Anker BV")]
    assert SupplierIndex.build(doubles).match(vendor("Anker", VAT, IBAN)).outcome is Outcome.SEVERAL


def test_a_slip_of_the_pen_is_excused_by_a_name_that_agrees() -> None:
    known, slip, other = (Key("kvk", number) for number in ("34567892", "34567802", "71234567"))
    built = SupplierIndex.build([card("A", VAT, known, name="Anker en Touw B.V.")])
    assert built.match(vendor("Anker & Touw", VAT, slip)).outcome is Outcome.MATCHED
    assert built.match(vendor("Anker & Touw", VAT, other)).outcome is Outcome.CONFLICT
    assert built.match(vendor("Touwslagerij", VAT, slip)).outcome is Outcome.CONFLICT


def test_names_propose_with_score_gap_and_reasons_and_never_decide() -> None:
    built = SupplierIndex.build(
        [
            card("A", name="Bakkerij De Molen B.V.", postcode="1234AB"),
            card("B", name="Bakkerij De Molenaar V.O.F."),
            card("C", name="Drukkerij Zwart"),
            card("D", name="Bakkerij De Molen B.V.", usable=False),
        ]
    )
    match = built.match(vendor("Bakkerij de Molen BV", VAT, postcode="1234AB"))
    assert match.outcome is Outcome.PROPOSED
    assert match.supplier is None
    first, second = match.candidates
    assert (first.card.code, second.card.code) == ("A", "B")
    assert (first.score, first.gap) == (100, 100 - second.score)
    assert (first.same_form, first.same_postcode) == (True, True)
    assert len(first.reasons) == 3
    assert built.match(vendor("Zwembad Oost")).outcome is Outcome.UNKNOWN


def test_of_two_equal_names_the_one_with_another_company_s_number_comes_second() -> None:
    built = SupplierIndex.build([card("A", OTHER_KVK, name="Anker B.V."), card("B", name="Anker B.V.")])
    assert [one.card.code for one in built.match(vendor("Anker", KVK)).candidates] == ["B", "A"]


def test_a_collective_vendor_speaks_only_where_no_number_does() -> None:
    built = SupplierIndex.build([card("fuel", name="Brandstof"), card("A", VAT, name="Pomp Oost B.V.")])
    rules = [Rule("Fuel", "fuel", phrases=("pomp",))]
    match = built.match(vendor("Pomp West", OTHER_VAT), collective=rules)
    assert match.supplier
    assert match.supplier.code == "fuel"
    own = built.match(vendor("Pomp Oost", VAT), collective=rules)
    assert own.supplier
    assert own.supplier.code == "A"
    blocked = SupplierIndex.build([card("fuel", name="Brandstof", usable=False)])
    assert blocked.match(vendor("Pomp West"), collective=rules).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("known", [VAT, IBAN, DOMAIN])
def test_a_number_of_another_company_reopens_what_was_decided_without_it(known: Key) -> None:
    books = index(card("A", KVK))
    assert books.match([known], {known: "A"}).outcome is Outcome.MATCHED
    assert books.match([OTHER_KVK, known], {known: "A"}).outcome is Outcome.CONFLICT
    assert books.match([OTHER_KVK, known], {known: "A"}, seen=[OTHER_KVK]).outcome is Outcome.MATCHED
    assert books.match([OTHER_KVK, known], {OTHER_KVK: "A"}).outcome is Outcome.MATCHED
