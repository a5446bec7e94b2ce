"""Lines of a document as lines of an entry: split and taken together, always the document's sums."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.clients.models import EntryLines
from apps.core.money import ZERO
from apps.invoices.entry_lines import amounts_of, entry_lines, lines_of, share_json
from apps.invoices.models import InvoiceLine
from apps.rules.conditions import Share
from tests.clients.factories import AdministrationFactory
from tests.invoices.factories import InvoiceFactory, InvoiceLineFactory


def line(net: str | Decimal = "100.00", tax: str | Decimal | None = "21.00", **more: Any) -> InvoiceLine:
    values = {"description": "Touw", "gl_code": "4000", "vat_code": "V21", "split": [], **more}
    return InvoiceLine(net=Decimal(net), tax=None if tax is None else Decimal(tax), **values)


def percent(value: str, **more: Any) -> Share:
    return Share(percentage=Decimal(value), **more)


def fixed(value: str, **more: Any) -> Share:
    return Share(amount=Decimal(value), **more)


REST = Share()


def amounts(net: str, *shares: Share) -> list[str] | None:
    found = amounts_of(Decimal(net), shares)
    return None if found is None else [str(amount) for amount in found]


@pytest.mark.parametrize(
    ("net", "shares", "expected"),
    [
        ("100.00", [percent("50"), percent("50")], ["50.00", "50.00"]),
        ("0.01", [percent("50"), percent("50")], ["0.01", "0.00"]),
        ("100.00", [percent("33.33"), percent("33.33"), percent("33.34")], ["33.33", "33.33", "33.34"]),
        ("100.00", [fixed("30.00"), REST], ["30.00", "70.00"]),
        ("-100.00", [fixed("30.00"), REST], ["-30.00", "-70.00"]),
        ("100.00", [REST, fixed("30.00"), percent("25")], ["45.00", "30.00", "25.00"]),
        ("100.00", [fixed("40.00"), fixed("60.00")], ["40.00", "60.00"]),
        ("100.00", [REST], ["100.00"]),
        ("20.00", [fixed("30.00"), REST], None),
        ("100.00", [fixed("40.00"), fixed("50.00")], None),
        ("100.00", [percent("50"), percent("40")], None),
        ("100.00", [REST, REST], None),
        ("100.00", [], None),
    ],
)
def test_parts_come_to_the_line_or_there_are_none(
    net: str, shares: list[Share], expected: list[str] | None
) -> None:
    assert amounts(net, *shares) == expected


def test_a_line_without_parts_is_one_entry_line_with_all_it_has() -> None:
    whole = line(
        entry_text="Rope",
        cost_center="K1",
        cost_unit="U1",
        private_use=Decimal("12.5"),
        non_deductible=Decimal(30),
        spread_from=date(2026, 1, 1),
        spread_to=date(2026, 12, 31),
    )
    (found,) = entry_lines([whole])
    assert (found.net, found.tax, found.gross) == (Decimal(100), Decimal(21), Decimal(121))
    assert (found.text, found.cost_center, found.cost_unit) == ("Rope", "K1", "U1")
    assert (found.private_use, found.non_deductible) == (Decimal("12.5"), Decimal(30))
    assert (found.spread_from, found.spread_to) == (date(2026, 1, 1), date(2026, 12, 31))


def test_without_vat_or_a_text_of_its_own_it_is_the_documents() -> None:
    (found,) = entry_lines([line(tax=None)])
    assert (found.tax, found.text) == (ZERO, "Touw")


def test_a_part_says_where_it_goes_and_has_its_vat_from_the_line() -> None:
    shares = [
        share_json(percent("60", gl_code="4100", cost_center="K2"), "id-1"),
        share_json(percent("40", gl_code="4200", vat_code="V9", cost_unit="U2"), "id-2"),
    ]
    one, two = entry_lines([line(cost_center="K1", split=shares)])
    assert (one.gl_code, one.gl_account, one.vat_code, one.cost_center) == ("4100", "id-1", "V21", "K2")
    assert (two.gl_code, two.vat_code, two.cost_center, two.cost_unit) == ("4200", "V9", "", "U2")
    assert (one.net, one.tax, two.net, two.tax) == tuple(map(Decimal, ("60.00", "12.60", "40.00", "8.40")))


def test_parts_that_no_longer_come_to_the_line_leave_it_whole() -> None:
    split = [share_json(fixed("300.00", gl_code="4100"), "a"), share_json(Share(gl_code="4200"), "b")]
    (found,) = entry_lines([line(split=split)])
    assert (found.gl_code, found.net) == ("4000", Decimal("100.00"))


def test_vat_of_a_line_whose_parts_cancel_out_stays_on_it() -> None:
    split = [share_json(percent(value, gl_code="4100"), "a") for value in ("50", "50")]
    found = entry_lines([line(net="0.00", tax="0.21", split=split)])
    assert sum((one.tax for one in found), ZERO) == Decimal("0.21")


def test_lines_that_go_to_the_same_place_are_taken_together_and_others_are_not() -> None:
    lines = [
        line(description="Touw"),
        line(description="Anker", vat_code="V9", tax="9.00"),
        line(description="Ketting"),
        line(description="Touw"),
        line(cost_center="K1"),
        line(spread_from=date(2026, 1, 1), spread_to=date(2026, 3, 31)),
        line(private_use=Decimal(10)),
    ]
    found = entry_lines(lines, grouped=True)
    assert [one.net for one in found] == [Decimal(300), *[Decimal(100)] * 4]
    assert (found[0].text, found[0].tax) == ("Touw (+1)", Decimal("63.00"))


def test_the_text_of_many_fits_into_exact_with_how_many_there_are() -> None:
    lines = [line(description=f"{place} {'x' * 100}") for place in range(12)]
    (found,) = entry_lines(lines, grouped=True)
    assert len(found.text) == 60
    assert found.text.endswith(" (+11)")
    assert entry_lines([line(description=""), line(description="")], grouped=True)[0].text == ""


def test_what_comes_to_nothing_is_left_out_unless_it_is_all_there_is() -> None:
    nothing = [line("5.00", "1.05"), line("-5.00", "-1.05")]
    assert [one.net for one in entry_lines([*nothing, line(cost_center="K1")], grouped=True)] == [
        Decimal(100)
    ]
    assert [one.net for one in entry_lines(nothing, grouped=True)] == [ZERO]


@pytest.mark.django_db
@pytest.mark.parametrize(("setting", "count"), [(EntryLines.EACH, 3), (EntryLines.GROUPED, 1)])
def test_the_administration_says_which(setting: str, count: int) -> None:
    invoice = InvoiceFactory(administration=AdministrationFactory(entry_lines=setting))
    for place in (3, 1, 2):
        InvoiceLineFactory(invoice=invoice, position=place, description=f"{place}")
    found = lines_of(invoice)
    assert (len(found), found[0].text[:1]) == (count, "1")


@pytest.mark.django_db
def test_a_document_of_no_administration_has_a_line_for_each() -> None:
    invoice = InvoiceFactory(administration=None)
    InvoiceLineFactory.create_batch(2, invoice=invoice)
    assert len(lines_of(invoice)) == 2


CENTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents) / 100)
CODES = st.sampled_from(["4000", "4100", "4200"])


def _percentages(cuts: list[int]) -> list[Share]:
    edges = [0, *sorted(cuts), 10_000]
    return [percent(str(Decimal(after - before) / 100), gl_code="4100") for before, after in pairwise(edges)]


SHARES: st.SearchStrategy[list[Share]] = st.one_of(
    st.just([]),
    st.lists(st.integers(0, 10_000), max_size=4).map(_percentages),
    st.lists(st.integers(1, 500_000), max_size=3).map(
        lambda many: [
            *(fixed(str(Decimal(cents) / 100), gl_code="4200") for cents in many),
            Share(gl_code="4000"),
        ]
    ),
)


@st.composite
def booked(draw: Callable[..., Any]) -> InvoiceLine:
    shares = [share_json(share, "id") for share in draw(SHARES)]
    return line(
        draw(CENTS),
        draw(CENTS),
        gl_code=draw(CODES),
        vat_code=draw(st.sampled_from(["V21", "V9"])),
        cost_center=draw(st.sampled_from(["", "K1"])),
        description=draw(st.sampled_from(["Touw", "Anker", ""])),
        split=shares,
    )


@given(st.lists(booked(), max_size=30), st.booleans())
def test_net_and_vat_are_those_of_the_document_to_the_cent(lines: list[InvoiceLine], grouped: bool) -> None:
    found = entry_lines(lines, grouped=grouped)
    assert sum((one.net for one in found), ZERO) == sum((one.net for one in lines), ZERO)
    assert sum((one.tax for one in found), ZERO) == sum((one.tax or ZERO for one in lines), ZERO)
    for one in found:
        assert one.net == round(one.net, 2)
        assert one.tax == round(one.tax, 2)


@given(st.lists(booked(), min_size=1, max_size=30))
def test_taken_together_no_place_is_there_twice(lines: list[InvoiceLine]) -> None:
    places = [
        (one.gl_account, one.gl_code, one.vat_code, one.cost_center, one.cost_unit)
        for one in entry_lines(lines, grouped=True)
    ]
    assert len(places) == len(set(places))


@given(CENTS, SHARES)
def test_no_part_of_a_percentage_split_has_another_sign(net: Decimal, shares: list[Share]) -> None:
    found = amounts_of(net, shares)
    if found is None or any(share.percentage is None for share in shares):
        return
    assert all(amount * net >= 0 for amount in found)


def test_a_hundred_parts_of_a_little_share_its_cents() -> None:
    found = amounts_of(Decimal("0.50"), [percent("1")] * 100)
    assert found is not None
    assert (sum(found), min(found), max(found)) == (Decimal("0.50"), ZERO, Decimal("0.01"))
