from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.items import found
from apps.items.matching import Catalogue, Decision, Found, Outcome, match
from apps.items.wanted import Key, Wanted
from apps.rules.sources import ValueSource
from tests.items.cards import ANOTHER, SUPPLIER, card, catalogue, offer

BARCODE, OTHER_BARCODE = "8711253001202", "8711253001219"
CODE = Key("seller_item", "T-1")
LINE = Wanted(seller_item="T-1", gtin=BARCODE, buyer_item="A1", description="Touw")


def of(index: Catalogue, line: Wanted = LINE, remembered: dict[Key, Decision] | None = None) -> Found:
    return match(index, line, SUPPLIER, remembered)


def codes(result: Found) -> list[str]:
    return [one.card.code for one in result.candidates]


def test_the_sources_are_those_of_a_line() -> None:
    assert {found.PERSON, found.CARD, found.ON_DOCUMENT} <= set(ValueSource.values)


@pytest.mark.parametrize(
    ("line", "source", "told"),
    [
        (Wanted(seller_item="t-1"), "card", "item code of the supplier T-1"),
        (Wanted(gtin=BARCODE), "card", "barcode (GTIN) 08711253001202"),
        (Wanted(buyer_item="a1"), "document", "own item code A1"),
        (LINE, "card", "own item code A1"),
    ],
)
def test_each_number_alone_gives_the_item_and_says_so(
    line: Wanted, source: str, told: str, english: None
) -> None:
    result = of(catalogue(card(1, barcode=BARCODE), offer(1, "T-1")), line)
    assert (result.outcome, result.source) == (Outcome.MATCHED, source)
    assert result.item and result.item.code == "A1"
    assert told in result.why


def test_numbers_that_point_to_different_items_match_nobody() -> None:
    result = of(catalogue(card(1), card(2, barcode=BARCODE), offer(1, "T-1")))
    assert (result.outcome, result.item) == (Outcome.CONFLICT, None)
    assert sorted(codes(result)) == ["A1", "A2"]
    assert "A1" in result.why and "A2" in result.why


def test_a_code_of_several_items_is_settled_by_another_number_or_asked() -> None:
    index = catalogue(card(1, barcode=BARCODE), card(2), offer(1, "T-1"), offer(2, "T-1"))
    assert of(index, Wanted(seller_item="T-1")).outcome is Outcome.SEVERAL
    settled = of(index, Wanted(seller_item="T-1", gtin=BARCODE))
    assert settled.item and settled.item.code == "A1"


def test_an_item_that_may_not_be_bought_stops_the_line_unless_its_successor_has_the_code() -> None:
    blocked = of(catalogue(card(1, usable=False), offer(1, "T-1")), Wanted(seller_item="T-1"))
    assert (blocked.outcome, codes(blocked)) == (Outcome.BLOCKED, ["A1"])
    twin = of(catalogue(card(1, usable=False), card(2), offer(1, "T-1"), offer(2, "T-1")), Wanted("T-1"))
    assert twin.item and twin.item.code == "A2"
    torn = of(
        catalogue(card(1, usable=False), card(2, barcode=BARCODE), offer(1, "T-1")),
        Wanted("T-1", "", BARCODE),
    )
    assert torn.outcome is Outcome.CONFLICT


def test_a_code_of_the_supplier_that_is_an_item_code_only_proposes(english: None) -> None:
    result = of(catalogue(card(1, "Touw")), Wanted(seller_item="A1", description="Iets anders"))
    assert (result.outcome, codes(result)) == (Outcome.UNKNOWN, ["A1"])
    assert result.candidates[0].reasons == ["item code A1"]


def test_a_description_only_proposes_three_at_most(english: None) -> None:
    index = catalogue(*(card(number, f"Touw, geslagen, {number} mm") for number in range(1, 6)))
    result = of(index, Wanted(seller_item="X", description="Touw geslagen 3 mm"))
    assert (result.outcome, result.item) == (Outcome.UNKNOWN, None)
    assert codes(result)[0] == "A3" and len(result.candidates) == 3
    assert "alike" in result.candidates[0].reasons[0]


def test_what_a_person_decided_comes_first() -> None:
    index = catalogue(card(1), card(2), offer(1, "T-1"))
    result = of(index, Wanted(seller_item="T-1"), {CODE: Decision(UUID(int=102), source=7)})
    assert result.item and result.item.code == "A2"
    assert (result.source, result.mapping_pk) == ("person", 7)


def test_what_points_elsewhere_and_nobody_saw_then_makes_it_a_conflict() -> None:
    index = catalogue(card(1), card(2, barcode=BARCODE))
    line = Wanted(seller_item="T-1", gtin=BARCODE)
    decided = Decision(UUID(int=101))
    result = of(index, line, {CODE: decided})
    assert result.outcome is Outcome.CONFLICT
    assert codes(result)[0] == "A1"
    seen = Decision(UUID(int=101), frozenset({line.keys[1]}))
    settled = of(index, line, {CODE: seen})
    assert settled.item and settled.item.code == "A1"


def test_two_decisions_that_disagree_are_a_conflict_and_so_is_none_of_them_taken() -> None:
    index, line = catalogue(card(1), card(2)), Wanted(seller_item="T-1", gtin=BARCODE)
    both = {CODE: Decision(UUID(int=101)), line.keys[1]: Decision(UUID(int=102))}
    assert of(index, line, both).outcome is Outcome.CONFLICT
    same = {CODE: Decision(UUID(int=101)), line.keys[1]: Decision(UUID(int=101))}
    assert of(index, line, same).outcome is Outcome.MATCHED


def test_a_decided_item_that_is_gone_or_ended_is_asked_anew() -> None:
    decided = {CODE: Decision(UUID(int=101))}
    for index in (catalogue(card(2)), catalogue(card(1, usable=False))):
        result = of(index, Wanted(seller_item="T-1"), decided)
        assert (result.outcome, result.item) == (Outcome.BLOCKED, None)
        assert result.why


NUMBERS = st.sampled_from(["", "T-1", "T-2"])
BARCODES = st.sampled_from(["", BARCODE, OTHER_BARCODE])


@given(
    st.lists(st.tuples(BARCODES, st.booleans()), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), NUMBERS, st.sampled_from([SUPPLIER, ANOTHER])), max_size=6),
    NUMBERS,
    BARCODES,
    st.sampled_from(["", "A0", "A1", "A9"]),
)
def test_a_match_is_one_item_to_which_all_that_is_known_points(
    items: list[tuple[str, bool]],
    offers: list[tuple[int, str, UUID]],
    seller_item: str,
    barcode: str,
    buyer_item: str,
) -> None:
    index = catalogue(
        *(card(at, barcode=code, usable=usable) for at, (code, usable) in enumerate(items)),
        *(offer(at, code, supplier) for at, code, supplier in offers if at < len(items)),
    )
    line = Wanted(seller_item, buyer_item, barcode)
    result = of(index, line)
    told = [set(index.items_by(key, SUPPLIER)) for key in line.keys]
    told = [one for one in told if one]
    if result.outcome is Outcome.MATCHED:
        assert result.item and result.item.usable
        assert told and all(result.item.exact_id in one for one in told)
    else:
        assert result.item is None
        common = set.intersection(*told) if told else set()
        usable = [one for one in common if index.cards[one].usable]
        assert len(usable) != 1
