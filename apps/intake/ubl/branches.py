"""Walking a UBL tree: the children of an element by name, read in one pass. Pure."""

from __future__ import annotations

from lxml import etree

CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"

ONE_LINE = 250  # characters kept of a name, number or code
PARAGRAPH = 4000  # characters kept of a note or description

AGGREGATES = """
    AccountingCustomerParty AccountingSupplierParty AdditionalDocumentReference Address AllowanceCharge
    Attachment BillingReference BuyersItemIdentification ClassifiedTaxCategory Contact
    ContractDocumentReference Country CreditNoteDocumentReference CreditNoteLine Delivery
    DeliveryLocation FinancialInstitution FinancialInstitutionBranch InvoiceDocumentReference
    InvoiceLine InvoicePeriod Item LegalMonetaryTotal OrderLineReference OrderReference Party
    PartyIdentification PartyLegalEntity PartyName PartyTaxScheme PayeeFinancialAccount PayeeParty
    PayerFinancialAccount PaymentMandate PaymentMeans PaymentTerms PostalAddress Price
    SellersItemIdentification StandardItemIdentification TaxCategory TaxRepresentativeParty TaxScheme
    TaxSubtotal TaxTotal PaymentExchangeRate PricingExchangeRate TaxExchangeRate
    BuyerCustomerParty ReceiverParty SellerSupplierParty SenderParty
    AnticipatedMonetaryTotal Contract LineItem OrderLine PromisedDeliveryPeriod RequestedDeliveryPeriod
    SellerProposedSubstituteLineItem SellerSubstitutedLineItem
"""
BASICS = """
    AccountingCost ActualDeliveryDate AllowanceChargeReason AllowanceChargeReasonCode
    AllowanceTotalAmount Amount BaseQuantity BuildingNumber BuyerReference ChargeIndicator
    ChargeTotalAmount CityName CompanyID CreditNoteTypeCode CreditedQuantity CustomizationID Description
    DocumentCurrencyCode DueDate ElectronicMail EmbeddedDocumentBinaryObject EndDate EndpointID ID
    IdentificationCode InvoiceTypeCode InvoicedQuantity IssueDate LineExtensionAmount LineID Name Note
    PayableAmount PayableRoundingAmount PaymentDueDate PaymentID PaymentMeansCode Percent PostalZone
    PrepaidAmount PriceAmount ProfileID RegistrationName StartDate StreetName TaxAmount TaxCurrencyCode
    TaxExclusiveAmount TaxExemptionReason TaxExemptionReasonCode TaxInclusiveAmount TaxableAmount Telephone
    AcceptedIndicator BaseAmount CancellationNote CustomerReference LatestDeliveryDate LineStatusCode
    MultiplierFactorNumeric OrderResponseCode PartialDeliveryIndicator Quantity RejectionNote SalesOrderID
    CalculationRate MathematicOperatorCode PaymentMeansID SourceCurrencyCode TargetCurrencyCode
"""
_AGGREGATES = {CAC + name: name for name in AGGREGATES.split()}
_BASICS = {CBC + name: name for name in BASICS.split()}


class Branch:
    """An element with its children by local name; only the names above, in UBL's own two namespaces.

    Where a name occurs more than once, the first counts; `every` gives all. An absent element is a branch
    without children, so that paths need no ifs.
    """

    __slots__ = ("_element", "_parts", "_texts")

    def __init__(self, element: etree._Element) -> None:
        parts: dict[str, etree._Element] = {}
        texts: dict[str, str] = {}
        for child in element.iterchildren(reversed=True):
            tag = child.tag
            if name := _BASICS.get(tag):
                texts[name] = (child.text or "").strip()
            elif name := _AGGREGATES.get(tag):
                parts[name] = child
        self._element, self._parts, self._texts = element, parts, texts

    def __contains__(self, name: str) -> bool:
        return name in self._parts or name in self._texts

    def raw(self, name: str) -> str:
        """Return the text of a child without outer blanks, "" when absent."""
        return self._texts.get(name, "")

    def text(self, name: str) -> str:
        """Return the text of a child on one line, at most ONE_LINE characters."""
        text = self._texts.get(name, "")
        if len(text) <= ONE_LINE and text.isprintable() and "  " not in text:
            return text
        return " ".join(text.split())[:ONE_LINE]

    def paragraph(self, name: str) -> str:
        """Return the texts of all children of a name, one per line, at most PARAGRAPH characters."""
        if name not in self._texts:
            return ""
        texts = [(child.text or "").strip() for child in self._element.iterchildren(CBC + name)]
        return "\n".join(text for text in texts if text)[:PARAGRAPH]

    def attribute(self, name: str, key: str) -> str:
        """Return an attribute of a child, "" when absent."""
        if name not in self._texts:
            return ""
        child = next(self._element.iterchildren(CBC + name))
        return child.get(key, "").strip()[:ONE_LINE]

    def under(self, name: str) -> Branch:
        """Return a child as a branch."""
        child = self._parts.get(name)
        return NOTHING if child is None else Branch(child)

    def every(self, name: str) -> list[Branch]:
        """Return all children of a name, in the order of the document."""
        if name not in self._parts:
            return []
        return [Branch(child) for child in self._element.iterchildren(CAC + name)]


NOTHING = Branch(etree.Element("nothing"))
