"""Booking rules as a table."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from apps.core.tables import reading, sheets
from apps.people.models import Role
from apps.rules import conditions
from apps.rules.checking import Status, check
from apps.rules.exchange import COLUMNS, Line, export_rows, lines_in
from apps.rules.models import BookingRule
from tests import office
from tests.clients.factories import AdministrationFactory, ClientFactory, ClientGroupFactory
from tests.rules.factories import BookingRuleFactory, RuleSplitFactory

pytestmark = pytest.mark.django_db


def rules() -> None:
    """Make rules with everything in them."""
    full = {
        "supplier_contains": "=Ziggo", "supplier_code": "0012", "vendor_key": "kvk 1", "classification": "A",
        "item_group": "G", "seller_item": "S;1", "commodity_code": "84", "text": "a|b", "text_in": "any",
        "text_match": "regex", "amount_from": Decimal("1.50"), "amount_to": Decimal(1234), "scenario": "nl_high",
        "buyer_reference": "B", "order_number": "PO", "delivery_address": "Kade",
    }  # fmt: skip
    outcome = {
        "gl_code": "0400", "vat_code": "4", "cost_center": "A", "cost_unit": "B", "description": "{text}",
        "private_use": Decimal("12.50"), "non_deductible": Decimal(25), "spread": "months", "spread_months": 12,
        "payment_condition": "30", "never_automatic": True, "active": False, "position": 7,
    }  # fmt: skip
    BookingRuleFactory(administration=AdministrationFactory(), **full, **outcome)
    BookingRuleFactory(client_group=ClientGroupFactory(), spread="document")
    split = BookingRuleFactory(client=ClientFactory())
    RuleSplitFactory(rule=split, percentage=Decimal("33.33"), gl_code="1", vat_code="4", cost_unit="x|y;z")
    RuleSplitFactory(rule=split, gl_code="2")


@pytest.mark.parametrize("make", [sheets.csv_of, lambda rows: sheets.xlsx_of(rows, title="rules")])
@pytest.mark.parametrize(("out", "into"), [("en", "nl"), ("nl", "en"), ("en", "en")])
def test_what_goes_out_changes_nothing_when_it_comes_in_again(make: Any, out: str, into: str) -> None:
    rules()
    with translation.override(out):
        content = make(export_rows(BookingRule.objects.all()))
    with translation.override(into):
        verdicts = check(lines_in(reading.read(content)), office.person(Role.ADMINISTRATOR))
    assert [(one.status, one.words) for one in verdicts] == [(Status.SAME, "")] * 3


def test_the_columns_are_the_fields_of_a_line() -> None:
    line = Line(1, **dict.fromkeys(COLUMNS.known, "x"))
    assert line.number == 1
    assert set(conditions.COLUMNS) <= set(COLUMNS.known)


def test_columns_are_known_in_both_languages() -> None:
    rows = reading.read(b"Naam;Grootboekrekening;BTW-code\na;4510;4\n")
    (line,) = lines_in(rows)
    assert (line.number, line.name, line.gl_code, line.vat_code) == (2, "a", "4510", "4")
