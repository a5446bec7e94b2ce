"""What was seen on the lines is told once for the document."""

import pytest

from apps.intake.findings import Finding
from apps.invoices.vat_findings import ranges, told

FOREIGN = Finding("foreign_vat", {"country": "BE", "rate": "21"})
OTHER = {"code": "prepaid", "values": {"found": "10"}, "cause": ""}

pytestmark = pytest.mark.usefixtures("english")


def test_the_same_on_several_lines_is_told_once_with_their_numbers() -> None:
    seen = [(1, FOREIGN), (2, FOREIGN), (3, FOREIGN), (7, FOREIGN), (7, Finding("margin_text"))]
    found = told([OTHER], seen, lines=9)
    assert [one["code"] for one in found] == ["prepaid", "foreign_vat", "margin_text"]
    assert [one["values"].get("lines") for one in found] == [None, "1-3, 7", "7"]
    assert Finding(**found[1]).sentence().endswith("(line 1-3, 7)")


def test_what_is_so_on_all_lines_names_none() -> None:
    assert "lines" not in told([], [(1, FOREIGN), (2, FOREIGN)], lines=2)[0]["values"]


def test_other_values_are_another_finding() -> None:
    low = Finding("foreign_vat", {"country": "BE", "rate": "6"})
    assert [one["values"]["rate"] for one in told([], [(1, FOREIGN), (2, low)], lines=2)] == ["21", "6"]


def test_what_an_earlier_coding_saw_is_taken_back() -> None:
    earlier = told([OTHER], [(1, FOREIGN)], lines=1)
    assert told(earlier, [], lines=1) == [OTHER]


def test_numbers_are_written_as_people_do() -> None:
    assert ranges([3, 1, 2, 2]) == "1-3"
    assert ranges([5]) == "5"
    assert ranges([1, 3, 4, 9]) == "1, 3-4, 9"
