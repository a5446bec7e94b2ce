"""The supplier that somebody means by what they typed."""

import pytest

from apps.clients.models import Administration
from apps.exact.models import Division
from apps.vendors import choosing
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, RelationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def division() -> Division:
    made: Division = DivisionFactory(administration=AdministrationFactory())
    RelationFactory(division=made, code="   100", name="Shell Nederland")
    RelationFactory(division=made, code="200", name="Shell")
    RelationFactory(division=made, code="300", name="Esso", blocked=True)
    RelationFactory(division=made, code="400", name="Total")
    RelationFactory(division=made, code="401", name="Total")
    RelationFactory(division=made, code="500", name="Customer", is_supplier=False)
    RelationFactory(code="900", name="Of another administration")
    return made


def administration_of(division: Division) -> Administration:
    assert division.administration
    return division.administration


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("100", "100"),
        (" 100 ", "100"),
        ("200 Shell", "200"),
        ("shell", "200"),
        ("nederland", "100"),
        ("100  Shell Nederland", "100"),
    ],
)
def test_a_code_a_name_or_a_part_of_one_finds_it(typed: str, code: str, division: Division) -> None:
    assert choosing.supplier(administration_of(division), typed).code.strip() == code


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Total", "Several suppliers fit “Total”: 400 Total, 401 Total."),
        ("e", "Several suppliers fit “e”"),
        ("300", "Card 300 is blocked"),
        ("500", "no supplier"),
        ("900", "No supplier of this administration"),
        ("Esso", "No supplier of this administration"),
    ],
)
def test_who_is_meant_by_no_single_supplier_is_told_why(typed: str, words: str, division: Division) -> None:
    with pytest.raises(choosing.NotFound) as problem:
        choosing.supplier(administration_of(division), typed)
    assert words in str(problem.value)
