"""The VAT scenario of every line of the invoices and credit notes of the corpus.

What is expected was thought through by hand from the files (category, rate, date, countries, VAT numbers) and the
table of e-invoicing facts 5; nothing here is computed by the code under test.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from apps.intake.document import Document
from apps.intake.ubl import read
from apps.invoices.models import Invoice
from apps.invoices.rows import columns, lines_of
from apps.invoices.supplies import of_document, of_line
from apps.rules.scenario import scenario_of
from tests.shared import CORPUS, needs_corpus

pytestmark = needs_corpus

Scenarios = Mapping[str, str | None]

# Dutch supplier, 2013 to 2018: 21 % is the high rate, 6 % the low one.
HIGH: Scenarios = {"S 21": "nl_high"}
HIGH_LOW: Scenarios = {"S 21": "nl_high", "S 6": "nl_low"}
HIGH_ZERO: Scenarios = {"S 21": "nl_high", "Z 0": "nl_zero"}
# A supplier of another country charges the VAT of that country.
FOREIGN_25: Scenarios = {"S 25": "foreign"}
NORWAY: Scenarios = {"S 25": "foreign", "S 15": "foreign", "E 0": "nl_exempt"}

EXPECTED: dict[str, Scenarios] = {
    # EN 16931 examples
    "BIS3_Invoice_negativ.XML": FOREIGN_25,
    "BIS3_Invoice_positive.XML": FOREIGN_25,
    "guide-example1.xml": HIGH_LOW,
    "guide-example2.xml": NORWAY,
    "guide-example3.xml": FOREIGN_25,
    # the address is in Afghanistan, the VAT number is Swedish: whose VAT it is, the number says
    "issue116.xml": {"S 6": "foreign", "S 12": "foreign", "S 25": "foreign", "E 0": "nl_exempt"},
    "sample-discount-price.xml": FOREIGN_25,
    "ubl-tc434-creditnote1.xml": {"E 0": "nl_exempt"},
    "ubl-tc434-example1.xml": HIGH_LOW,
    "ubl-tc434-example10.xml": HIGH_LOW,
    "ubl-tc434-example2.xml": NORWAY,
    "ubl-tc434-example3.xml": {"S 25": "foreign", "S 10": "foreign"},
    "ubl-tc434-example4.xml": {"S 25": "foreign", "S 12": "foreign"},
    # a supplier with a Dutch address and number and Danish rates: no Dutch rate, for a person
    "ubl-tc434-example5.xml": {"S 25": None, "S 12": None},
    "ubl-tc434-example6.xml": {"S 25": "foreign", "S 12": "foreign"},
    "ubl-tc434-example7.xml": {"O": "outside"},
    "ubl-tc434-example8.xml": HIGH,
    "ubl-tc434-example9.xml": HIGH,
    # eConnect and OCA
    "bisv3.xml": HIGH,
    "UBLKetentest_Referentiefactuur_20150100.xml": HIGH_LOW,
    # Peppol BIS 3: a British supplier, which charges Swedish rates
    "Allowance-example.xml": {"S 25": "foreign", "E 0": "nl_exempt"},
    "Vat-category-S.xml": {"S 25": "foreign", "S 15": "foreign"},
    "base-creditnote-correction.xml": FOREIGN_25,
    "base-example.xml": FOREIGN_25,
    "base-negative-inv-correction.xml": FOREIGN_25,
    "sales-order-example.xml": FOREIGN_25,
    "vat-category-E.xml": {"E 0": "nl_exempt"},
    "vat-category-O.xml": {"O": "outside"},
    "vat-category-Z.xml": {"Z 0": "nl_zero"},
    # its tax representative is Greek
    "GR-base-example-TaxRepresentative.xml": FOREIGN_25,
    "GR-base-example-correct.xml": FOREIGN_25,
    "Norwegian-example-1.xml": NORWAY,
    # Belgium has 21 %, too
    "UBLBE_BE0000000196_V01-15000001 - DocumentStatusCode Converted.xml": {"S 21": "foreign"},
    "UBLBE_BE0000000196_V01-15000001.xml": {"S 21": "foreign"},
    "UBLBE_BE0000000196_V01-15000002.xml": {"S 21": "foreign"},
    "UBLBE_BE0000000196_V01-15000003.xml": {"S 21": "foreign"},
    # Peppol BIS 3 of the Dutch test set; 002 has a Belgian address and a Dutch VAT number
    "PB3_NL-R-001_CreditNote_error.xml": HIGH_ZERO,
    "PB3_NL-R-002_error.xml": HIGH_ZERO,
    "PB3_NL-R-003_error.xml": HIGH_ZERO,
    "PB3_NL-R-004_error.xml": HIGH_ZERO,
    "PB3_NL-R-005_error.xml": HIGH_ZERO,
    "PB3_NL-R-006_error.xml": HIGH_ZERO,
    "PB3_NL-R-007_error.xml": HIGH_ZERO,
    "PB3_NL-R-008_error.xml": HIGH_ZERO,
    "PB3_NL-R-009_error.xml": HIGH_ZERO,
    # SI-UBL 1.2; minimal has no VAT category at all, taxes-ae writes E with the reason AE
    "SI-UBL-INV-1.2-ok-minimal.xml": {"": None},
    "SI-UBL-INV-1.2-ok-reference.xml": HIGH_LOW,
    "SI-UBL-INV-1.2-ok-taxes-ae.xml": {"E": "nl_reverse"},
    # SI-UBL 2.0
    "SI-UBL-2.0_BR-NL-11_error_no_paymentmeans.xml": HIGH,
    "SI-UBL-2.0_BR-NL-11_ok_negative_payment.xml": HIGH,
    "SI-UBL-2.0_BR-NL-11_ok_no_payment.xml": HIGH,
    "SI-UBL-2.0_BR-NL-13_error_no_ordernumber.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-13_ok.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-19_warning_tax_currency.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-1_error_empty.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-1_error_wrong_scheme.xml": HIGH_LOW,
    # a German address with a Dutch VAT number: registered here
    "SI-UBL-2.0_BR-NL-1_ok_supplier_not_nl.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-1_ok_supplier_oin.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-21_warning_descriptioncode.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-25_warning_companyid_novat.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-27_warning_addressline_customer.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-27_warning_addressline_delivery.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-27_warning_addressline_representative.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-27_warning_addressline_seller.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-29_warning_paymentmeansname.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-31_ok_notsepa.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-31_warning_branchid.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-33_warning_taxcurrency.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-35_warning_taxexemptionreason.xml": {"S 21": "nl_high", "E 0": "nl_exempt"},
    "SI-UBL-2.0_BR-NL-3_error_no_city.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-3_error_no_postal.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-3_error_no_streetname.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-3_ok_not_nl.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-7_error_381_invoice.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-7_error_382.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-7_error_388.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-7_error_invoicetypecode_string.xml": HIGH,
    "SI-UBL-2.0_BR-NL-7_ok_384.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-7_ok_389.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-9_error_no_reference.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-9_error_no_reference_whitespace_customizationid.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-NL-9_ok.xml": HIGH_LOW,
    "SI-UBL-2.0_BR-S-08_error.xml": HIGH_LOW,
    "SI-UBL-2.0_UBL-CR-561_warning.xml": HIGH_LOW,
    "SI-UBL-2.0_UBL-SR-09_error_multiple_legalentity_registrationname.xml": HIGH_LOW,
    "SI-UBL-2.0_UBL-SR-17_error_multiple_legalentity_companyid.xml": HIGH_LOW,
    "SI-UBL-2.0_error_no_customizationid.xml": HIGH_LOW,
    "SI-UBL-2.0_ok_allowance.xml": HIGH_LOW,
    "SI-UBL-2.0_ok_base.xml": HIGH_LOW,
    "SI-UBL-2.0_ok_charge_line.xml": HIGH_LOW,
    # of 2009, from a Dutch VAT number: 20 and 10 % were never Dutch, 21 % not yet
    "SI-UBL-2.0_ok_full.xml": {"S 20": None, "S 10": None, "S 21": None, "E 0": "nl_exempt"},
    "SI-UBL-2.0_ok_minimal.xml": HIGH,
    "SI-UBL-2.0_ok_quantities.xml": HIGH_LOW,
    "SI-UBL-2.0_warning_empty_elements.xml": HIGH_LOW,
    "si-ubl-2.0-ext-gaccount_error_no_gaccount.xml": HIGH,
    "si-ubl-2.0-ext-gaccount_error_no_identifier.xml": HIGH,
    "si-ubl-2.0-ext-gaccount_error_no_reference.xml": HIGH,
}
# What else is told: of the ordinary Dutch ones nothing, of the others this. Who charges no VAT from abroad is asked
# about, whatever it is called.
FOREIGN_AND_NONE = {"foreign_vat", "zero_from_abroad"}
FINDINGS: dict[str, set[str]] = {
    "guide-example2.xml": FOREIGN_AND_NONE,
    "ubl-tc434-example2.xml": FOREIGN_AND_NONE,
    "issue116.xml": FOREIGN_AND_NONE,
    "Allowance-example.xml": FOREIGN_AND_NONE,
    "Norwegian-example-1.xml": FOREIGN_AND_NONE,
    "ubl-tc434-example5.xml": {"vat_rate_not_valid", "vat_number_not_valid"},
    "SI-UBL-2.0_ok_full.xml": {"vat_rate_not_valid", "vat_number_not_valid"},
    "vat-category-Z.xml": {"zero_from_abroad"},
    "SI-UBL-INV-1.2-ok-taxes-ae.xml": set(),  # both name a number as NL:VAT
    "ubl-tc434-creditnote1.xml": {"zero_from_abroad"},
    "ubl-tc434-example7.xml": set(),
    "vat-category-E.xml": {"zero_from_abroad"},
    "vat-category-O.xml": set(),
}
# Dutch numbers that their writers made up: neither their eleven-test nor their 97-test comes out.
MADE_UP = {"NL123456789B01", "NL111111111B01"}


def _entries() -> list[dict[str, Any]]:
    manifest = CORPUS / "MANIFEST.json"
    rows = json.loads(manifest.read_text())["invoices"] if manifest.exists() else []
    return [row for row in rows if row["type"] in ("Invoice", "CreditNote")]


def _name(entry: dict[str, Any]) -> str:
    return str(entry["path"]).rpartition("/")[2]


def _answers(document: Document) -> tuple[dict[str, str | None], set[str], str]:
    """Return the scenario by category and rate, the codes of all findings, and the VAT number of the seller."""
    invoice = Invoice(**columns(document))
    supply = of_document(invoice)
    scenarios: dict[str, str | None] = {}
    findings: set[str] = set()
    for line in lines_of(document, invoice):
        answer = scenario_of(of_line(line, supply))
        rate = "" if line.rate is None else f" {line.rate.normalize():f}"
        scenario = answer.scenario.value if answer.scenario else None
        assert scenarios.setdefault(f"{line.category}{rate}", scenario) == scenario
        findings.update(finding.code for finding in answer.findings)
    return scenarios, findings, supply.seller_vat


@pytest.mark.parametrize("entry", _entries(), ids=_name)
def test_every_line_gets_the_scenario_of_its_row(entry: dict[str, Any]) -> None:
    scenarios, findings, number = _answers(read((CORPUS / entry["path"]).read_bytes()))
    expected = EXPECTED[_name(entry)]
    assert scenarios == expected
    ordinary = {"foreign_vat"} if "foreign" in expected.values() else set()
    if number in MADE_UP and "nl_high" in expected.values():
        ordinary = {"vat_number_not_valid"}
    assert findings == FINDINGS.get(_name(entry), ordinary)


def test_no_file_was_forgotten_and_none_is_made_up() -> None:
    assert {_name(entry) for entry in _entries()} == set(EXPECTED)
