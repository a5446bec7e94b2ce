"""Invented documents about VAT: any supplier, lines of any category, charges and allowances; their totals add up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from tests.intake.samples import BIS3, NAMESPACES
from tests.invoices.documents import OUR_KVK, OUR_VAT, THEIR_KVK

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Item:
    """A line, or with `is_charge` a charge (True) or allowance (False) on the document; `net` as it is written."""

    net: str
    category: str = "S"
    rate: str | None = "21"
    name: str = "Touw"
    reason_code: str = ""
    reason: str = ""
    is_charge: bool | None = None

    @property
    def signed(self) -> Decimal:
        """What it adds to the net total."""
        return -Decimal(self.net) if self.is_charge is False else Decimal(self.net)


@dataclass(frozen=True)
class Paper:
    """A whole document. `more` is XML for the header, before the parties; `stated_tax` what a group is said to be."""

    items: Sequence[Item]
    country: str = "NL"
    vat: str = "NL897620458B01"
    buyer_vat: str = OUR_VAT
    kind: str = "Invoice"
    day: str = "2026-09-15"
    currency: str = "EUR"
    note: str = ""
    delivered: str = ""
    delivery_country: str = ""
    prepaid: str = ""
    rounding: str = ""
    exchange: str = ""
    stated_tax: dict[str, str] = field(default_factory=dict)

    @property
    def net(self) -> Decimal:
        """The total without VAT."""
        return sum((item.signed for item in self.items), Decimal(0))

    @property
    def groups(self) -> dict[tuple[str, str | None, str, str], Decimal]:
        """What is taxable by category, rate and reason."""
        found: dict[tuple[str, str | None, str, str], Decimal] = defaultdict(Decimal)
        for item in self.items:
            found[item.category, item.rate, item.reason_code, item.reason] += item.signed
        return found

    def tax_of(self, rate: str | None, taxable: Decimal) -> Decimal:
        """The VAT of a group, rounded as EN 16931 wants, unless the sender states another."""
        stated = self.stated_tax.get(rate or "")
        exact = taxable * Decimal(rate or 0) / 100
        return Decimal(stated) if stated else exact.quantize(CENT, ROUND_HALF_UP)

    @property
    def tax(self) -> Decimal:
        """The VAT of the document."""
        return sum((self.tax_of(key[1], taxable) for key, taxable in self.groups.items()), Decimal(0))


def xml(paper: Paper) -> bytes:
    """Return `paper` as a UBL document of the sample's vendor, for the sample's customer."""
    kind = paper.kind
    code = "380" if kind == "Invoice" else "381"
    due = "<cbc:DueDate>2026-10-15</cbc:DueDate>" if kind == "Invoice" else ""
    note = f"<cbc:Note>{paper.note}</cbc:Note>" if paper.note else ""
    lines = [item for item in paper.items if item.is_charge is None]
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" {NAMESPACES}>
  <cbc:CustomizationID>{BIS3}</cbc:CustomizationID>
  <cbc:ID>BTW-1</cbc:ID><cbc:IssueDate>{paper.day}</cbc:IssueDate>{due}
  <cbc:{kind}TypeCode>{code}</cbc:{kind}TypeCode>{note}
  <cbc:DocumentCurrencyCode>{paper.currency}</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty>
  {_party("Anker en Touw", paper.country, paper.vat, THEIR_KVK)}</cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>{_party("Werf De Hoop", "NL", paper.buyer_vat, OUR_KVK)}</cac:AccountingCustomerParty>
  {_delivery(paper)}
  {"".join(_adjustment(item, paper.currency) for item in paper.items if item.is_charge is not None)}
  {_exchange(paper)}
  <cac:TaxTotal>{_money("TaxAmount", paper.tax, paper)}
  {"".join(_subtotal(paper, key, taxable) for key, taxable in paper.groups.items())}</cac:TaxTotal>
  {_totals(paper)}
  {"".join(_line(n, item, paper) for n, item in enumerate(lines, start=1))}
</{kind}>"""
    return text.encode()


def _money(name: str, amount: Decimal | str, paper: Paper) -> str:
    return f'<cbc:{name} currencyID="{paper.currency}">{amount}</cbc:{name}>'


def _party(name: str, country: str, vat: str, kvk: str) -> str:
    scheme = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    number = f"<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID>{scheme}</cac:PartyTaxScheme>"
    return f"""<cac:Party><cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cac:Country><cbc:IdentificationCode>{country}</cbc:IdentificationCode></cac:Country>
    </cac:PostalAddress>{number if vat else ""}
    <cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>
    <cbc:CompanyID schemeID="0106">{kvk}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party>"""


