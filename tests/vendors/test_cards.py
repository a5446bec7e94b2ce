"""Cards of the mirror as matching sees them, and when they are read anew."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.core import clock
from apps.exact.models import Division, SyncState
from apps.vendors.cards import ibans_of, index_for
from apps.vendors.evidence import Card
from tests.exact.factories import BankAccountFactory, DivisionFactory, RelationFactory, SyncStateFactory

pytestmark = pytest.mark.django_db


def only_card(division: Division) -> Card:
    (card,) = index_for(division).cards.values()
    return card


def synced(division: Division) -> None:
    """Say that both mirrors were read to their end a moment after the last time."""
    for resource in ("relations", "bank_accounts"):
        state, _ = SyncState.objects.get_or_create(division=division, resource=resource)
        state.synced_at = (state.synced_at or clock.now()) + timedelta(seconds=1)
        state.save(update_fields=["synced_at"])


def test_a_card_carries_every_number_that_exact_has_normalised() -> None:
    relation = RelationFactory(
        vat_number="NL8976.20.458.B.01",
        chamber_of_commerce="34567892",
        oin="00000001823288444000",
        gln="8712345678906",
        peppol="0106:34567892",
        email="Post@Anker.example",
    )
    BankAccountFactory(division=relation.division, relation=relation.exact_id, iban="NL47 BUNQ 0649621411")
    card = only_card(relation.division)
    assert {str(key) for key in card.keys} == {
        "vat NL897620458B01",
        "kvk 34567892",
        "oin 00000001823288444000",
        "gln 8712345678906",
        "peppol 0106:34567892",
        "domain anker.example",
        "iban NL47BUNQ0649621411",
    }
    assert ibans_of(card) == {"NL47BUNQ0649621411"}
    assert (card.supplier, card.usable) == (str(relation.exact_id), True)


def test_a_belgian_card_is_known_by_its_enterprise_number_with_or_without_it_filled_in() -> None:
    for values in ({"vat_number": "BE0428759497"}, {"chamber_of_commerce": "0428.759.497"}):
        card = only_card(RelationFactory(country="BE", **values).division)
        assert "be_enterprise 0428759497" in {str(key) for key in card.keys}
        assert "kvk" not in {key.kind for key in card.keys}


@pytest.mark.parametrize("values", [{"is_supplier": False}, {"blocked": True}])
def test_a_blocked_card_or_one_of_a_customer_may_not_be_booked_on(values: dict[str, bool]) -> None:
    assert not only_card(RelationFactory(**values).division).usable


def test_a_blocked_account_and_a_peppol_text_without_scheme_say_nothing() -> None:
    relation = RelationFactory(peppol="34567892")
    BankAccountFactory(division=relation.division, relation=relation.exact_id, blocked=True)
    assert not only_card(relation.division).keys


def test_other_divisions_do_not_mix_in() -> None:
    relation = RelationFactory()
    RelationFactory()
    assert only_card(relation.division).code == relation.code


def test_the_index_is_kept_until_the_next_sync(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    division = RelationFactory().division
    synced(division)
    first = index_for(division)
    with django_assert_num_queries(1):
        assert index_for(division) is first
    RelationFactory(division=division)
    assert index_for(division) is first
    synced(division)
    assert len(index_for(division).cards) == 2


def test_nothing_is_kept_of_a_mirror_that_was_never_read_to_its_end() -> None:
    division = DivisionFactory()
    SyncStateFactory(division=division, resource="relations", synced_at=None)
    SyncStateFactory(division=division, resource="bank_accounts", synced_at=clock.now())
    assert not index_for(division).cards
    RelationFactory(division=division)
    assert len(index_for(division).cards) == 1


def test_a_whole_division_costs_three_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    division = DivisionFactory()
    for _ in range(3):
        relation = RelationFactory(division=division)
        BankAccountFactory(division=division, relation=relation.exact_id)
    with django_assert_num_queries(3):
        assert len(index_for(division).cards) == 3
