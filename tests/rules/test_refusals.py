"""What a booking rule may not be."""

from decimal import Decimal
from typing import Any

import pytest

from apps.rules.conditions import COLUMNS, Rule, Share
from apps.rules.models import RuleSplit
from apps.rules.refusals import CONDITIONS, LENGTHS, OUTCOMES, refusals
from apps.rules.words import Spread, TextMatch


def said(shares: tuple[Share, ...] = (), **values: Any) -> list[tuple[str, str]]:
    given = {"supplier_contains": "x", **({} if shares else {"gl_code": "1"}), **values}
    return [(one.field, one.words) for one in refusals(Rule("a", splits=shares, **given))]


def half(**values: Any) -> Share:
    return Share(**{"percentage": Decimal(50), "gl_code": "1", **values})


def test_each_column_of_a_rule_is_a_condition_an_outcome_or_says_how_to_read_one() -> None:
    besides = {"name", "text_in", "text_match", "spread_months"}
    assert {*CONDITIONS, *OUTCOMES} | besides == {*COLUMNS, "splits"}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"gl_code": "", "never_automatic": True},
        {"supplier_contains": "", "amount_from": Decimal(0)},
        {"text": "a(b)?", "text_match": TextMatch.REGEX},
        {"text": "((("},
        {"spread": Spread.MONTHS, "spread_months": 3},
        {"description": "{supplier} {period}"},
    ],
)
def test_what_is_good_is_not_refused(values: dict[str, Any]) -> None:
    assert said(**values) == []


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"supplier_contains": ""}, "", "at least one condition"),
        ({"gl_code": ""}, "splits", "Say what is to be done"),
        ({"text": "(((", "text_match": TextMatch.REGEX}, "text", "cannot be read"),
        ({"amount_from": Decimal(-1)}, "amount_from", "Leave the minus out"),
        ({"amount_from": Decimal(2), "amount_to": Decimal(1)}, "amount_to", "less than"),
        ({"description": "{vendor}"}, "description", "{vendor} means nothing here; these do: {supplier}"),
        ({"spread": Spread.MONTHS}, "spread_months", "how many months"),
        ({"spread_months": 3}, "spread_months", "Leave this empty"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(values: dict[str, Any], field: str, words: str) -> None:
    ((where, text),) = said(**values)
    assert where == field
    assert words in text


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((half(),), "One part is no split"),
        ((half(), half(gl_code="")), "needs a ledger account"),
        ((half(), half(amount=Decimal(1))), "not both"),
        ((half(percentage=None, amount=Decimal(0)), half(percentage=None)), "more than nothing"),
        ((half(percentage=None), half(percentage=None)), "alone can be the rest"),
        ((half(), half(percentage=None, amount=Decimal(5))), "must be the rest"),
        ((half(), half(percentage=Decimal("30.5"))), "come to 80.5 %, not to 100 %"),
        ((half(), half(), half(percentage=None)), "Nothing is left for the rest"),
    ],
)
def test_parts_must_come_out(shares: tuple[Share, ...], words: str) -> None:
    assert any(words in text for field, text in said(shares) if field == "splits")


@pytest.mark.parametrize(
    "shares",
    [
        (half(), half()),
        (half(), half(percentage=None)),
        (half(percentage=None, amount=Decimal(10)), half(percentage=None)),
        (half(percentage=Decimal("33.33")), half(percentage=Decimal("66.67"))),
    ],
)
def test_parts_that_come_out_are_good(shares: tuple[Share, ...]) -> None:
    assert said(shares) == []


def test_a_split_rule_has_no_account_of_its_own() -> None:
    assert "each part has its own" in said((half(), half()), gl_code="1")[0][1]


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((half(percentage=Decimal("33.333")), half(percentage=Decimal("66.667"))), "at most two decimals"),
        ((half(percentage=Decimal("0.001")), half(percentage=None)), "from 0.01 to 100"),
        ((half(percentage=None, amount=Decimal(10) ** 14), half(percentage=None)), "at most 14 digits"),
        ((half(), half(gl_code="9" * 61)), "longer than the 60 characters"),
        ((half(), half(vat_code="9" * 11)), "longer than the 10 characters"),
    ],
)
def test_parts_must_fit_their_columns(shares: tuple[Share, ...], words: str) -> None:
    assert any(words in text for field, text in said(shares) if field == "splits")


def test_the_columns_are_those_of_the_model() -> None:
    columns = {one.name: one.max_length for one in RuleSplit._meta.fields}
    assert {name: columns[name] for name in LENGTHS} == LENGTHS
