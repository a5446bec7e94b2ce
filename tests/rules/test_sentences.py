"""A booking rule as a sentence."""

from decimal import Decimal
from typing import Any

import pytest

from apps.rules.conditions import Rule, Share
from apps.rules.sentences import sentence
from apps.rules.words import Spread, TextIn, TextMatch


def test_the_sentence_of_the_usual_rule() -> None:
    rule = Rule("a", supplier_contains="Ziggo", gl_code="4510")
    names = {("gl_code", "4510"): "Telephone"}
    assert sentence(rule, names) == "All purchases from “Ziggo” → 4510 Telephone, VAT as on the document"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"supplier_code": "12"}, "All purchases from supplier 12"),
        ({"vendor_key": "kvk 1"}, "from the vendor with KvK 1"),
        ({"classification": "A"}, "from suppliers of class “A”"),
        ({"text": "x"}, "with “x” on the line"),
        (
            {"text": "x", "text_in": TextIn.HEADER, "text_match": TextMatch.WORD},
            "with the word “x” in the header",
        ),
        (
            {"text": "x", "text_in": TextIn.ANYWHERE, "text_match": TextMatch.REGEX},
            "with a text like /x/ on the line or in the header",
        ),
        ({"item_group": "G"}, "of item group G"),
        ({"seller_item": "S"}, "of the seller's item S"),
        ({"commodity_code": "84"}, "with a commodity code that begins with 84"),
        ({"scenario": "nl_high"}, "with scenario “Dutch VAT, high rate (21 %)”"),
        ({"amount_from": Decimal(5)}, "with an amount of at least 5.00"),
        ({"amount_to": Decimal(1234)}, "with an amount of at most 1,234.00"),
        ({"amount_from": Decimal(0), "amount_to": Decimal(9)}, "with an amount of 0.00 to 9.00"),
        ({"buyer_reference": "B"}, "with buyer reference “B”"),
        ({"order_number": "PO"}, "with an order number that begins with “PO”"),
        ({"delivery_address": "Kade"}, "delivered to “Kade”"),
    ],
)
def test_each_condition_is_said(values: dict[str, Any], words: str) -> None:
    assert words in sentence(Rule("a", gl_code="1", **values)).split(" → ")[0]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "nothing yet"),
        ({"gl_code": "1", "vat_code": "4"}, "1, VAT code 4"),
        ({"cost_center": "A", "cost_unit": "B"}, "cost centre A, cost unit B"),
        ({"private_use": Decimal("12.50")}, "12.5 % private use"),
        ({"non_deductible": Decimal(25)}, "25 % of the VAT is not deductible"),
        ({"spread": Spread.DOCUMENT}, "spread over the period on the document"),
        ({"spread": Spread.MONTHS, "spread_months": 1}, "spread over 1 month"),
        ({"spread": Spread.MONTHS, "spread_months": 12}, "spread over 12 months"),
        ({"description": "{text}"}, "described as “{text}”"),
        ({"payment_condition": "30"}, "payment condition 30"),
        ({"never_automatic": True}, "a person looks at each"),
    ],
)
def test_each_outcome_is_said(values: dict[str, Any], words: str) -> None:
    assert sentence(Rule("a", text="x", **values)).split(" → ")[1] == words


def test_a_split_and_a_group_are_said() -> None:
    shares = (
        Share(percentage=Decimal("60.00"), gl_code="1", vat_code="4", cost_center="A"),
        Share(amount=Decimal(50), gl_code="2"),
        Share(gl_code="3"),
    )
    said = sentence(Rule("a", supplier_contains="X", splits=shares), group="Care")
    assert said == (
        "All purchases from “X”, at clients of the group Care → "
        "60 % on 1 (VAT code 4, cost centre A) + 50.00 on 2 + the rest on 3, VAT as on the document"
    )
