"""Who the vendor is, why, and what is doubtful about it."""

import pytest

from apps.clients.models import Administration
from apps.core.causes import Cause
from apps.exact.models import BankAccount
from apps.invoices.identifying import identify
from apps.invoices.models import Invoice
from apps.vendors.evidence import Key
from apps.vendors.identifying import Identified
from apps.vendors.learning import keys_about
from apps.vendors.models import IBANCase, Question
from tests.clients.factories import AdministrationFactory, AdministrationIdentifierFactory
from tests.exact.factories import BankAccountFactory, RelationFactory
from tests.invoices.conftest import Books
from tests.invoices.documents import THEIR_IBAN, THEIR_KVK, THEIR_VAT
from tests.invoices.factories import InvoiceFactory
from tests.vendors.factories import MappingFactory

pytestmark = pytest.mark.django_db


def invoice_of(administration: Administration, *keys: str, ibans: tuple[str, ...] = ()) -> Invoice:
    made: Invoice = InvoiceFactory(
        administration=administration, vendor={"keys": list(keys)}, payment={"ibans": list(ibans)}
    )
    return made


def of(books: Books, *keys: str, ibans: tuple[str, ...] = ()) -> Identified:
    return identify(
        invoice_of(books.administration, *keys, ibans=ibans), books.administration, books.division
    )


def test_the_supplier_comes_with_every_number_that_speaks_for_it(books: Books) -> None:
    found = of(books, f"vat {THEIR_VAT}", f"kvk {THEIR_KVK}")
    assert found.relation == books.supplier
    assert found.obstacles == []
    assert found.values["supplier_why"].index(THEIR_VAT) < found.values["supplier_why"].index(THEIR_KVK)


def test_a_mapping_says_that_it_was_one(books: Books) -> None:
    MappingFactory(
        administration=books.administration, kind="kvk", value="11111111", supplier=books.supplier.exact_id
    )
    found = of(books, "kvk 11111111")
    assert found.relation == books.supplier
    assert "11111111" in found.values["supplier_why"]


def test_a_vendor_without_numbers_is_remembered_by_its_name(books: Books) -> None:
    assert of(books).obstacles[0].cause == Cause.VENDOR_UNKNOWN
    question = Question.objects.get()
    MappingFactory(
        administration=books.administration,
        kind=question.party["identity"][0],
        value=question.party["identity"][1],
        supplier=books.supplier.exact_id,
    )
    assert of(books).relation == books.supplier


def test_a_vendor_without_number_and_name_can_be_nobody_and_nothing_is_asked(books: Books) -> None:
    nameless = InvoiceFactory(administration=books.administration, vendor_name=" ", vendor={"keys": []})
    found = identify(nameless, books.administration, books.division)
    assert [one.cause for one in found.obstacles] == [Cause.VENDOR_UNKNOWN]
    assert found.obstacles[0].detail
    assert not Question.objects.exists()


def test_a_mapping_of_another_administration_does_not_count(books: Books) -> None:
    MappingFactory(kind="kvk", value="11111111", supplier=books.supplier.exact_id)
    assert of(books, "kvk 11111111").obstacles[0].cause == Cause.VENDOR_UNKNOWN


def test_a_conflict_shows_the_candidates_with_their_numbers(books: Books) -> None:
    other = RelationFactory(division=books.division, oin="00000001823288444000")
    found = of(books, f"kvk {THEIR_KVK}", "oin 00000001823288444000")
    assert [one.cause for one in found.obstacles] == [Cause.VENDOR_CONFLICT]
    assert books.supplier.code in found.obstacles[0].detail
    assert f"{other.code} {other.name}: OIN 00000001823288444000" in found.obstacles[0].detail
    assert found.values["question"].shown[0]["evidence"][0] == f"KvK {THEIR_KVK}"


def test_without_a_division_nobody_can_be_found_and_nothing_is_asked() -> None:
    administration = AdministrationFactory()
    found = identify(invoice_of(administration, "kvk 1"), administration, None)
    assert (found.relation, [one.cause for one in found.obstacles]) == (None, [Cause.VENDOR_UNKNOWN])
    assert not Question.objects.exists()


@pytest.mark.parametrize("ibans", [(), (THEIR_IBAN,)])
def test_no_account_or_a_known_one_raises_no_doubt(books: Books, ibans: tuple[str, ...]) -> None:
    assert of(books, f"kvk {THEIR_KVK}", ibans=ibans).obstacles == []


@pytest.mark.parametrize("beside", [(), (THEIR_IBAN,)])
def test_an_account_that_is_not_on_the_card_is_a_case_that_shows_both(
    books: Books, beside: tuple[str, ...]
) -> None:
    found = of(books, f"kvk {THEIR_KVK}", ibans=("NL91ABNA0417164300", *beside))
    assert found.relation == books.supplier
    assert {one.cause for one in found.obstacles} == {Cause.IBAN_CHANGED}
    assert "NL91ABNA0417164300" in found.obstacles[0].detail
    assert THEIR_IBAN in found.obstacles[0].detail
    assert IBANCase.objects.get().iban == "NL91ABNA0417164300"


def test_a_card_without_any_account_has_nothing_to_differ_from(books: Books) -> None:
    BankAccount.objects.all().delete()
    assert of(books, f"kvk {THEIR_KVK}", ibans=("NL91ABNA0417164300",)).obstacles == []


def test_an_account_of_another_supplier_is_a_conflict(books: Books) -> None:
    other = RelationFactory(division=books.division)
    BankAccountFactory(division=books.division, relation=other.exact_id, iban="NL91ABNA0417164300")
    found = of(books, f"kvk {THEIR_KVK}", "iban NL91ABNA0417164300", ibans=("NL91ABNA0417164300",))
    assert [one.cause for one in found.obstacles] == [Cause.VENDOR_CONFLICT]


def test_a_number_of_our_own_is_no_number_to_remember_a_vendor_by(books: Books) -> None:
    AdministrationIdentifierFactory(kind="domain", value="ours.example")
    made = of(books, "kvk 11112222", "domain ours.example").values["question"]
    assert keys_about(made) == [Key("kvk", "11112222")]
