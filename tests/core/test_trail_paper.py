"""The audit trail as a PDF."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from apps.core.trail import Fact, Listed, Step, Trail, Value
from apps.core.trail_paper import download, paper
from tests.core.test_trail import NOW, trail

pytestmark = pytest.mark.usefixtures("english")


def full(number: str = "PO-1", **values: object) -> Trail:
    line = SimpleNamespace(position=1, description="Touw → 株式会社", net=Decimal("12.5"))
    bare = SimpleNamespace(position=2, description="", net=None)
    return trail(
        number=number,
        facts=(Fact("Vendor", "Ångström", "by its number"), Fact("Supplier", ""), Fact("State", "", "why")),
        steps=(Step(NOW, "Received", "Rosa", "order.xml"), Step(NOW, "Call", "", "made", "POST x/Y 201")),
        lists=(Listed("Answers", ("one", "two")),),
        lines=((line, [Value("item", "TOUW12", ""), Value("VAT code", "V21", "rule")]), (bare, [])),
        **values,
    )


def test_the_same_trail_gives_the_same_bytes() -> None:
    assert paper(full()).startswith(b"%PDF-")
    assert paper(full()) == paper(full())
    assert paper(full(is_in_test=True)) != paper(full())
    assert paper(full(number="PO-2")) != paper(full())


def test_it_is_a_download_that_nobody_else_keeps() -> None:
    answer = download(full(number="PO 1/ä"), 7)
    assert answer["Content-Disposition"] == 'attachment; filename="audit-trail-po-1a-7.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == paper(full(number="PO 1/ä"))
