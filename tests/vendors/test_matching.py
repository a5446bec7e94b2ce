"""Matching: evidence that disagrees never books, whatever order it comes in."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import identifiers
from apps.core.identifiers import Identifier, Kind
from apps.vendors.matching import ORDER, Card, Key, Outcome, SupplierIndex, keys_of

VAT, KVK, IBAN, DOMAIN = (Key(kind, f"{kind}-1") for kind in ("vat", "kvk", "iban", "domain"))
OTHER_VAT, OTHER_KVK = Key("vat", "vat-2"), Key("kvk", "kvk-2")


def card(name: str, *keys: Key, usable: bool = True) -> Card:
    return Card(supplier=name, code=name, name=name, usable=usable, keys=frozenset(keys))


def index(*cards: Card) -> SupplierIndex:
    return SupplierIndex.build(cards)


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
        assert match.card is not None
        assert match.card.usable
        assert match.evidence
        assert all(match.card in piece.cards for piece in match.evidence)
    else:
        assert match.card is None


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
    assert (straight.outcome, straight.card) == (turned.outcome, turned.card)
    assert set(straight.candidates) == set(turned.candidates)


@given(CARDS, KEYS, MEMORIES)
def test_what_a_person_decided_about_the_strongest_number_wins(
    cards: list[Card], keys: list[Key], memory: dict[Key, str]
) -> None:
    found = index(*cards)
    chosen = found.cards.get(memory.get(keys[0], "")) if keys else None
    if chosen:
        match = found.match(keys, remembered=memory)
        assert match.card == chosen
        assert match.remembered
        assert match.outcome is (Outcome.MATCHED if chosen.usable else Outcome.BLOCKED)


@given(CARDS, KEYS, MEMORIES)
def test_memory_never_chooses_a_card_that_may_not_be_booked_on(
    cards: list[Card], keys: list[Key], memory: dict[Key, str]
) -> None:
    match = index(*cards).match(keys, remembered=memory)
    if match.outcome is Outcome.MATCHED:
        assert match.card is not None
        assert match.card.usable


def test_one_number_of_one_card_is_enough() -> None:
    match = index(card("A", VAT), card("B", OTHER_VAT)).match([VAT])
    assert match.card == card("A", VAT)
    assert match.evidence_for(card("A", VAT)) == [VAT]


def test_nothing_known_is_an_unknown_vendor() -> None:
    assert index(card("A", VAT)).match([OTHER_VAT, IBAN]).outcome is Outcome.UNKNOWN
    assert index().match([]).outcome is Outcome.UNKNOWN


def test_two_numbers_of_two_cards_are_a_conflict_that_shows_both() -> None:
    match = index(card("A", VAT), card("B", KVK)).match([VAT, KVK])
    assert match.outcome is Outcome.CONFLICT
    assert [one.code for one in match.candidates] == ["A", "B"]
    assert match.evidence_for(card("B", KVK)) == [KVK]


def test_a_number_on_a_blocked_card_still_points_there() -> None:
    match = index(card("old", VAT, usable=False), card("new", IBAN)).match([VAT, IBAN])
    assert match.outcome is Outcome.CONFLICT


def test_a_vendor_that_is_only_on_a_blocked_card_is_said_so() -> None:
    match = index(card("A", VAT, KVK, usable=False)).match([VAT, KVK])
    assert match.outcome is Outcome.BLOCKED
    assert match.candidates


def test_all_numbers_on_a_blocked_card_and_one_on_another_do_not_choose_the_other() -> None:
    match = index(card("old", VAT, KVK, usable=False), card("new", VAT)).match([VAT, KVK])
    assert match.outcome is Outcome.BLOCKED


def test_the_supplier_is_taken_from_a_pair_of_customer_and_supplier_cards() -> None:
    match = index(card("customer", VAT, usable=False), card("supplier", VAT)).match([VAT])
    assert match.outcome is Outcome.MATCHED
    assert match.card
    assert match.card.code == "supplier"


def test_a_company_number_on_two_suppliers_is_no_match_even_when_the_account_chooses() -> None:
    match = index(card("A", VAT, IBAN), card("B", VAT)).match([VAT, IBAN])
    assert match.outcome is Outcome.SEVERAL


def test_a_factoring_account_of_many_does_not_spoil_a_company_number_of_one() -> None:
    match = index(card("A", VAT, IBAN), card("B", IBAN), card("C", IBAN)).match([VAT, IBAN])
    assert match.card
    assert match.card.code == "A"


def test_shared_numbers_alone_do_not_add_up_to_a_match() -> None:
    match = index(card("A", IBAN), card("B", IBAN, DOMAIN), card("C", DOMAIN)).match([IBAN, DOMAIN])
    assert match.outcome is Outcome.SEVERAL


@pytest.mark.parametrize("weak", [IBAN, DOMAIN])
def test_an_account_or_domain_does_not_book_on_a_company_with_another_number(weak: Key) -> None:
    sister = card("sister", OTHER_VAT, weak)
    match = index(sister).match([VAT, weak])
    assert match.outcome is Outcome.CONFLICT
    assert match.candidates == (sister,)


@pytest.mark.parametrize("weak", [IBAN, DOMAIN])
def test_an_account_or_domain_books_where_no_number_speaks_against_it(weak: Key) -> None:
    assert index(card("A", weak)).match([VAT, weak]).outcome is Outcome.MATCHED
    assert index(card("A", OTHER_KVK, weak)).match([VAT, weak]).outcome is Outcome.MATCHED


def test_a_stale_number_beside_one_that_agrees_still_matches() -> None:
    assert index(card("A", KVK, OTHER_VAT)).match([VAT, KVK]).outcome is Outcome.MATCHED


def test_a_decision_is_not_asked_again_although_the_cards_disagree() -> None:
    found = index(card("A", VAT), card("B", KVK))
    match = found.match([VAT, KVK], remembered={VAT: "B"})
    assert match.card
    assert match.card.code == "B"
    assert match.remembered


def test_a_decision_about_an_account_does_not_overrule_a_company_number() -> None:
    found = index(card("factored", IBAN), card("other", VAT))
    assert found.match([IBAN], remembered={IBAN: "factored"}).outcome is Outcome.MATCHED
    match = found.match([VAT, IBAN], remembered={IBAN: "factored"})
    assert match.outcome is Outcome.CONFLICT
    assert {one.code for one in match.candidates} == {"factored", "other"}


def test_a_decision_for_a_card_that_is_gone_or_blocked_does_not_book() -> None:
    assert index(card("A", VAT)).match([VAT], remembered={VAT: "gone"}).card == card("A", VAT)
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
