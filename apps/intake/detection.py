"""Which format a root element is, by its name and its CustomizationID (e-invoicing facts 2). Pure."""

import re
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from lxml import etree

from apps.intake.parsing import Unreadable

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE = f"{{{_UBL}Invoice-2}}Invoice"
CREDIT_NOTE = f"{{{_UBL}CreditNote-2}}CreditNote"
CUSTOMIZATION_ID = f"{{{_UBL}CommonBasicComponents-2}}CustomizationID"


class Format(StrEnum):
    """What a file is. Invoices first, then what is recognised but is no invoice that can be read."""

    BIS3 = "bis3"
    SELF_BILLING = "self_billing"
    NLCIUS = "nlcius"
    NLCIUS_GACCOUNT = "nlcius_gaccount"
    SEEF = "seef"
    EN16931 = "en16931"
    SI_UBL_1 = "si_ubl_1"
    UBL_BE = "ubl_be"
    XRECHNUNG = "xrechnung"
    UBL = "ubl"
    CII = "cii"
    APPLICATION_RESPONSE = "application_response"
    ORDER = "order"
    ORDER_RESPONSE = "order_response"
    ORDER_RESPONSE_SIMPLE = "order_response_simple"
    ORDER_CHANGE = "order_change"
    ORDER_CANCELLATION = "order_cancellation"
    ORDER_SHEET = "order_sheet"
    STATEMENT = "statement"
    REMINDER = "reminder"
    OTHER_UBL = "other_ubl"
    ENVELOPE = "envelope"
    UNKNOWN = "unknown"

    @property
    def known_as(self) -> str:
        """The name that the field knows an invoice format by; its own word for the others."""
        return _NAMES.get(self, self.value)


_NAMES = {
    Format.BIS3: "Peppol BIS 3",
    Format.SELF_BILLING: "Peppol BIS self-billing",
    Format.NLCIUS: "NLCIUS (SI-UBL 2.0)",
    Format.NLCIUS_GACCOUNT: "NLCIUS + G-account",
    Format.SEEF: "SEeF",
    Format.EN16931: "EN 16931",
    Format.SI_UBL_1: "SI-UBL 1",
    Format.UBL_BE: "UBL.BE",
    Format.XRECHNUNG: "XRechnung",
    Format.UBL: "UBL 2.1",
    Format.CII: "CII",
    Format.ORDER: "UBL Order",
    Format.ORDER_RESPONSE: "UBL OrderResponse",
    Format.ORDER_RESPONSE_SIMPLE: "UBL OrderResponseSimple",
    Format.ORDER_CHANGE: "UBL OrderChange",
    Format.ORDER_CANCELLATION: "UBL OrderCancellation",
    Format.ORDER_SHEET: "xlsx / csv",
}
# Orders and what belongs to them: one family.
ORDERS = frozenset(
    (
        Format.ORDER,
        Format.ORDER_RESPONSE,
        Format.ORDER_RESPONSE_SIMPLE,
        Format.ORDER_CHANGE,
        Format.ORDER_CANCELLATION,
        Format.ORDER_SHEET,
    )
)

# The first text that the CustomizationID holds decides, so the narrower ones stand first.
_CUSTOMIZATIONS = (
    ("nen.nl:gaccount", Format.NLCIUS_GACCOUNT),
    ("energie-efactuur.nl", Format.SEEF),
    ("nen.nl:nlcius", Format.NLCIUS),
    ("poacc:selfbilling", Format.SELF_BILLING),
    ("poacc:billing", Format.BIS3),
    ("xrechnung", Format.XRECHNUNG),
    ("ubl.be", Format.UBL_BE),
    ("simplerinvoicing.org", Format.SI_UBL_1),
    ("en16931", Format.EN16931),
)
_ROOTS = {
    "CrossIndustryInvoice": Format.CII,
    "CrossIndustryDocument": Format.CII,
    "ApplicationResponse": Format.APPLICATION_RESPONSE,
    "Order": Format.ORDER,
    "OrderResponse": Format.ORDER_RESPONSE,
    "OrderResponseSimple": Format.ORDER_RESPONSE_SIMPLE,
    "OrderChange": Format.ORDER_CHANGE,
    "OrderCancellation": Format.ORDER_CANCELLATION,
    "Statement": Format.STATEMENT,
    "Reminder": Format.REMINDER,
    "StandardBusinessDocument": Format.ENVELOPE,
}
_REASONS = {
    Format.CII: _("This is an invoice in CII syntax, which is not read yet."),
    Format.APPLICATION_RESPONSE: _("This is an answer to an invoice (ApplicationResponse), not an invoice."),
    **dict.fromkeys(ORDERS, _("This is an order document, not an invoice.")),
    Format.STATEMENT: _("This is a statement of account, not an invoice."),
    Format.REMINDER: _("This is a reminder, not an invoice."),
    Format.OTHER_UBL: _("This is a UBL document, but not an invoice or credit note."),
    Format.ENVELOPE: _("This is a Peppol envelope around a document, which is not read yet."),
    Format.UNKNOWN: _("This XML is not an invoice in a known format."),
}


class NotAnInvoice(Unreadable):
    """Well-formed XML, but no invoice that can be read: `format` says what it is (code `not_an_invoice`)."""

    def __init__(self, found: Format) -> None:
        super().__init__(_REASONS[found], "not_an_invoice")
        self.format = found


def customization(text: str) -> Format:
    """Return the format of a UBL invoice by its CustomizationID; white space anywhere in it is ignored."""
    plain = re.sub(r"\s+", "", text).lower()
    return next((form for part, form in _CUSTOMIZATIONS if part in plain), Format.UBL)


def detect(root: etree._Element) -> Format:
    """Return the format of a document by its root element."""
    if root.tag in (INVOICE, CREDIT_NOTE):
        return customization(root.findtext(CUSTOMIZATION_ID) or "")
    name = etree.QName(root)
    if name.localname in _ROOTS:
        return _ROOTS[name.localname]
    return Format.OTHER_UBL if (name.namespace or "").startswith(_UBL) else Format.UNKNOWN


def is_invoice(found: Format) -> bool:
    """Tell whether a document of this format is read as an invoice or credit note."""
    return found not in _REASONS
