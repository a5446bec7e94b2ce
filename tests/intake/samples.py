"""UBL documents made for tests: one right invoice, in which a test replaces what it is about."""

from base64 import b64encode
from decimal import Decimal

NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
BIS3 = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


def party(name: str, *, vat: str, kvk: str) -> str:
    """Return a cac:Party with an address in Delft."""
    return f"""<cac:Party>
    <cbc:EndpointID schemeID="0106">{kvk}</cbc:EndpointID>
    <cac:PartyIdentification><cbc:ID schemeID="0106">{kvk}</cbc:ID></cac:PartyIdentification>
    <cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>
    <cac:PostalAddress>
      <cbc:StreetName>Kade</cbc:StreetName><cbc:BuildingNumber>3</cbc:BuildingNumber>
      <cbc:CityName>Delft</cbc:CityName><cbc:PostalZone>2611 AA</cbc:PostalZone>
      <cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country>
    </cac:PostalAddress>
    <cac:PartyTaxScheme>
      <cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
    </cac:PartyTaxScheme>
    <cac:PartyLegalEntity>
      <cbc:RegistrationName>{name} B.V.</cbc:RegistrationName>
      <cbc:CompanyID schemeID="0106">{kvk}</cbc:CompanyID>
    </cac:PartyLegalEntity>
    <cac:Contact><cbc:ElectronicMail>post@anker-touw.example.nl</cbc:ElectronicMail></cac:Contact>
  </cac:Party>"""


def line(position: int, net: Decimal, *, kind: str = "Invoice") -> str:
    """Return one line of ten pieces at a tenth of `net`, 21 % VAT."""
    quantity = "InvoicedQuantity" if kind == "Invoice" else "CreditedQuantity"
    return f"""
  <cac:{kind}Line>
    <cbc:ID>{position}</cbc:ID>
    <cbc:{quantity} unitCode="C62">10</cbc:{quantity}>
    <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
    <cbc:AccountingCost>K-{position}</cbc:AccountingCost>
    <cac:OrderLineReference><cbc:LineID>{position}</cbc:LineID></cac:OrderLineReference>
    <cac:Item>
      <cbc:Description>Touw, geslagen, per rol</cbc:Description>
      <cbc:Name>Touw {position} mm</cbc:Name>
      <cac:SellersItemIdentification><cbc:ID>T-{position}</cbc:ID></cac:SellersItemIdentification>
      <cac:ClassifiedTaxCategory>
        <cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">{net / 10}</cbc:PriceAmount></cac:Price>
  </cac:{kind}Line>"""


def ubl(*, lines: int = 1, kind: str = "Invoice", net: Decimal = Decimal("100.00")) -> str:
    """Return an invoice (or a `kind` CreditNote) of equal lines of `net` each; its totals add up."""
    total = net * lines
    tax = (total * 21 / 100).quantize(Decimal("0.01"))
    due = "<cbc:DueDate>2026-10-15</cbc:DueDate>" if kind == "Invoice" else ""
    code = "380" if kind == "Invoice" else "381"
    body = "".join(line(n, net, kind=kind) for n in range(1, lines + 1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" {NAMESPACES}>
  <cbc:CustomizationID>{BIS3}</cbc:CustomizationID>
  <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
  <cbc:ID>2026-0042</cbc:ID>
  <cbc:IssueDate>2026-09-15</cbc:IssueDate>
  {due}
  <cbc:{kind}TypeCode>{code}</cbc:{kind}TypeCode>
  <cbc:Note>Dank voor uw opdracht</cbc:Note>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>magazijn</cbc:BuyerReference>
  <cac:OrderReference><cbc:ID>PO-7</cbc:ID></cac:OrderReference>
  <cac:AccountingSupplierParty>
  {party("Anker en Touw", vat="NL8976.20.458.B.01", kvk="34567892")}
  </cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>
  {party("Werf De Hoop", vat="NL809561074B01", kvk="17131139")}
  </cac:AccountingCustomerParty>
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
    <cbc:PaymentID>2026-0042</cbc:PaymentID>
    <cac:PayeeFinancialAccount><cbc:ID>NL47 BUNQ 0649621411</cbc:ID></cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">{total}</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>
      <cac:TaxCategory>
        <cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">{total}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">{total}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{total + tax}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">{total + tax}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>{body}
</{kind}>
"""


def enclosing(text: str, *files: tuple[str, bytes]) -> str:
    """Return `text` with (name, bytes) pairs as embedded files."""
    references = "".join(
        f"""<cac:AdditionalDocumentReference><cbc:ID>{n}</cbc:ID><cac:Attachment>
    <cbc:EmbeddedDocumentBinaryObject mimeCode="application/octet-stream" filename="{name}"
    >{b64encode(content).decode()}</cbc:EmbeddedDocumentBinaryObject>
  </cac:Attachment></cac:AdditionalDocumentReference>"""
        for n, (name, content) in enumerate(files, start=1)
    )
    at = "<cac:AccountingSupplierParty>"
    return replaced(text, at, references + at)


def replaced(text: str, old: str, new: str) -> str:
    """Return `text` with every `old` replaced; fails when there is none, so that no test tests nothing."""
    assert old in text, f"the sample holds no {old}"
    return text.replace(old, new)
