"""A new account of a known supplier is a case, and holds its documents."""

from typing import Any
from uuid import uuid4

import pytest

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.exact.models import BankAccount
from apps.invoices import accounts
from apps.invoices.coding import code
from apps.invoices.models import Invoice, State
from apps.vendors.evidence import Card, Key
from apps.vendors.models import CaseState, IBANCase
from tests.invoices.conftest import Books, coded
from tests.invoices.documents import THEIR_IBAN, changed, xml
from tests.invoices.factories import ActiveMethodFactory, InvoiceFactory
from tests.vendors.factories import CollectiveVendorFactory, IBANCaseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEW, OTHER = "NL91ABNA0417164300", "NL20INGB0001234567"
CARD = Card(str(uuid4()), "10023", "Anker en Touw", True, frozenset({Key("iban", THEIR_IBAN)}))


def asks_for(*ibans: str, **values: Any) -> Invoice:
    made: Invoice = InvoiceFactory(payment={"ibans": list(ibans)}, supplier=CARD.supplier, **values)
    return made


def case_of(invoice: Invoice, **values: Any) -> IBANCase:
    made: IBANCase = IBANCaseFactory(
        **{"administration": invoice.administration, "supplier": CARD.supplier, "iban": NEW, **values}
    )
    return made


def obstacles(invoice: Invoice, card: Card = CARD, *, asks: bool = True) -> list[Obstacle]:
    assert invoice.administration
    return accounts.obstacles_of(invoice, card, invoice.administration, asks=asks)


@pytest.mark.parametrize("ibans", [(), (THEIR_IBAN,)])
def test_no_account_or_a_known_one_opens_no_case(ibans: tuple[str, ...]) -> None:
    assert obstacles(asks_for(*ibans)) == []
    assert not IBANCase.objects.exists()


def test_a_new_account_opens_a_case_that_knows_the_card_and_the_document() -> None:
    invoice = asks_for(THEIR_IBAN, NEW)
    found = obstacles(invoice)
    case = IBANCase.objects.get()
    assert (case.iban, case.known, case.part, case.administration) == (
        NEW,
        [THEIR_IBAN],
        invoice.part,
        invoice.administration,
    )
    assert {one.cause for one in found} == {Cause.IBAN_CHANGED}
    words = "\n".join(one.detail for one in found)
    assert THEIR_IBAN in words
    assert f"{NEW}: nobody called the supplier yet." in words
    assert obstacles(invoice) == found
    assert IBANCase.objects.count() == 1


def test_two_new_accounts_are_two_cases() -> None:
    assert len(obstacles(asks_for(NEW, OTHER))) == 3
    assert set(IBANCase.objects.values_list("iban", flat=True)) == {NEW, OTHER}


def test_nobody_is_asked_for_what_is_not_booked() -> None:
    assert obstacles(asks_for(NEW), asks=False) == []
    assert not IBANCase.objects.exists()


def test_a_card_without_an_account_has_nothing_to_differ_from() -> None:
    assert obstacles(asks_for(NEW), Card(CARD.supplier, "1", "Anker", usable=True)) == []
    assert not IBANCase.objects.exists()


def test_many_senders_on_one_card_have_many_accounts() -> None:
    invoice = asks_for(NEW)
    rule = CollectiveVendorFactory(
        administration=invoice.administration, supplier=CARD.supplier, active=False
    )
    CollectiveVendorFactory(supplier=CARD.supplier)  # of other books
    assert obstacles(invoice)
    IBANCase.objects.all().delete()
    rule.active = True
    rule.save(update_fields=["active"])
    assert obstacles(invoice) == []
    assert not IBANCase.objects.exists()


