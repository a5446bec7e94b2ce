"""Formats by root element and CustomizationID."""

import pytest
from lxml import etree

from apps.intake.detection import Format, NotAnInvoice, customization, detect, is_invoice
from apps.intake.models import Part
from apps.intake.ubl import read

EN = "urn:cen.eu:en16931:2017"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", Format.BIS3),
        (f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0", Format.SELF_BILLING),
        (f"{EN}#compliant#urn:fdc:nen.nl:nlcius:v1.0", Format.NLCIUS),
        (f"\n  {EN}#compliant#\n  urn:fdc:nen.nl:nlcius:v1.0 ", Format.NLCIUS),
        (
            f"{EN}#compliant#urn:fdc:nen.nl:nlcius:v1.0#conformant#urn:fdc:nen.nl:gaccount:v1.0",
            Format.NLCIUS_GACCOUNT,
        ),
        (
            f"{EN}#compliant#urn:fdc:nen.nl:nlcius:v1.0#conformant#urn:fdc:energie-efactuur.nl:invoice:v3.1",
            Format.SEEF,
        ),
        (EN, Format.EN16931),
        (
            "urn:www.cenbii.eu:transaction:biitrns010:ver2.0:extended:urn:www.peppol.eu:bis:peppol4a:ver2.0"
            ":extended:urn:www.simplerinvoicing.org:si:si-ubl:ver1.2",
            Format.SI_UBL_1,
        ),
        (f"{EN}#conformant#urn:UBL.BE:1.0.0.20180214", Format.UBL_BE),
        (f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", Format.XRECHNUNG),
        ("", Format.UBL),
        ("urn:something:else", Format.UBL),
    ],
)
def test_a_customization_names_the_flavour(text: str, found: Format) -> None:
    assert customization(text) is found
    assert is_invoice(found)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice", Format.CII),
        ("{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument", Format.CII),
        (f"{{{UBL}ApplicationResponse-2}}ApplicationResponse", Format.APPLICATION_RESPONSE),
        (f"{{{UBL}Order-2}}Order", Format.ORDER),
        (f"{{{UBL}OrderResponse-2}}OrderResponse", Format.ORDER_RESPONSE),
        (f"{{{UBL}OrderResponseSimple-2}}OrderResponseSimple", Format.ORDER_RESPONSE_SIMPLE),
        (f"{{{UBL}OrderChange-2}}OrderChange", Format.ORDER_CHANGE),
        (f"{{{UBL}OrderCancellation-2}}OrderCancellation", Format.ORDER_CANCELLATION),
        (f"{{{UBL}Statement-2}}Statement", Format.STATEMENT),
        (f"{{{UBL}Reminder-2}}Reminder", Format.REMINDER),
        (f"{{{UBL}DespatchAdvice-2}}DespatchAdvice", Format.OTHER_UBL),
        (f"{{{UBL}Invoice-2}}CreditNote", Format.OTHER_UBL),
        ("{urn:sbdh}StandardBusinessDocument", Format.ENVELOPE),
        ("Invoice", Format.UNKNOWN),
    ],
)
def test_what_is_no_invoice_is_named_and_refused_with_a_reason(tag: str, found: Format) -> None:
    root = etree.Element(tag)
    assert detect(root) is found
    with pytest.raises(NotAnInvoice) as caught:
        read(etree.tostring(root))
    assert caught.value.format is found
    assert caught.value.code == "not_an_invoice"
    assert str(caught.value.reason).startswith("This ")


def test_formats_of_invoices_go_by_the_names_of_the_field() -> None:
    assert Format.BIS3.known_as == "Peppol BIS 3"
    assert Format.ORDER_CHANGE.known_as == "UBL OrderChange"
    assert Format.REMINDER.known_as == "reminder"
    assert Part(format="nlcius").format_name == "NLCIUS (SI-UBL 2.0)"
    assert Part(format="").format_name == ""
