from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from apps.items.index import WORTH_SAYING
from apps.items.wanted import Key, Wanted
from tests.items.cards import ANOTHER, SUPPLIER, card, catalogue, offer

BARCODE = "8711253001202"


def test_an_item_is_found_by_what_its_supplier_calls_it_its_barcode_and_its_own_code() -> None:
    index = catalogue(card(1, barcode=BARCODE), offer(1, "t-1"))
    wanted = Wanted(seller_item="T-1", gtin=BARCODE, buyer_item="a1")
    assert [list(index.items_by(key, SUPPLIER)) for key in wanted.keys] == [[UUID(int=101)]] * 3
    assert not index.items_by(wanted.keys[0], ANOTHER)
    assert not index.items_by(Key("description", "t-1"), SUPPLIER)


def test_an_item_comes_as_its_supplier_delivers_it() -> None:
    index = catalogue(
        card(1),
        offer(1, "T-1", unit="doos", factor=Decimal(12), price=Decimal("9.50"), currency="EUR", vat_code="2"),
        stuk="Stuk",
        doos="Doos",
    )
    known = index.card_of(UUID(int=101), SUPPLIER)
    assert known and known.supplier_item_id
    assert (known.purchase_unit, known.purchase_unit_name, known.factor) == ("doos", "Doos", Decimal(12))
    assert (known.price, known.currency, known.vat_code, known.unit_name) == (
        Decimal("9.5"),
        "EUR",
        "2",
        "Stuk",
    )


def test_an_item_of_which_a_supplier_is_not_known_comes_in_its_own_units_without_a_price() -> None:
    known = catalogue(card(1), offer(1, "T-1", unit="doos", price=Decimal(1))).card_of(UUID(int=101), ANOTHER)
    assert known
    assert (known.purchase_unit, known.factor, known.price) == ("stuk", Decimal(1), None)
    assert known.supplier_item_id is None
    assert catalogue().card_of(UUID(int=101), SUPPLIER) is None


def test_the_first_offer_of_a_supplier_counts_and_one_of_an_item_that_is_gone_points_nowhere() -> None:
    index = catalogue(
        card(1), offer(1, "T-1", price=Decimal(1)), offer(1, "T-1", price=Decimal(2)), offer(9, "T-9")
    )
    known = index.card_of(UUID(int=101), SUPPLIER)
    assert known and known.price == 1
    assert len(index.items_by(Key("seller_item", "T-1"), SUPPLIER)) == 1
    assert not index.items_by(Key("seller_item", "T-9"), SUPPLIER)


def test_descriptions_like_it_are_ranked_and_another_size_comes_behind() -> None:
    index = catalogue(
        card(1, "Touw geslagen 14 mm"),
        card(2, "Touw, geslagen, 12 mm"),
        card(3, "Verfroller"),
        card(4, "Touw, geslagen, 12 mm", usable=False),
    )
    found = index.like("touw geslagen 12 mm")
    assert [item for item, _score in found] == [UUID(int=102), UUID(int=101)]
    assert found[0][1] > found[1][1] >= WORTH_SAYING
    assert index.like("") == index.like("heel iets anders") == []


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=8))
def test_no_text_breaks_the_search(sought: str, names: list[str]) -> None:
    index = catalogue(*(card(number, name) for number, name in enumerate(names)))
    assert len(index.like(sought)) <= 3
