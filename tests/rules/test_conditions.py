"""When a rule fits, when it does not, and when that cannot be said."""

from decimal import Decimal
from typing import Any

import pytest
import regex

from apps.rules.conditions import DocumentFacts, LineFacts, Patience, Rule, fitting, unreadable
from apps.rules.words import TextIn, TextMatch

DOCUMENT = DocumentFacts(
    supplier_name="Windzee B.V.",
    supplier_code="10",
    classification="UTIL",
    vendor_keys=frozenset({"kvk 12345678"}),
    header="Levering over maart\nContract 7",
    buyer_reference="Afd. Bakkerij",
    order_number="PO-4711",
    delivery_address="Havenweg 3, 1234 AB, Zeewijk",
)
LINE = LineFacts(
    text="Stroom en netbeheer",
    amount=Decimal("-120.50"),
    seller_item="KWH-1",
    commodity_code="09310000",
    item_group="ENERGY",
    scenario="nl_high",
)


@pytest.mark.parametrize(
    ("fits", "not_"),
    [
        ({"supplier_contains": "WIND"}, {"supplier_contains": "belnet"}),
        ({"supplier_code": "10"}, {"supplier_code": "1"}),
        ({"vendor_key": "KVK 12345678"}, {"vendor_key": "kvk 1234567"}),
        ({"classification": "util"}, {"classification": "ut"}),
        ({"item_group": "energy"}, {"item_group": "ene"}),
        ({"seller_item": "kwh-1"}, {"seller_item": "kwh"}),
        ({"commodity_code": "0931"}, {"commodity_code": "310"}),
        ({"text": "NETBEHEER"}, {"text": "gas"}),
        ({"text": "maart", "text_in": TextIn.HEADER}, {"text": "stroom", "text_in": TextIn.HEADER}),
        ({"text": "contract 7", "text_in": TextIn.ANYWHERE}, {"text": "april", "text_in": TextIn.ANYWHERE}),
        ({"text": "stroom", "text_match": TextMatch.WORD}, {"text": "net", "text_match": TextMatch.WORD}),
        (
            {"text": r"^stroom\b", "text_match": TextMatch.REGEX},
            {"text": "^net", "text_match": TextMatch.REGEX},
        ),
        ({"amount_from": Decimal("120.50")}, {"amount_from": Decimal("120.51")}),
        ({"amount_to": Decimal("120.50")}, {"amount_to": Decimal("120.49")}),
        ({"scenario": "nl_high"}, {"scenario": "nl_low"}),
        ({"buyer_reference": "afd. bakkerij"}, {"buyer_reference": "afd."}),
        ({"order_number": "po-"}, {"order_number": "4711"}),
        ({"delivery_address": "havenweg"}, {"delivery_address": "kade"}),
    ],
)
def test_each_condition_holds_or_not(fits: dict[str, Any], not_: dict[str, Any]) -> None:
    assert Rule("r", **fits).fits(DOCUMENT, LINE) is True
    assert Rule("r", **not_).fits(DOCUMENT, LINE) is False
    assert Rule("r", **fits).fits(DocumentFacts(), LineFacts()) is None
    assert Rule("r", **{**fits, "supplier_code": "99"}).fits(DOCUMENT, LINE) is False


def test_a_condition_that_fails_says_no_even_where_another_cannot_be_answered() -> None:
    rule = Rule("r", supplier_code="99", buyer_reference="x")
    assert rule.fits(DocumentFacts(supplier_code="10"), LINE) is False
    assert (
        Rule("r", supplier_code="10", buyer_reference="x").fits(DocumentFacts(supplier_code="10"), LINE)
        is None
    )


def test_a_text_anywhere_is_found_although_the_header_is_not_known() -> None:
    rule = Rule("r", text="stroom", text_in=TextIn.ANYWHERE)
    assert rule.fits(DocumentFacts(), LINE) is True
    assert Rule("r", text="gas", text_in=TextIn.ANYWHERE).fits(DocumentFacts(), LINE) is None


def test_a_rule_without_a_condition_fits_everything() -> None:
    assert Rule("r").fits(DocumentFacts(), LineFacts()) is True


def test_a_word_may_hold_signs() -> None:
    rule = Rule("r", text="c++ (jaar)", text_match=TextMatch.WORD)
    assert rule.fits(DOCUMENT, LineFacts(text="Cursus C++ (jaar), deel 1")) is True
    assert rule.fits(DOCUMENT, LineFacts(text="Cursus c++ (jaar)lijks")) is False


def test_an_expression_that_takes_too_long_does_not_speak_and_nothing_waits_for_it() -> None:
    rule = Rule("slow", text="(a+)+$", text_match=TextMatch.REGEX)
    assert rule.fits(DOCUMENT, LineFacts(text="a" * 5000 + "!")) is None
    found = fitting([rule, Rule("next")], DOCUMENT, LineFacts(text="a" * 5000 + "!"))
    assert found == ([Rule("next")], [rule])


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every search takes too long; return the expressions that were tried."""
    tried: list[str] = []

    def search(pattern: str, *_text: object, **_how: object) -> None:
        tried.append(pattern)
        raise TimeoutError

    monkeypatch.setattr(regex, "search", search)
    return tried


def test_what_took_too_long_once_is_not_tried_again_as_long_as_the_patience_lasts(
    searches: list[str],
) -> None:
    slow = Rule("slow", text="(a+)+$", text_match=TextMatch.REGEX, text_in=TextIn.ANYWHERE)
    patience = Patience()
    for _line in range(100):
        assert fitting([slow], DOCUMENT, LINE, patience) == ([], [slow])
    assert searches == ["(a+)+$"]
    fitting([slow], DOCUMENT, LINE, Patience())
    assert len(searches) == 2


def test_a_text_is_not_looked_for_where_another_condition_fails(searches: list[str]) -> None:
    slow = Rule("slow", text="(a+)+$", text_match=TextMatch.REGEX, seller_item="99")
    assert fitting([slow], DOCUMENT, LINE) == ([], [])
    assert searches == []


def test_an_unreadable_expression_is_told_and_does_not_speak() -> None:
    assert "bracket" in unreadable("a(b") or unreadable("a(b")
    assert unreadable("a(b)") == ""
    assert Rule("r", text="a(b", text_match=TextMatch.REGEX).fits(DOCUMENT, LINE) is None


def test_a_text_is_not_searched_when_another_condition_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def search(*_args: object, **_how: object) -> None:
        raise AssertionError

    monkeypatch.setattr("apps.rules.conditions.regex.search", search)
    rule = Rule("r", amount_from=Decimal(1000), text="x", text_match=TextMatch.REGEX)
    assert rule.fits(DOCUMENT, LINE) is False


def test_what_a_rule_asks_of_the_document_is_not_asked_for_each_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_args: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Rule, "_about_document", asked)
    rule = Rule("r", supplier_contains="anker", seller_item=LINE.seller_item or "")
    assert fitting([rule], DOCUMENT, LINE)[0] == [rule]
