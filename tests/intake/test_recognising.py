"""What is no purchase invoice, by its title and by whose it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intake.detection import ORDERS, Format, is_invoice
from apps.intake.models import PartKind
from apps.intake.recognising import BY_FORMAT, by_words, is_own_sales, reason

A, B = 1, 2


def test_the_kinds_are_those_of_the_parts() -> None:
    assert set(BY_FORMAT.values()) <= set(PartKind.values)
    for kind in (*BY_FORMAT.values(), PartKind.SALES_INVOICE):
        assert "Werf" in reason(kind, "Werf")
        assert reason(kind, "")


def test_orders_and_what_belongs_to_them_are_one_family() -> None:
    assert {form for form, kind in BY_FORMAT.items() if kind == PartKind.ORDER} == ORDERS
    assert not any(is_invoice(form) for form in ORDERS)


@pytest.mark.usefixtures("english")
def test_an_order_that_is_not_wanted_says_of_whom() -> None:
    assert reason(PartKind.ORDER, "Werf").startswith(
        "This is an order document; orders are switched off for Werf."
    )
    assert reason(PartKind.ORDER, "").startswith("This is an order document that is for nobody here.")


def test_an_invoice_by_format_is_none_of_these() -> None:
    assert not {Format.BIS3, Format.UBL, Format.CII, Format.UNKNOWN} & set(BY_FORMAT)


@pytest.mark.parametrize(
    ("filename", "subject", "text", "kind"),
    [
        ("herinnering.pdf", "", "", PartKind.REMINDER),
        ("2026-10_Aanmaning_3.pdf", "", "", PartKind.REMINDER),
        ("scan001.pdf", "Betalingsherinnering", "", PartKind.REMINDER),
        ("rekeningoverzicht september.pdf", "", "", PartKind.STATEMENT),
        ("Statement of Account.pdf", "", "", PartKind.STATEMENT),
        ("Orderbevestiging 4711.pdf", "", "", PartKind.ORDER),
        ("order confirmation.pdf", "Invoice 3", "", PartKind.ORDER),
        # the copy that a reminder brings along may be wanted
        ("factuur-2026-3.pdf", "Herinnering", "", ""),
        ("factuur pakbon 3.pdf", "", "", ""),
        ("scan001.pdf", "Scan van de copier", "", ""),
        ("scan001.pdf", "Herinneringen aan vroeger", "", ""),
        # the page itself outweighs its name and its mail
        ("scan.pdf", "", "Anker en Touw\nBetalingsherinnering factuur 3\nGeachte heer", PartKind.REMINDER),
        ("scan.pdf", "Herinnering", "Anker en Touw\nFACTUUR\nNummer 3", ""),
        ("herinnering.pdf", "", "Geachte heer, hierbij zenden wij u iets", ""),
        ("scan.pdf", "", "FACTUUR\n" + "regel\n" * 20 + "Bij een herinnering berekenen wij kosten", ""),
        ("scan.pdf", "", "Betaalt u niet, dan volgt een herinnering met alle kosten van dien voor uw rekening.", ""),
        ("scan.pdf", "", "Overzicht openstaande facturen\n1 2 3", PartKind.STATEMENT),
        ("scan.pdf", "", "Inkooporder: 4500123\nFactuur 7", ""),
        ("scan.pdf", "", "Purchase order: 4500123\nDelivered goods", ""),
        ("scan.pdf", "", "PURCHASE ORDER\nNumber 4500123", PartKind.ORDER),
        ("", "", "", ""),
    ],
)  # fmt: skip
def test_a_title_says_what_it_is(filename: str, subject: str, text: str, kind: str) -> None:
    assert by_words(filename, subject, text) == kind


@given(st.text(), st.text(), st.text())
def test_any_text_gives_a_kind_or_none(filename: str, subject: str, text: str) -> None:
    assert by_words(filename, subject, text) in {"", *BY_FORMAT.values()}


@pytest.mark.parametrize(
    ("suppliers", "receivers", "routed", "expected"),
    [
        (set(), {A}, (A,), False),
        ({A}, set(), (), True),
        ({A}, set(), (A,), True),
        ({A}, {A}, (A,), True),
        ({A}, {B}, (B,), False),
        ({A}, set(), (B,), False),  # by mail to B, or by a rule: its purchase
        ({A}, set(), (A, B), False),
        ({A, B}, {A, B}, (A, B), False),  # sister companies with one VAT number: a person
        ({A, B}, {A}, (A,), False),
        ({A, B}, set(), (A,), True),
    ],
)
def test_whose_an_invoice_is(
    suppliers: set[int], receivers: set[int], routed: tuple[int, ...], expected: bool
) -> None:
    assert is_own_sales(suppliers, receivers, routed) is expected
