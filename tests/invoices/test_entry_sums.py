"""Whatever the document and the codes: what Exact makes of the proposed entry is the document, to the cent."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.money import ZERO, cents
from apps.exact.models import VATCode
from apps.intake.models import Part
from apps.invoices.entry_lines import amounts_of, entry_lines, share_json
from apps.invoices.models import Invoice, InvoiceLine
from apps.invoices.plans import entry_plan
from apps.invoices.taxes import Base, Total, spread
from apps.rules.conditions import Share
from apps.sandbox.exact import booking

# code: type, reverse charge, percentage on the entry's date as a fraction (None: not known)
CODES: dict[str, tuple[str, bool, Decimal | None]] = {
    "E21": ("E", False, Decimal("0.21")),
    "E9": ("E", False, Decimal("0.09")),
    "E0": ("E", False, Decimal(0)),
    "E?": ("E", False, None),
    "I21": ("I", False, Decimal("0.21")),
    "I9": ("I", False, Decimal("0.09")),
    "I?": ("I", False, None),
    "B": ("B", False, Decimal(0)),
    "N": ("N", False, None),
    "R": ("E", True, Decimal("0.21")),
}
# What a code of unknown percentage has in Exact: whatever it is, it must not matter.
HIDDEN = {"E?": Decimal("0.19"), "I?": Decimal("0.19")}
RATES = [("S", Decimal(21)), ("S", Decimal(9)), ("S", Decimal(6)), ("Z", Decimal(0)), ("AE", None)]
THIRDS = (
    Share(percentage=Decimal("33.33")),
    Share(percentage=Decimal("33.33")),
    Share(percentage=Decimal("33.34")),
)
SPLITS = (
    (),
    THIRDS,
    (Share(amount=Decimal("0.01")), Share()),
    (Share(percentage=Decimal("12.5")), Share(vat_code="N"), Share(percentage=Decimal(50), vat_code="I21")),
)


def net(chance: Random) -> Decimal:
    """An amount of a line: small and large, now and then nothing or negative."""
    size = chance.choice([10, 1_000, 100_000, 100_000_000])
    sign = chance.choice([1, 1, 1, 1, -1])
    return sign * Decimal(chance.randrange(size)) / 100


def document(chance: Random, lines: int, currency: str) -> tuple[Invoice, list[InvoiceLine]]:
    """A document whose totals are rounded as EN 16931 wants; some senders are some cents off in their VAT."""
    rows: list[InvoiceLine] = []
    for position in range(1, lines + 1):
        category, rate = chance.choice(RATES)
        rows.append(
            InvoiceLine(
                position=position,
                is_adjustment=chance.random() < 0.1,
                description=f"line {position % 7}",
                net=net(chance),
                category=category,
                rate=rate,
                vat_code=chance.choice(list(CODES)),
                gl_account=UUID(int=chance.randrange(3)),
                gl_code="4000",
                split=split(chance),
            )
        )
    groups = {(row.category, row.rate or ZERO) for row in rows}
    totals = [Total(*group, tax_of(rows, *group) + off(chance)) for group in groups]
    bases = [Base(row.net, row.category, row.rate) for row in rows]
    for row, tax in zip(rows, spread(bases, totals, ZERO), strict=True):
        row.tax = tax
    gross = sum((row.net for row in rows), ZERO) + sum((total.tax for total in totals), ZERO)
    invoice = Invoice(
        part=Part(filename="factuur.xml", original_id="ab" * 32),
        number="2026-0042",
        issue_date=date(2026, 9, 15),
        currency=currency,
        gross=gross,
        vendor_name="Anker",
        supplier=UUID(int=1),
        payment={},
    )
    return invoice, rows


def tax_of(rows: list[InvoiceLine], category: str, rate: Decimal) -> Decimal:
    same = (row.net for row in rows if (row.category, row.rate or ZERO) == (category, rate))
    return cents(sum(same, ZERO) * rate / 100)


def off(chance: Random) -> Decimal:
    return Decimal(chance.choice([0, 0, 0, 1, -1, 30])) / 100


def split(chance: Random) -> list[dict[str, Any]]:
    shares = chance.choice(SPLITS) if chance.random() < 0.3 else ()
    return [share_json(share, str(UUID(int=number))) for number, share in enumerate(shares)]


def codes() -> dict[str, VATCode]:
    return {
        code: VATCode(code=code, type=type_, charged=charged) for code, (type_, charged, _) in CODES.items()
    }


def sent(invoice: Invoice, lines: list[InvoiceLine], *, grouped: bool) -> list[dict[str, Any]]:
    """The entry lines as Exact gets them."""
    plan = entry_plan(
        invoice,
        entry_lines(lines, grouped=grouped),
        codes(),
        journal="60",
        reference="PK-1",
        percentages={code: percentage for code, (_type, _charged, percentage) in CODES.items()},
    )
    entry = next(step["payload"] for step in plan["steps"] if step["name"] == "entry")
    rows: list[dict[str, Any]] = entry["PurchaseEntryLines"]
    return rows


def made(line: dict[str, Any]) -> booking.Amounts:
    """What Exact makes of a line."""
    type_, charged, percentage = CODES[line["VATCode"]]
    rule = booking.VATRule(type_, charged, HIDDEN.get(line["VATCode"], percentage or ZERO))
    vat = booking.decimal(line["VATAmountFC"]) if "VATAmountFC" in line else None
    return booking.amounts(booking.decimal(line["AmountFC"]), rule, vat)


@settings(max_examples=150, deadline=None)
@given(
    chance=st.randoms(use_true_random=False),
    lines=st.integers(1, 40) | st.integers(1, 500),
    currency=st.sampled_from(["EUR", "USD", "SEK"]),
    grouped=st.booleans(),
)
def test_what_exact_makes_of_the_entry_is_the_document(
    chance: Random, lines: int, currency: str, grouped: bool
) -> None:
    invoice, its_lines = document(chance, lines, currency)
    rows = sent(invoice, its_lines, grouped=grouped)
    assert sum((made(row).payable for row in rows), ZERO) == invoice.gross
    for row in rows:
        type_, charged, _percentage = CODES[row["VATCode"]]
        if charged or type_ in {"B", "N"}:
            assert "VATAmountFC" not in row  # Exact refuses it, or books it twice


@settings(max_examples=100, deadline=None)
@given(
    chance=st.randoms(use_true_random=False), lines=st.integers(1, 40), code=st.sampled_from(["E21", "I21"])
)
def test_the_vat_of_each_line_is_the_documents_and_sent_only_where_it_differs(
    chance: Random, lines: int, code: str
) -> None:
    invoice, its_lines = document(chance, lines, "EUR")
    for line in its_lines:
        line.vat_code, line.split = code, []
    type_, charged, percentage = CODES[code]
    rule = booking.VATRule(type_, charged, percentage or ZERO)
    for line, row in zip(its_lines, sent(invoice, its_lines, grouped=False), strict=True):
        assert made(row).vat == line.tax
        amount = booking.decimal(row["AmountFC"])
        if "VATAmountFC" in row and booking.amounts(amount, rule).vat == line.tax:
            exact = amount * rule.percentage if type_ == "E" else amount - amount / (1 + rule.percentage)
            assert abs(exact - cents(exact)) == Decimal("0.005")  # half a cent: not left to Exact


@given(net=st.decimals(-10_000, 10_000, places=2), shares=st.sampled_from(SPLITS[1:]))
def test_the_parts_of_a_line_come_to_the_line(net: Decimal, shares: tuple[Share, ...]) -> None:
    parts = amounts_of(net, shares)
    assert parts is None or sum(parts, ZERO) == net
