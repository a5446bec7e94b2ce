"""Cells of a list as fields of a rule."""

from decimal import Decimal
from typing import Any

import pytest

from apps.rules.written_rules import BadCell, fields_of


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("name", "a", "a"),
        ("position", "", 100),
        ("position", "7", 7),
        ("active", "", True),
        ("active", "Nee", False),
        ("never_automatic", "", False),
        ("never_automatic", "ja", True),
        ("amount_from", "", None),
        ("amount_from", "1.000,50", Decimal("1000.50")),
        ("private_use", "12,5 %", Decimal("12.5")),
        ("spread_months", "", None),
        ("spread_months", "12", 12),
        ("text_in", "", "line"),
        ("text_in", "anywhere", "any"),
        ("text_match", "Regular Expression", "regex"),
        ("scenario", "nl_high", "nl_high"),
        ("scenario", "Dutch VAT, high rate (21 %)", "nl_high"),
        ("spread", "not spread", ""),
        ("spread", "over the period on the document", "document"),
    ],
)
def test_cells_are_read(name: str, text: str, value: Any) -> None:
    assert fields_of({name: text}) == {name: value}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("position", "-1", "no whole number"),
        ("position", "1,5", "no whole number"),
        ("active", "perhaps", "neither yes nor no"),
        ("amount_to", "x", "no number"),
        ("amount_to", "1,234", "more than two decimals"),
        ("scenario", "x", "is none of these: Dutch VAT, high rate"),
    ],
)
def test_what_cannot_be_read_is_told(name: str, text: str, words: str) -> None:
    with pytest.raises(BadCell, match=words):
        fields_of({name: text})


def test_choices_are_known_in_dutch_too() -> None:
    assert fields_of({"text_in": "op de regel"}) == {"text_in": "line"}
