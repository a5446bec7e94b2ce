"""What cards lack, for a page full of questions."""

from typing import Any

import pytest

from apps.invoices.card_gaps import offer, offers
from apps.vendors.models import Question
from tests.clients.factories import AdministrationIdentifierFactory
from tests.exact.factories import BankAccountFactory, DivisionFactory, RelationFactory
from tests.invoices.factories import InvoiceFactory
from tests.invoices.test_card_reading import PAYMENT, VENDOR
from tests.vendors.factories import QuestionFactory

pytestmark = pytest.mark.django_db


def asked(*cards: Any, **values: Any) -> Question:
    candidates = [{"supplier": str(card.exact_id), "code": card.code, "name": card.name} for card in cards]
    made: Question = QuestionFactory(
        administration=cards[0].division.administration,
        candidates=candidates,
        party={**VENDOR, "identity": ["kvk", "34567892"]},
        **values,
    )
    return made


def card(**values: Any) -> Any:
    question = QuestionFactory()
    division = values.pop("division", None) or DivisionFactory(administration=question.administration)
    return RelationFactory(division=division, country="NL", email="a@b.nl", peppol="0106:1", **values)


def test_each_candidate_is_told_what_it_lacks() -> None:
    bare = card()
    full = card(division=bare.division, vat_number="NL897620458B01", chamber_of_commerce="34567892")
    BankAccountFactory(
        division=bare.division, relation=full.exact_id, iban="NL20INGB0001234567", blocked=True
    )
    question = asked(bare, full)
    InvoiceFactory(administration=question.administration, question=question, vendor=VENDOR, payment=PAYMENT)
    gaps = {"vat": "NL897620458B01", "kvk": "34567892", "iban": "NL47BUNQ0649621411", "bic": "BUNQNL2A"}
    assert offers([question]) == {question.pk: {str(bare.exact_id): gaps}}
    assert (offer(question, bare), offer(question, full)) == (gaps, {})


def test_cards_that_may_not_be_booked_on_or_are_elsewhere_are_offered_nothing() -> None:
    blocked = card(blocked=True)
    elsewhere = card()
    assert list(offers([asked(blocked, elsewhere)]).values()) == [{}]


def test_the_firms_own_numbers_are_never_offered() -> None:
    bare = card()
    AdministrationIdentifierFactory(kind="kvk", value="34567892")
    assert "kvk" not in offers([asked(bare)]).popitem()[1][str(bare.exact_id)]


def test_many_questions_cost_as_many_queries_as_one(django_assert_num_queries: Any) -> None:
    questions = [asked(card()) for _number in range(5)]
    with django_assert_num_queries(4):
        offers(questions)
    with django_assert_num_queries(4):
        offers(questions[:1])
