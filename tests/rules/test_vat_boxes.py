"""What the scenarios mean in the VAT return."""

from typing import Any

import pytest

from apps.rules import vat_boxes
from apps.rules.scenario import Scenario
from apps.rules.vat_boxes import OWED, TREATMENTS, Treatment

BOXES = {
    "nl_high": "5b",
    "nl_low": "5b",
    "nl_zero": "-",
    "nl_exempt": "-",
    "nl_reverse": "2a + 5b",
    "eu_goods": "4b + 5b",
    "eu_services": "4b + 5b",
    "import": "4a + 5b",
    "non_eu_services": "4a + 5b",
    "margin": "-",
    "foreign": "-",
    "outside": "-",
}


def test_every_scenario_has_its_boxes() -> None:
    assert {scenario.value: one.shown for scenario, one in TREATMENTS.items()} == BOXES
    assert set(TREATMENTS) == set(Scenario)


def test_what_is_owed_is_reclaimed_too_and_everything_says_where_it_stands() -> None:
    for one in TREATMENTS.values():
        assert not set(one.boxes) & set(OWED) or "5b" in one.boxes
        assert one.booked
        assert one.source


@pytest.mark.parametrize(
    "changed", [{"boxes": ("1a",)}, {"booked": "Something else."}, {"source": "another article"}]
)
def test_the_mark_of_the_table_changes_with_each_part_of_it(
    changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, one = vat_boxes.digest(), TREATMENTS[Scenario.MARGIN]
    assert before == vat_boxes.digest()
    values = {"boxes": one.boxes, "booked": one.booked, "source": one.source}
    monkeypatch.setitem(TREATMENTS, Scenario.MARGIN, Treatment(**{**values, **changed}))
    assert vat_boxes.digest() != before
