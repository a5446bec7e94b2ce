"""Which number proves something: the card's, or one we had; never the document's own."""

from uuid import uuid4

import pytest

from apps.exact.models import Relation
from apps.vendors.models import IBANCase
from apps.vendors.numbers_to_call import card_of, numbers_of, objection
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import DivisionFactory, RelationFactory
from tests.vendors.factories import IBANCaseFactory

pytestmark = pytest.mark.django_db

BOTH = "020-1234567 / 06-12345678"


@pytest.fixture
def relation() -> Relation:
    made: Relation = RelationFactory(
        division=DivisionFactory(administration=AdministrationFactory()), phone=BOTH
    )
    return made


@pytest.fixture
def case(relation: Relation) -> IBANCase:
    made: IBANCase = IBANCaseFactory(
        administration=relation.division.administration, supplier=relation.exact_id
    )
    return made


@pytest.mark.parametrize("number", ["020 1234567", "+31612345678"])
def test_any_number_of_the_card_counts_also_when_the_document_has_it(case: IBANCase, number: str) -> None:
    assert objection(case, number, "card", "", [number]) == ""


def test_a_card_of_other_books_is_not_the_suppliers(relation: Relation) -> None:
    case = IBANCaseFactory(supplier=relation.exact_id)
    assert card_of(case) is None
    assert numbers_of(None) == []
    assert objection(case, "020 1234567", "card", "", [])


def test_a_supplier_without_a_card_is_called_at_a_number_we_had() -> None:
    case = IBANCaseFactory(supplier=uuid4())
    assert objection(case, "010-7654321", "known", "", [])
    assert objection(case, "010-7654321", "known", "from the contract", []) == ""
    assert objection(case, "010-7654321", "known", "from the contract", ["+31 10 765 43 21"])
    assert objection(case, "010-7654321", "", "from the contract", [])


@pytest.mark.parametrize(
    "number", ["010-7654321 toestel 12", "020-9999999 / 010-7654321", "tel 0107654321 (Ada)"]
)
def test_a_number_of_the_document_is_seen_among_other_words(number: str) -> None:
    case = IBANCaseFactory(supplier=uuid4())
    assert objection(case, number, "known", "from the contract", ["+31 10 765 43 21"])
    assert objection(case, number, "known", "from the contract", ["030-1111111"]) == ""
