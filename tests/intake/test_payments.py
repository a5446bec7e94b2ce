"""The blocked account and the exchange rate of a document."""

from decimal import Decimal

import pytest

from apps.intake import ubl
from apps.intake.document import Document
from tests.intake import samples
from tests.intake.samples import replaced


def read(extra: str, *, kind: str = "Invoice", text: str = "") -> Document:
    return ubl.read(
        replaced(text or samples.ubl(kind=kind), "<cac:TaxTotal>", extra + "<cac:TaxTotal>").encode()
    )


def terms(means: str, amount: str) -> str:
    return (
        f"<cac:PaymentTerms><cbc:PaymentMeansID>{means}</cbc:PaymentMeansID>"
        f'<cbc:Amount currencyID="EUR">{amount}</cbc:Amount></cac:PaymentTerms>'
    )


def rate(source: str, target: str, value: str, *, operator: str = "", name: str = "TaxExchangeRate") -> str:
    operated = f"<cbc:MathematicOperatorCode>{operator}</cbc:MathematicOperatorCode>" if operator else ""
    return (
        f"<cac:{name}><cbc:SourceCurrencyCode>{source}</cbc:SourceCurrencyCode>"
        f"<cbc:TargetCurrencyCode>{target}</cbc:TargetCurrencyCode>"
        f"<cbc:CalculationRate>{value}</cbc:CalculationRate>{operated}</cac:{name}>"
    )


def dollars() -> str:
    return samples.ubl().replace("EUR", "USD")


def with_vat_in_euros(tax: str, accounting: str) -> Document:
    text = replaced(dollars(), ">21.00<", f">{tax}<")
    text = replaced(
        text, "<cbc:BuyerReference>", "<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode><cbc:BuyerReference>"
    )
    other = f'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{accounting}</cbc:TaxAmount></cac:TaxTotal>'
    return ubl.read(replaced(text, "<cac:LegalMonetaryTotal>", other + "<cac:LegalMonetaryTotal>").encode())


def test_the_g_account_gets_the_amount_of_its_own_terms() -> None:
    both = terms("BENEFICIARY", "90.00") + terms("GACCOUNT", "31.00")
    assert read(both).g_account == Decimal("31.00")
    assert read(both, kind="CreditNote").g_account == Decimal("-31.00")
    assert read(terms("BENEFICIARY", "90.00")).g_account is None


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        (rate("USD", "EUR", "0.8"), "0.8"),
        (rate("USD", "EUR", "1.25", operator="Divide"), "0.8"),
        (rate("EUR", "USD", "1.25"), "0.8"),
        (rate("EUR", "USD", "0.8", operator="divide"), "0.8"),
        (rate("USD", "EUR", "0.8", operator="Multiply", name="PaymentExchangeRate"), "0.8"),
    ],
)
def test_a_rate_is_read_as_what_one_of_the_documents_currency_is(extra: str, expected: str) -> None:
    assert read(extra, text=dollars()).exchange == (Decimal(expected), "EUR")


@pytest.mark.parametrize(
    "extra",
    [
        rate("USD", "USD", "1"),
        rate("GBP", "EUR", "1.2"),
        rate("USD", "EUR", "0"),
        rate("USD", "EUR", "-1"),
        "",
    ],
)
def test_what_is_no_rate_of_the_document_is_none(extra: str) -> None:
    assert read(extra, text=dollars()).exchange is None


def test_without_a_rate_the_vat_in_both_currencies_tells_it() -> None:
    assert with_vat_in_euros("21.00", "18.90").exchange == (Decimal("0.900000"), "EUR")


@pytest.mark.parametrize(("tax", "accounting"), [("2.10", "1.89"), ("21.00", "-18.90"), ("0.00", "18.90")])
def test_a_vat_amount_too_small_or_odd_tells_no_rate(tax: str, accounting: str) -> None:
    assert with_vat_in_euros(tax, accounting).exchange is None
