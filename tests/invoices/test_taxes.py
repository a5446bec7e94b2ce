"""VAT per line: whatever the rounding, the lines add up to the document to the cent."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.core.money import CENT, ZERO, cents
from apps.invoices.taxes import Base, Total, spread

MONEY = st.decimals(-1_000_000_000_000, 1_000_000_000_000, places=2)
RATES = st.sampled_from([None, Decimal(0), Decimal(9), Decimal(21), Decimal("21.00"), Decimal("5.5")])
BASES = st.lists(st.builds(Base, MONEY, st.sampled_from(["S", "AE", "E"]), RATES), max_size=40)

Group = tuple[str, Decimal]


def group_of(one: Base | Total) -> Group:
    return one.category, one.rate or ZERO


def sums(bases: list[Base], taxes: list[Decimal]) -> dict[Group, Decimal]:
    found: dict[Group, Decimal] = defaultdict(lambda: ZERO)
    for base, tax in zip(bases, taxes, strict=True):
        found[group_of(base)] += tax
    return found


@given(BASES, st.data())
def test_each_group_adds_up_to_its_total_on_the_document(bases: list[Base], data: st.DataObject) -> None:
    totals = [
        Total(category, rate, data.draw(MONEY)) for category, rate in {group_of(base) for base in bases}
    ]
    found = sums(bases, spread(bases, totals, ZERO))
    for total in totals:
        assert found[group_of(total)] == total.tax


@given(BASES, MONEY)
def test_without_totals_per_group_the_lines_add_up_to_the_documents_vat(
    bases: list[Base], tax: Decimal
) -> None:
    if bases:
        assert sum(spread(bases, [], tax), ZERO) == tax


@given(BASES)
def test_a_right_document_moves_no_line_by_more_than_its_lines_can_round(bases: list[Base]) -> None:
    """Totals as EN 16931 rounds them, per group: half a cent a line, and half a cent for the total."""
    nets: dict[Group, Decimal] = defaultdict(lambda: ZERO)
    for base in bases:
        nets[group_of(base)] += base.net
    totals = [Total(category, rate, cents(net * rate / 100)) for (category, rate), net in nets.items()]
    taxes = spread(bases, totals, ZERO)
    plain = [cents(base.net * (base.rate or ZERO) / 100) for base in bases]
    moved = [abs(tax - own) for tax, own in zip(taxes, plain, strict=True)]
    assert all(each <= CENT * (len(bases) + 1) / 2 for each in moved)
    assert sum(each > 0 for each in moved) <= len(totals)


@given(BASES, st.lists(st.builds(Total, st.sampled_from(["S", "Z", ""]), RATES, MONEY), max_size=4), MONEY)
def test_every_line_gets_whole_cents_whatever_the_document_says(
    bases: list[Base], totals: list[Total], tax: Decimal
) -> None:
    taxes = spread(bases, totals, tax)
    assert len(taxes) == len(bases)
    assert all(each == each.quantize(CENT) for each in taxes)


def test_the_missing_cent_goes_to_the_largest_line() -> None:
    bases = [Base(Decimal("0.02"), "S", Decimal(21)), Base(Decimal("-0.07"), "S", Decimal(21))]
    assert spread(bases, [Total("S", Decimal(21), Decimal("-0.03"))], ZERO) == [ZERO, Decimal("-0.03")]


def test_a_group_that_is_stated_twice_is_the_sum_of_both() -> None:
    bases = [Base(Decimal(100), "S", Decimal(21)), Base(Decimal(50), "S", Decimal(21))]
    totals = [Total("S", Decimal(21), Decimal("21.00")), Total("S", Decimal("21.0"), Decimal("10.50"))]
    assert sum(spread(bases, totals, ZERO)) == Decimal("31.50")


def test_a_total_with_more_than_two_decimals_is_rounded() -> None:
    assert spread(
        [Base(Decimal(100), "S", Decimal(21))], [Total("S", Decimal(21), Decimal("21.005"))], ZERO
    ) == [Decimal("21.01")]


def test_a_line_outside_every_group_keeps_what_its_rate_says() -> None:
    bases = [Base(Decimal(100), "S", Decimal(21)), Base(Decimal(100), "S", Decimal(9))]
    taxes = spread(bases, [Total("S", Decimal(21), Decimal("21.00"))], ZERO)
    assert taxes == [Decimal("21.00"), Decimal("9.00")]


def test_a_document_without_lines_has_nothing_to_spread() -> None:
    assert spread([], [Total("S", Decimal(21), Decimal(21))], Decimal(21)) == []
