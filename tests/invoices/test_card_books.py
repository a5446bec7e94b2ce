import pytest

from apps.clients.models import Mode
from apps.invoices.card_books import card_with_number_of, hindrance, namesakes, twin_words
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, RelationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize(
    ("card", "values", "is_same"),
    [
        ({"vat_number": "NL8976.20.458.B.01"}, {"vat": "NL897620458B01"}, True),
        ({"vat_number": "8976.20.458.B.01", "country": "NL"}, {"vat": "NL897620458B01"}, True),
        ({"chamber_of_commerce": "34567892 Hoorn"}, {"kvk": "34567892", "vat": "NL812345678B01"}, True),
        ({"chamber_of_commerce": "0403.170.701", "country": "BE"}, {"kvk": "0403170701"}, True),
        ({"oin": "00000001234567890000"}, {"oin": "00000001234567890000"}, True),
        ({"chamber_of_commerce": "34567892"}, {"kvk": "34567893"}, False),
        ({"name": "Anker"}, {"name": "Anker"}, False),
        ({}, {}, False),
    ],
)
def test_a_card_with_one_of_the_numbers_is_found_however_it_is_written(
    card: dict[str, str], values: dict[str, str], is_same: bool
) -> None:
    relation = RelationFactory(**card)
    assert card_with_number_of(values, relation.division) == (relation if is_same else None)
    assert card_with_number_of(values, DivisionFactory()) is None


def test_a_card_that_may_not_be_booked_on_says_so() -> None:
    assert "Choose that card" in twin_words(RelationFactory())
    for values in ({"blocked": True}, {"is_supplier": False}):
        assert "release it in Exact" in twin_words(RelationFactory(**values))


def test_only_where_exact_is_live_something_can_be_written() -> None:
    assert "No division" in hindrance(AdministrationFactory())
    assert "On pilot" in hindrance(
        DivisionFactory(administration=AdministrationFactory(mode=Mode.PILOT)).administration
    )
    assert hindrance(DivisionFactory(administration=AdministrationFactory()).administration) == ""


def test_namesakes_are_called_exactly_like_it() -> None:
    relation = RelationFactory(name="Anker")
    RelationFactory(name="Anker B.V.", division=relation.division)
    assert namesakes("Anker", relation.division) == [str(relation.exact_id)]
