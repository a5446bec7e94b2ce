"""Own numbers, shared domains and factoring accounts are right, and say nothing of the vendor."""

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.vendors import no_evidence
from apps.vendors.evidence import Key
from tests.clients.factories import AdministrationIdentifierFactory
from tests.vendors.factories import IBANCaseFactory, SharedDomainFactory

pytestmark = pytest.mark.django_db


def test_one_query_tells_which_keys_say_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    AdministrationIdentifierFactory(kind="kvk", value="17131139")
    SharedDomainFactory(domain="facturen.example")
    factoring = IBANCaseFactory(accepted=True, is_factoring=True)
    IBANCaseFactory(accepted=True, iban="NL61KNAB0378426944")
    keys = {
        Key("kvk", "17131139"),
        Key("domain", "facturen.example"),
        Key("iban", factoring.iban),
    }
    others = {Key("kvk", "34567892"), Key("oin", "17131139"), Key("iban", "NL61KNAB0378426944")}
    with django_assert_num_queries(1):
        assert no_evidence.among(keys | others) == keys


def test_nothing_is_asked_for_nothing() -> None:
    assert no_evidence.among([]) == frozenset()
