"""Mappings that come in by the dozen are remembered in one place."""

from typing import Any

import pytest

from apps.people.models import Role
from apps.vendors import adopting
from apps.vendors.evidence import DOCUMENT, Key
from apps.vendors.models import Mapping, Origin, Scope
from tests import office
from tests.vendors.factories import MappingFactory

pytestmark = pytest.mark.django_db

KEY = Key("kvk", "72345678")


def test_adopting_twice_is_adopting_once() -> None:
    books = office.books("Ooievaar")
    by = office.person(Role.BOOKKEEPER, books.client)
    values: dict[str, Any] = {"before": "", "by": by, "origin": Origin.HISTORY}
    assert adopting.adopt(books.administration, KEY, books.relation, **values)
    assert not adopting.adopt(books.administration, KEY, books.relation, **values)
    assert adopting.current(books.administration, KEY) == str(books.relation.exact_id)
    mapping = Mapping.objects.get(kind=KEY.kind, value=KEY.value)
    assert (mapping.origin, mapping.learned_from) == (Origin.HISTORY, by)


def test_what_was_decided_for_one_document_only_is_no_decision_for_good() -> None:
    books = office.books("Ooievaar")
    mapping = MappingFactory(
        administration=books.administration, kind=DOCUMENT, value="7", scope=Scope.DOCUMENT
    )
    assert adopting.current(books.administration, KEY) == ""
    by = office.person(Role.BOOKKEEPER, books.client)
    assert adopting.adopt(books.administration, KEY, books.relation, before="", by=by, origin=Origin.IMPORT)
    adopted = Mapping.objects.valid().get(kind=KEY.kind, value=KEY.value)
    assert (adopted.scope, adopted.supplier) == (Scope.SENDER, books.relation.exact_id)
    mapping.refresh_from_db()
    assert mapping.forgotten_at is None
