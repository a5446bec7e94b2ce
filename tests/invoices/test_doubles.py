"""Which documents repeat an earlier one: certainly, possibly, or not at all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.clients.models import Administration
from apps.intake.party_json import known_as
from apps.invoices.doubles import Fingerprint, find
from apps.invoices.models import Invoice
from tests.clients.factories import AdministrationFactory
from tests.invoices.factories import InvoiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administration() -> Administration:
    made: Administration = AdministrationFactory()
    return made


def earlier(administration: Administration | None, *keys: str, **values: Any) -> Invoice:
    """An invoice 2026-0042 of 121.00 that came in before, from the vendor with these numbers."""
    known = {"number": "2026-0042", "vendor_name": "Anker", "vendor": {"keys": list(keys)}}
    made: Invoice = InvoiceFactory(administration=administration, **{**known, **values})
    return made


def print_of(administration: Administration | None, *keys: str, **values: Any) -> Fingerprint:
    known = Fingerprint(
        administration.pk if administration else None,
        keys,
        "Anker",
        "2026-0042",
        date(2026, 9, 15),
        Decimal("121.00"),
    )
    return replace(known, **values)


def test_same_vendor_number_date_and_amount_is_a_certain_double(administration: Administration) -> None:
    first = earlier(administration, "kvk 1")
    double = find(print_of(administration, "kvk 1"))
    assert double
    assert (double.invoice, double.certain) == (first, True)


@pytest.mark.parametrize(
    "values",
    [{"payable": Decimal("-121.00")}, {"payable": Decimal("121.01")}, {"issue_date": date(2026, 9, 16)}],
)
def test_the_same_number_with_other_figures_is_possible(
    administration: Administration, values: dict[str, Any]
) -> None:
    earlier(administration, "kvk 1")
    double = find(print_of(administration, "kvk 1", **values))
    assert double
    assert not double.certain


def test_a_certain_double_comes_before_an_older_possible_one(administration: Administration) -> None:
    earlier(administration, "kvk 1", payable=Decimal("5.00"))
    certain = earlier(administration, "kvk 1")
    double = find(print_of(administration, "kvk 1"))
    assert double
    assert double.invoice == certain


def test_capitals_and_blanks_in_a_number_do_not_matter(administration: Administration) -> None:
    earlier(administration, "kvk 1", number="f 12", number_key="f12")
    assert find(print_of(administration, "kvk 1", number="F1 2"))


def test_another_administration_number_or_vendor_is_no_double(administration: Administration) -> None:
    earlier(administration, "kvk 1")
    assert find(print_of(AdministrationFactory(), "kvk 1")) is None
    assert find(print_of(None, "kvk 1")) is None
    assert find(print_of(administration, "kvk 1", number="2026-0043")) is None
    assert find(print_of(administration, "kvk 2")) is None


def test_documents_of_nobody_are_doubles_only_for_the_same_receiver() -> None:
    customer = {"name": "Werf", "identifiers": [["kvk", "17131139", True], ["vat", "NL1", False]]}
    first = earlier(None, "kvk 1", customer=customer)
    mine = print_of(None, "kvk 1", receiver=known_as(customer))
    double = find(mine)
    assert double
    assert double.invoice == first
    other = replace(mine, receiver=known_as({"name": "Kade"}))
    assert find(other) is None
    assert other.double_key != mine.double_key


def test_a_receiver_is_known_by_its_numbers_in_any_order_else_by_its_name() -> None:
    one = {"identifiers": [["kvk", "1", True], ["vat", "2", True]]}
    other = {"name": "x", "identifiers": [["vat", "2", True], ["kvk", "1", True]]}
    assert known_as(one) == known_as(other)
    assert known_as({"name": "Werf"}) == known_as({"name": "WERF"}) != known_as({})


def test_any_number_in_common_is_the_same_vendor(administration: Administration) -> None:
    earlier(administration, "vat 1", "iban 3")
    assert find(print_of(administration, "kvk 2", "iban 3"))


@pytest.mark.parametrize("shared", ["iban 3", "domain x.example"])
def test_sister_companies_share_accounts_and_domains_and_are_two_vendors(
    administration: Administration, shared: str
) -> None:
    earlier(administration, "vat 1", "kvk 1", shared)
    assert find(print_of(administration, "vat 2", "kvk 1", shared)) is None


def test_vendors_without_numbers_are_compared_by_name(administration: Administration) -> None:
    earlier(administration)
    assert find(print_of(administration, vendor="ANKER"))
    assert find(print_of(administration, vendor="Boei")) is None


def test_without_a_number_vendor_date_and_amount_decide(administration: Administration) -> None:
    earlier(administration, "kvk 1", number="", number_key="")
    double = find(print_of(administration, "kvk 1", number=""))
    assert double
    assert double.certain
    assert find(print_of(administration, "kvk 1", number="", payable=Decimal("1.00"))) is None


def test_a_document_is_no_double_of_itself(administration: Administration) -> None:
    first = earlier(administration, "kvk 1")
    assert find(print_of(administration, "kvk 1"), besides=first.pk) is None


def test_the_vendor_is_found_among_any_number_of_others_with_that_invoice_number(
    administration: Administration, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(250):
        earlier(administration, f"kvk {n + 10}")
    last = earlier(administration, "kvk 1")
    with django_assert_num_queries(1):
        double = find(print_of(administration, "kvk 1"))
    assert double
    assert double.invoice == last


def test_the_key_that_the_database_keeps_unique_follows_the_figures(administration: Administration) -> None:
    one = print_of(administration, "kvk 1")
    assert one.double_key == replace(one, payable=Decimal("121.0"), number=" 2026-0042").double_key
    assert one.double_key == replace(one, keys=("kvk 1", "iban 9")).double_key
    others = [
        replace(one, administration=None),
        replace(one, keys=("kvk 2",)),
        replace(one, number="2026-0043"),
        replace(one, issue_date=date(2026, 9, 16)),
        replace(one, payable=Decimal("-121.00")),
    ]
    assert len({one.double_key, *(other.double_key for other in others)}) == 6