def _delivery(paper: Paper) -> str:
    if not (paper.delivered or paper.delivery_country):
        return ""
    day = f"<cbc:ActualDeliveryDate>{paper.delivered}</cbc:ActualDeliveryDate>" if paper.delivered else ""
    country = f"<cbc:IdentificationCode>{paper.delivery_country}</cbc:IdentificationCode>"
    address = f"<cac:Address><cac:Country>{country}</cac:Country></cac:Address>"
    place = f"<cac:DeliveryLocation>{address}</cac:DeliveryLocation>"
    return f"<cac:Delivery>{day}{place if paper.delivery_country else ''}</cac:Delivery>"


def _exchange(paper: Paper) -> str:
    if not paper.exchange:
        return ""
    return f"""<cac:TaxExchangeRate><cbc:SourceCurrencyCode>{paper.currency}</cbc:SourceCurrencyCode>
    <cbc:TargetCurrencyCode>EUR</cbc:TargetCurrencyCode><cbc:CalculationRate>{paper.exchange}</cbc:CalculationRate>
    </cac:TaxExchangeRate>"""


def _category(name: str, category: str, rate: str | None, code: str = "", reason: str = "") -> str:
    percent = f"<cbc:Percent>{rate}</cbc:Percent>" if rate is not None else ""
    why = f"<cbc:TaxExemptionReasonCode>{code}</cbc:TaxExemptionReasonCode>" if code else ""
    why += f"<cbc:TaxExemptionReason>{reason}</cbc:TaxExemptionReason>" if reason else ""
    scheme = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    return f"<cac:{name}><cbc:ID>{category}</cbc:ID>{percent}{why}{scheme}</cac:{name}>"


def _adjustment(item: Item, currency: str) -> str:
    indicator = "true" if item.is_charge else "false"
    return f"""<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>
    <cbc:AllowanceChargeReason>{item.name}</cbc:AllowanceChargeReason>
    <cbc:Amount currencyID="{currency}">{item.net}</cbc:Amount>
    {_category("TaxCategory", item.category, item.rate)}</cac:AllowanceCharge>"""


def _subtotal(paper: Paper, key: tuple[str, str | None, str, str], taxable: Decimal) -> str:
    category, rate, code, reason = key
    return f"""<cac:TaxSubtotal>{_money("TaxableAmount", taxable, paper)}
    {_money("TaxAmount", paper.tax_of(rate, taxable), paper)}
    {_category("TaxCategory", category, rate, code, reason)}</cac:TaxSubtotal>"""


def _totals(paper: Paper) -> str:
    lines = sum((item.signed for item in paper.items if item.is_charge is None), Decimal(0))
    gross = paper.net + paper.tax
    payable = gross - Decimal(paper.prepaid or 0) + Decimal(paper.rounding or 0)
    parts = [("LineExtensionAmount", lines), ("TaxExclusiveAmount", paper.net), ("TaxInclusiveAmount", gross)]
    for name, is_charge in (("AllowanceTotalAmount", False), ("ChargeTotalAmount", True)):
        found = [Decimal(item.net) for item in paper.items if item.is_charge is is_charge]
        parts += [(name, sum(found, Decimal(0)))] if found else []
    parts += [("PrepaidAmount", Decimal(paper.prepaid))] if paper.prepaid else []
    parts += [("PayableRoundingAmount", Decimal(paper.rounding))] if paper.rounding else []
    parts += [("PayableAmount", payable)]
    body = "".join(_money(name, amount, paper) for name, amount in parts)
    return f"<cac:LegalMonetaryTotal>{body}</cac:LegalMonetaryTotal>"


def _line(position: int, item: Item, paper: Paper) -> str:
    quantity = "InvoicedQuantity" if paper.kind == "Invoice" else "CreditedQuantity"
    return f"""<cac:{paper.kind}Line><cbc:ID>{position}</cbc:ID><cbc:{quantity} unitCode="C62">1</cbc:{quantity}>
    {_money("LineExtensionAmount", item.net, paper)}<cac:Item><cbc:Name>{item.name}</cbc:Name>
    {_category("ClassifiedTaxCategory", item.category, item.rate, item.reason_code, item.reason)}</cac:Item>
    <cac:Price>{_money("PriceAmount", item.net, paper)}</cac:Price></cac:{paper.kind}Line>"""
