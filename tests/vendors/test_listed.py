"""The lists as matching wants them."""

from typing import Any

import pytest

from apps.vendors.collective import Rule
from apps.vendors.evidence import NO_EVIDENCE_DOMAINS, Key
from apps.vendors.listed import own_numbers, rules_of, shared_domains
from tests.clients.factories import AdministrationIdentifierFactory
from tests.vendors.factories import CollectiveVendorFactory, SharedDomainFactory

pytestmark = pytest.mark.django_db


def test_the_active_rules_of_one_administration_with_one_query(django_assert_num_queries: Any) -> None:
    fuel = CollectiveVendorFactory(name="Fuel", words="Shell\nEsso\n@shell.nl\nBP")
    CollectiveVendorFactory(administration=fuel.administration, name="Gone", active=False)
    CollectiveVendorFactory(name="Of another")
    with django_assert_num_queries(1):
        rules = rules_of(fuel.administration)
    assert rules == [Rule("Fuel", str(fuel.supplier), ("shell", "esso"), ("shell.nl",))]


def test_what_staff_added_stands_beside_the_products_own_list(django_assert_num_queries: Any) -> None:
    SharedDomainFactory(domain="portal.example")
    with django_assert_num_queries(1):
        found = shared_domains()
    assert found == NO_EVIDENCE_DOMAINS | {"portal.example"}


def test_the_numbers_of_every_administration_are_the_firms_own() -> None:
    numbers = {(row.kind, row.value) for row in AdministrationIdentifierFactory.create_batch(2)}
    assert own_numbers() >= {Key(*number) for number in numbers}
