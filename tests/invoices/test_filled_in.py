"""What is filled in for a person to agree with, and what is left to them."""

from typing import Any

import pytest

from apps.invoices.filled_in import chosen


def candidate(supplier: str, **values: Any) -> dict[str, Any]:
    known = {
        "supplier": supplier,
        "code": supplier,
        "name": supplier,
        "usable": True,
        "evidence": [],
        "against": [],
    }
    return {**known, "score": 0, "gap": 0, "sure": False, **values}


@pytest.mark.parametrize(
    ("candidates", "suggested", "expected"),
    [
        ([candidate("A", keys=[["kvk", "1"]])], "", "A"),
        ([candidate("A", keys=[["kvk", "1"]]), candidate("B", keys=[["kvk", "1"]])], "", ""),
        ([candidate("A", keys=[["kvk", "1"]]), candidate("B", keys=[["kvk", "1"]])], "A", ""),
        ([candidate("A", keys=[["kvk", "1"]], usable=False), candidate("B", keys=[["kvk", "1"]])], "", ""),
        ([candidate("A", score=95, gap=20), candidate("B", score=75)], "", "A"),
        ([candidate("A", score=95, gap=5), candidate("B", score=90)], "", ""),
        ([candidate("A", score=80, gap=80)], "", ""),
        ([candidate("A", score=100, gap=30, differences=[["kvk", "1"]])], "", ""),
        ([candidate("A", score=70, gap=10)], "C", "C"),
        ([], "", ""),
        ([], "C", "C"),
    ],
)
def test_what_is_filled_in_for_a_person_to_agree_with(
    candidates: list[dict[str, Any]], suggested: str, expected: str
) -> None:
    assert chosen(candidates, suggested) == expected
