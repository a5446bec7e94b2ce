"""Stored rules as sentences."""

from typing import Any

import pytest

from apps.rules.conditions import Rule
from apps.rules.models import BookingRule
from apps.rules.saying import sentence_of, sentences_of, sentences_of_columns
from tests import office
from tests.clients.factories import ClientGroupFactory
from tests.exact.factories import GLAccountFactory, RelationFactory
from tests.rules.factories import BookingRuleFactory

pytestmark = pytest.mark.django_db


def test_rules_of_an_administration_name_accounts_as_its_books_do(django_assert_max_num_queries: Any) -> None:
    books = office.books("Ooievaar")
    GLAccountFactory(division=books.division, code="X1", description="Telephone")
    for owner in ({"administration": books.administration}, {"client": books.client}, {}):
        BookingRuleFactory(gl_code="X1", **owner)
    rows = (
        BookingRule.objects.filter(gl_code="X1")
        .select_related("administration", "client", "client_group")
        .prefetch_related("splits")
    )
    with django_assert_max_num_queries(3):
        said = list(sentences_of(rows.order_by("pk")).values())
    plain = "All purchases from “e” → X1, VAT as on the document"
    assert said == [plain.replace("X1", "X1 Telephone"), plain, plain]


def test_a_rule_that_is_not_stored_is_said_with_its_group() -> None:
    row = BookingRule(client_group=ClientGroupFactory(name="Care"))
    assert "at clients of the group Care" in sentence_of(row, Rule("a", text="x"))


def test_a_supplier_is_called_as_its_card_also_where_exact_pads_its_code() -> None:
    books = office.books("Ooievaar")
    for code, name in (("711".rjust(18), "Padded"), ("712", "Plain")):
        RelationFactory(division=books.division, code=code, name=name)
    RelationFactory(code="712", name="Elsewhere")
    said = sentences_of_columns(
        {"administration": books.administration, "name": "a", "supplier_code": code, "gl_code": "X9"}
        for code in ("711", "712", "713")
    )
    assert [words.partition(" →")[0] for words in said] == [
        "All purchases from supplier 711 Padded",
        "All purchases from supplier 712 Plain",
        "All purchases from supplier 713",
    ]
