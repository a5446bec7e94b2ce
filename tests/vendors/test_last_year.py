"""What last year's bookings say about vendors."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.vendors.evidence import Card, Key
from apps.vendors.last_year import Booked, Found, look
from apps.vendors.learning import identity_of

pytestmark = pytest.mark.usefixtures("english")

KVK, OTHER, VAT = Key("kvk", "34567892"), Key("kvk", "72345678"), Key("vat", "NL820098395B01")
IBAN, DOMAIN = Key("iban", "NL57RABO0107307510"), Key("domain", "anker.example")


def card(supplier: str, *keys: Key, name: str = "", usable: bool = True) -> Card:
    return Card(supplier, supplier, name or f"Supplier {supplier}", usable, frozenset(keys))


def seen(*cards: Card, mapped: Any = None, own: Any = (), undone: Any = (), **times: int) -> Found:
    bookings = {supplier: Booked(count, date(2026, 2, 3)) for supplier, count in times.items()}
    return look(
        cards,
        bookings,
        own=frozenset(own),
        mapped=mapped or {},
        undone=frozenset(undone),
        name_of=lambda name: identity_of([], name),
    )


def proposed(found: Found) -> list[tuple[Key, str]]:
    return [(one.key, one.card.supplier) for one in found.proposals]


def test_a_supplier_is_ready_by_a_number_of_its_own() -> None:
    found = seen(card("a", KVK), card("b", DOMAIN), card("c", OTHER), card("d", VAT), a=1, b=2, c=1)
    assert (found.booked, found.by_number, found.ready, found.percent) == (3, 2, 2, 66)


def test_nobody_is_ready_by_what_others_carry_too_or_what_proves_nothing() -> None:
    failing, placeholder = Key("vat", "NL820098394B01"), Key("kvk", "99999998")
    found = seen(
        card("a", KVK), card("b", KVK), card("c", failing), card("d", placeholder), card("e", OTHER),
        own=[OTHER], a=1, b=1, c=1, d=1, e=1,
    )  # fmt: skip
    assert (found.booked, found.ready, found.percent) == (5, 0, 0)


def test_a_mapping_makes_ready_too_and_counts_once() -> None:
    found = seen(card("a", KVK), card("b"), mapped={KVK: "a", Key("name", "x"): "b"}, a=1, b=1)
    assert (found.by_number, found.by_mapping, found.percent) == (1, 1, 100)


def test_cards_that_may_not_be_booked_on_are_counted_apart_and_share_numbers_all_the_same() -> None:
    found = seen(card("a", KVK, usable=False), card("b", KVK), a=3, b=1)
    assert (found.booked, found.unusable, found.ready) == (1, 1, 0)


def test_nothing_booked_is_no_share_at_all() -> None:
    assert seen(card("a", KVK)) == Found(0, 0, 0, 0, ())


@pytest.mark.parametrize(
    ("times", "chosen"),
    [
        ({"a": 1}, "a"),
        ({"a": 14}, "a"),
        ({"a": 9, "b": 1}, "a"),
        ({"b": 9, "a": 1}, "b"),
        ({"a": 8, "b": 1}, None),
        ({"a": 4, "b": 0}, "a"),
        ({"a": 1, "b": 1}, None),
        ({}, None),
    ],
)
def test_a_number_on_two_cards_goes_to_the_one_that_was_booked_on(
    times: dict[str, int], chosen: str | None
) -> None:
    found = seen(card("a", KVK), card("b", KVK), **{name: count for name, count in times.items() if count})
    assert proposed(found) == ([(KVK, chosen)] if chosen else [])


def test_each_proposal_says_why() -> None:
    found = seen(card("a", KVK), card("b", KVK), a=14)
    assert found.proposals[0].why == "14 bookings last year, last on 3 Feb 2026; the other card has none"
    found = seen(card("a", KVK), card("b", KVK), card("c", KVK), a=20, b=1)
    assert found.proposals[0].why.endswith("the 2 other cards have 1 together")
    assert [(one.supplier, times) for one, times in found.proposals[0].others] == [("b", 1), ("c", 0)]
    found = seen(card("a", name="Anker"), a=3)
    assert found.proposals[0].why.endswith("the card has no number, and no other card has this name")


def test_the_card_that_was_booked_on_must_be_usable() -> None:
    assert not seen(card("a", KVK, usable=False), card("b", KVK), a=14).proposals


@pytest.mark.parametrize("key", [DOMAIN, Key("kvk", "99999998"), Key("vat", "NL820098394B01"), OTHER])
def test_what_is_no_evidence_is_never_proposed(key: Key) -> None:
    assert not seen(card("a", key), card("b", key), own=[OTHER], a=14).proposals


def test_an_account_of_two_companies_is_a_factoring_companys() -> None:
    assert not seen(card("a", IBAN, KVK), card("b", IBAN, OTHER), a=14).proposals
    assert proposed(seen(card("a", IBAN, KVK), card("b", IBAN), a=14)) == [(IBAN, "a")]


def test_a_supplier_without_a_number_is_known_by_a_name_that_no_other_card_has() -> None:
    anker = card("a", name="Anker  en Touw B.V.")
    name = identity_of([], anker.name)
    assert proposed(seen(anker, card("b", KVK, name="Touw"), a=3)) == [(name, "a")]
    assert not seen(anker, a=2).proposals
    assert not seen(anker, card("b", name="Anker & Touw VOF"), a=3).proposals
    assert not seen(anker, card("b", name="ANKER EN TOUW", usable=False), a=3).proposals
    assert not seen(card("a", DOMAIN, name="Anker"), a=3).proposals
    assert not seen(card("a", name="B.V."), a=3).proposals
    assert not seen(card("a", name="Anker", usable=False), a=3).proposals


def test_what_was_decided_or_taken_back_is_not_proposed_again() -> None:
    cards = (card("a", KVK), card("b", KVK))
    assert not seen(*cards, mapped={KVK: "b"}, a=14).proposals
    assert not seen(*cards, undone=[(KVK, "a")], a=14).proposals
    assert proposed(seen(*cards, undone=[(KVK, "b")], a=14)) == [(KVK, "a")]


def test_the_most_booked_come_first_and_have_tokens_of_their_own() -> None:
    found = seen(card("a", KVK, IBAN), card("b", KVK, IBAN), card("c", name="Zwaluw"), a=4, c=9)
    assert [one.card.supplier for one in found.proposals] == ["c", "a", "a"]
    assert len({one.token for one in found.proposals}) == 3


CARDS = st.lists(
    st.tuples(
        st.sets(st.sampled_from([KVK, OTHER, VAT, IBAN, DOMAIN]), max_size=3),
        st.booleans(),
        st.integers(0, 12),
    ),
    max_size=8,
)


@given(CARDS, st.sets(st.sampled_from([KVK, OTHER, VAT, IBAN])))
def test_no_proposal_ever_names_what_it_may_not(rows: Any, own: set[Key]) -> None:
    cards = [card(str(n), *keys, usable=usable) for n, (keys, usable, _times) in enumerate(rows)]
    found = seen(*cards, own=own, **{str(n): row[2] for n, row in enumerate(rows) if row[2]})
    assert 0 <= found.ready <= found.booked <= len(cards)
    assert len({one.key for one in found.proposals}) == len(found.proposals)
    for one in found.proposals:
        assert one.card.usable
        assert one.key not in own
        assert one.booked.times >= 1
        assert one.card in cards