@pytest.mark.parametrize(
    ("trait", "named", "unnamed"),
    [
        ({}, True, True),
        ({"called": True}, True, True),
        ({"rejected": True}, True, False),
        ({"accepted": True}, False, False),
    ],
    ids=["open", "called", "rejected", "accepted"],
)
@pytest.mark.parametrize("asks", [True, False])
def test_an_open_case_holds_all_a_rejected_one_what_names_it_an_accepted_one_nothing(
    trait: dict[str, bool], named: bool, unnamed: bool, asks: bool
) -> None:
    naming = asks_for(NEW)
    known = asks_for(THEIR_IBAN, administration=naming.administration)
    silent = asks_for(administration=naming.administration)
    case = case_of(naming, **trait)
    for invoice, is_held in ((naming, named), (known, unnamed), (silent, unnamed)):
        assert bool(obstacles(invoice, asks=asks)) == is_held
        assert accounts.is_held(invoice) == is_held
        assert accounts.holding(invoice) == (case if is_held else None)
    assert IBANCase.objects.count() == 1


def test_where_the_case_stands_is_told_with_who_did_what() -> None:
    invoice = asks_for(NEW)
    case = case_of(invoice, called=True, called_by__first_name="Ada", called_by__last_name="Bos")
    assert obstacles(invoice)[-1].detail == f"{NEW}: Ada Bos called; a second person must confirm it."
    assert "Another document" in obstacles(asks_for(administration=invoice.administration))[0].detail
    case.delete()
    case_of(invoice, rejected=True, decided_by__first_name="Ben", decided_by__last_name="Vos")
    assert "rejected by Ben Vos" in obstacles(invoice)[-1].detail
    accepted = case_of(
        invoice, iban=OTHER, accepted=True, decided_by__first_name="Ben", decided_by__last_name="Vos"
    )
    assert accounts.stands(accepted) == f"{OTHER}: accepted by Ben Vos."


def test_a_case_of_other_books_or_another_supplier_holds_nothing() -> None:
    invoice = asks_for(THEIR_IBAN)
    case_of(invoice, supplier=uuid4())
    IBANCaseFactory(supplier=CARD.supplier)
    assert obstacles(invoice) == []
    assert accounts.held_among([invoice, InvoiceFactory()]) == set()


def test_an_open_case_is_shown_before_a_rejected_one_and_what_is_named_before_what_is_not() -> None:
    invoice = asks_for(NEW, OTHER)
    case_of(invoice, rejected=True)
    elsewhere = case_of(invoice, iban="NL02RABO0123456789")
    assert accounts.holding(invoice) == elsewhere
    named = case_of(invoice, iban=OTHER)
    assert accounts.holding(invoice) == named
    assert (
        accounts.holding(InvoiceFactory(administration=None, state=State.ATTENTION, cause=Cause.NOT_OURS))
        is None
    )


def test_a_learned_account_is_known_although_the_card_lacks_it(books: Books) -> None:
    IBANCaseFactory(
        accepted=True, administration=books.administration, supplier=books.supplier.exact_id, iban=NEW
    )
    assert coded(xml(iban=NEW)).state == State.READY
    BankAccount.objects.all().delete()
    other = coded(xml(number="2", iban=OTHER))  # what was learned is something to differ from
    assert (other.cause, IBANCase.objects.filter(state=CaseState.OPEN).get().iban) == (
        Cause.IBAN_CHANGED,
        OTHER,
    )


def test_a_document_alone_opens_no_case_and_waits_for_one(books: Books) -> None:
    ActiveMethodFactory(administration=books.administration)
    invoice = coded(xml(iban=NEW))
    assert invoice.state == State.READY
    assert not IBANCase.objects.exists()
    IBANCaseFactory(administration=books.administration, supplier=books.supplier.exact_id)
    code(invoice)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.IBAN_CHANGED)


def test_the_telephone_numbers_of_a_document_are_read(books: Books) -> None:
    contact = "<cbc:ElectronicMail>"
    with_phone = changed(xml(), contact, f"<cbc:Telephone>+31 (0)20 123 45 67</cbc:Telephone>{contact}")
    invoice = coded(with_phone)
    assert accounts.numbers_on(invoice) == ["+31 (0)20 123 45 67"]
    invoice.payment["note"] = "Vragen? Bel 06-12345678."
    assert accounts.numbers_on(invoice)[1:] == ["06-12345678"]
