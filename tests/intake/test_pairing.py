"""Which e-invoice a paper belongs to. A wrong pair would hide an invoice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.pairing import EInvoice, partner

ONE = EInvoice(1, "factuur.xml", "2026-0042", date(2026, 11, 3))
OTHER = EInvoice(2, "INV_2026-0043.xml", "2026-0043", date(2026, 11, 4))


@pytest.mark.parametrize(
    ("filename", "papers", "found"),
    [
        ("factuur.pdf", 3, 1),
        ("Factuur.PDF", 3, 1),
        ("2026-0042.pdf", 3, 1),
        ("Ketels BV factuur 20260042 kopie.pdf", 3, 1),
        ("inv-2026 0043.pdf", 3, 2),
        ("voorwaarden.pdf", 2, None),
        ("12026-0042.pdf", 1, None),
        ("2026-00423.pdf", 1, None),
    ],
)
def test_the_name_or_the_number_in_it_decides(filename: str, papers: int, found: int | None) -> None:
    assert partner(filename, [ONE, OTHER], papers=papers) == found


@pytest.mark.parametrize(
    ("filename", "found"),
    [
        ("document.pdf", 1),
        ("scan 20261103.pdf", 1),
        ("scan 03112026.pdf", 1),
        ("factuur 2026.pdf", 1),
        ("factuur 90817.pdf", None),
        ("scan 20261104.pdf", None),
    ],
)
def test_one_of_each_is_a_pair_unless_the_name_holds_another_number(filename: str, found: int | None) -> None:
    assert partner(filename, [ONE], papers=1) == found


def test_one_e_invoice_does_not_take_two_papers_that_do_not_name_it() -> None:
    assert partner("document.pdf", [ONE], papers=2) is None


def test_a_name_that_fits_two_fits_none() -> None:
    twin = EInvoice(3, "factuur.xml", "7", None)
    assert partner("factuur.pdf", [ONE, twin], papers=1) is None
    assert partner("2026-0042 en 2026-0043.pdf", [ONE, OTHER], papers=1) is None


def test_without_an_e_invoice_there_is_no_pair() -> None:
    assert partner("factuur.pdf", [], papers=1) is None


@given(st.text(), st.integers(1, 3))
def test_any_name_is_answered(filename: str, papers: int) -> None:
    assert partner(filename, [ONE, OTHER], papers=papers) in (None, 1, 2)
