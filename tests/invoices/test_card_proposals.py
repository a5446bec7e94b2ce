from datetime import date

import pytest

from apps.exact.models import PaymentCondition
from apps.invoices.card_proposals import Proposed, propose
from apps.invoices.models import State
from apps.vendors.models import Question
from tests.clients.factories import AdministrationIdentifierFactory
from tests.exact.factories import DivisionFactory
from tests.invoices.factories import InvoiceFactory
from tests.invoices.test_card_reading import PAYMENT, VENDOR
from tests.vendors.factories import QuestionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def question() -> Question:
    made: Question = QuestionFactory(party={**VENDOR, "identity": ["kvk", "34567892"]})
    DivisionFactory(administration=made.administration)
    return made


def document(question: Question, **values: object) -> None:
    InvoiceFactory(
        **{
            "administration": question.administration,
            "question": question,
            "state": State.ATTENTION,
            "cause": "vendor_unknown",
            "vendor": VENDOR,
            "payment": PAYMENT,
            "number": "2026-7",
            **values,
        }
    )


def proposed(question: Question) -> dict[str, Proposed]:
    return {one.field.name: one for one in propose(question)}


def condition(question: Question, code: str, days: int) -> None:
    division = question.administration.division
    PaymentCondition.objects.create(
        division=division, exact_id=f"00000000-0000-0000-0000-0000000000{code}", code=code, payment_days=days
    )


def test_each_field_says_which_document_it_comes_from(question: Question) -> None:
    document(question)
    found = proposed(question)
    assert found["kvk"].value == "34567892"
    assert found["kvk"].source.startswith("from document 2026-7 of ")
    assert (found["bic"].value, found["oin"].value, found["oin"].source) == ("BUNQNL2A", "", "")


def test_without_a_document_the_question_itself_tells(question: Question) -> None:
    assert proposed(question)["vat"].source == "from the document"


def test_numbers_of_any_administration_of_the_firm_stay_out(question: Question) -> None:
    document(question)
    AdministrationIdentifierFactory(kind="kvk", value="34567892")
    assert proposed(question)["kvk"].value == ""


def test_the_payment_condition_follows_the_days_when_only_one_fits(question: Question) -> None:
    document(question, issue_date=date(2026, 9, 1), due_date=date(2026, 9, 15))
    condition(question, "14", 14)
    condition(question, "30", 30)
    found = proposed(question)["payment_condition"]
    assert (found.value, found.source) == ("14", "the document is to be paid within 14 days")
    condition(question, "15", 14)
    assert proposed(question)["payment_condition"].value == ""


def test_what_is_doubtful_is_said(question: Question) -> None:
    payment = {"ibans": ["NL47BUNQ0649621411", "NL20INGB0001234567"]}
    vendor = {"name": "A", "identifiers": [["vat", "NL897620459B01", False]]}
    document(question, vendor=vendor, payment=payment)
    found = proposed(question)
    assert found["iban"].doubt.startswith("The document names several accounts")
    assert found["vat"].doubt.startswith("This fails its check")
    assert found["country"].source == "from the VAT number"
