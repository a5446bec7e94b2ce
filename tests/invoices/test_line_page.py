"""What the page of a document shows of one line."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.invoices import line_page
from apps.invoices.models import InvoiceLine, ValueSource
from apps.rules.sources import ICONS

pytestmark = pytest.mark.usefixtures("english")


def line(**values: Any) -> InvoiceLine:
    treatment = {
        name: values.pop(name) for name in ("private_use", "spread_from", "spread_to") if name in values
    }
    made = InvoiceLine(
        position=1, description="Lift", net=Decimal(100), tax=Decimal(21), gl_code="1", **values
    )
    for name, value in treatment.items():
        setattr(made, name, value)
    return made


def said(pk: int, *, won: bool, value: str = "1") -> dict[str, Any]:
    return {
        "pk": pk,
        "name": f"R{pk}",
        "owner": "the whole firm",
        "field": "gl_code",
        "value": value,
        "won": won,
    }


def test_the_rule_that_won_and_those_it_beat_are_told_with_what_may_be_opened() -> None:
    shown = line_page.content(line(rules=[said(1, won=True), said(2, won=False, value="2")]), None, {1})
    assert [(one["name"], one["label"], one["may_open"]) for one in shown["won"]] == [
        ("R1", "ledger account", True)
    ]
    assert [(one["name"], one["value"], one["may_open"]) for one in shown["beaten"]] == [("R2", "2", False)]


def test_parts_are_shown_with_their_amounts() -> None:
    codes = {"vat_code": "", "cost_center": "", "cost_unit": "", "gl_account": "x"}
    split = [
        {"percentage": "60", "amount": None, "gl_code": "1", **codes},
        {"percentage": None, "amount": "30", "gl_code": "2", **codes},
        {"percentage": None, "amount": None, "gl_code": "3", **codes},
    ]
    parts = line_page.content(line(split=split), None, set())["parts"]
    assert [(one["size"], one["part"].gl_code, one["part"].net) for one in parts] == [
        ("60 %", "1", 60),
        ("amount", "2", 30),
        ("the rest", "3", 10),
    ]


def test_what_else_is_done_is_told() -> None:
    shown = line_page.content(
        line(
            entry_text="Lift 2026",
            private_use=Decimal("12.50"),
            rules=[
                {**said(1, won=True, value="12.5"), "field": "private_use"},
                {**said(2, won=False, value="10"), "field": "private_use"},
                {**said(3, won=True, value="yes"), "field": "never_automatic"},
                {**said(4, won=False, value="months"), "field": "spread"},
            ],
            spread_from=date(2026, 1, 1),
            spread_to=date(2026, 12, 31),
        ),
        None,
        set(),
    )
    assert shown["besides"] == [
        ("Description in the books", "Lift 2026", ""),
        ("Private use", "12.5 %", "R1"),
        ("Spread over", "1-1-2026 - 31-12-2026", ""),
        ("Do not automate", "a person must look", "R3"),
    ]
    assert [one["value"] for one in shown["won"]] == ["12.5 %", "yes"]
    assert shown["beaten"][0]["value"] == "10 %"
    assert line_page.content(line(entry_text="Lift"), None, set())["besides"] == []


def test_who_vouches_has_a_sign_of_its_own() -> None:
    assert set(ICONS) == set(ValueSource.values)
