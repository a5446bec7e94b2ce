"""An e-invoice as dataclasses, whatever its format. Pure.

Sign rule: amounts and quantities are signed from the buyer's cost view. A credit note of +100 and a negative
invoice of -100 are both -100; a credit note of -100 is +100 (e-invoicing facts 6). Prices and rates keep the
sign they were written with. Amounts are in `Document.currency`; None means: not in the document, or not
readable (then `Document.oddities` says so). Texts are "" when absent.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from apps.core.identifiers import Identifier, Kind
from apps.intake.detection import Format

LANGUAGE = "nl"  # of the administrations, for what is written into their books


class DocumentKind(StrEnum):
    """What the sender calls it; the sign of the amounts says what it does."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class Oddity(NamedTuple):
    """A value that could not be read and was left out: the element's name and the text as written."""

    field: str
    text: str


class Scheme(NamedTuple):
    """A party's number as written, with the scheme as written."""

    scheme: str
    text: str


@dataclass(frozen=True, slots=True)
class Party:
    """A party as the document says. Texts as written, for display; `identifiers` normalised, all of them.

    `name` is what the party goes by: the trade name when there is one, else the registered one.
    `vat` is the number of the tax scheme VAT; `country` is ISO 3166 alpha-2.
    """

    name: str = ""
    trade_name: str = ""
    legal_name: str = ""
    country: str = ""
    identifiers: tuple[Identifier, ...] = ()
    vat: str = ""
    legal_id: str = ""
    legal_scheme: str = ""
    endpoint: str = ""
    endpoint_scheme: str = ""
    party_ids: tuple[Scheme, ...] = ()
    street: str = ""
    city: str = ""
    postcode: str = ""
    email: str = ""
    phone: str = ""

    def values(self, kind: Kind) -> tuple[str, ...]:
        """Return the normalised values of one kind that pass their check and are no placeholder."""
        return tuple(i.value for i in self.identifiers if i.kind is kind and i.valid and not i.is_placeholder)


@dataclass(frozen=True, slots=True)
class PaymentMeans:
    """One way to pay. `code` is UNTDID 4461 (30, 58 transfer; 49, 59 direct debit; 48 card).

    `account` is the payee's account as written, `iban` the same normalised; `label` is the sender's own id of
    this means ("GACCOUNT" marks the blocked account of the G-account extension).
    """

    code: str = ""
    account: str = ""
    iban: Identifier | None = None
    account_name: str = ""
    bic: str = ""
    reference: str = ""
    due_date: date | None = None
    mandate: str = ""
    payer_account: str = ""
    payer_iban: Identifier | None = None
    label: str = ""

    @property
    def is_direct_debit(self) -> bool:
        """Tell whether the supplier collects the money itself."""
        return self.code in {"49", "59"}

    @property
    def is_card(self) -> bool:
        """Tell whether it was paid by bank, credit or debit card."""
        return self.code in {"48", "54", "55"}

    @property
    def is_g_account(self) -> bool:
        """Tell whether this is the blocked account for chain liability."""
        return self.label.upper() == "GACCOUNT"


@dataclass(frozen=True, slots=True)
class Tax:
    """A VAT category (S, Z, E, AE, K, G, O...) with its rate as a percentage: Decimal 21 is 21 %."""

    category: str = ""
    rate: Decimal | None = None
    exemption_code: str = ""
    exemption_reason: str = ""


@dataclass(frozen=True, slots=True)
class TaxSubtotal(Tax):
    """What one VAT category adds up to."""

    taxable: Decimal | None = None
    tax: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Adjustment(Tax):
    """A charge (+) or allowance (-) on the whole document, without VAT."""

    net: Decimal | None = None
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Line(Tax):
    """A line; `position` counts from 1. `net` is without VAT, after the line's own charges and allowances.

    `unit_price` is the price of `base_quantity` units (1 when absent).
    """

    position: int = 0
    identifier: str = ""
    name: str = ""
    description: str = ""
    note: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    base_quantity: Decimal | None = None
    net: Decimal | None = None
    order_reference: str = ""
    order_line: str = ""
    cost_centre: str = ""
    buyer_item: str = ""
    seller_item: str = ""
    standard_item: str = ""
    commodity_code: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the document. `filename` is safe to use as a name; `encoded` is base64 as written."""

    filename: str
    mime: str
    encoded: str
    reference: str = ""

    def content(self) -> bytes | None:
        """Return the bytes, None when the text is no base64."""
        try:
            return b64decode("".join(self.encoded.split()), validate=True)
        except (binascii.Error, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or credit note. See the module for signs; rates are percentages.

    `net`, `tax`, `gross` are the totals without VAT, of VAT and with VAT; `payable` is what is left to pay.
    `accounting_tax` is the VAT in `tax_currency` when that differs from `currency`. `g_account` is what is to be
    paid to the supplier's blocked account. `stated_rate`: how much of a currency one of `currency` is, as written.
    `in_pdf`: a PDF carried it, which is the original. `tax_point`: when the sender says its VAT falls due (BT-7).
    """

    format: Format
    kind: DocumentKind
    issue_date: date
    net: Decimal
    payable: Decimal
    type_code: str = ""
    number: str = ""
    due_date: date | None = None
    tax_point: date | None = None
    delivery_date: date | None = None
    delivery_country: str = ""
    delivery_address: str = ""
    period_start: date | None = None
    period_end: date | None = None
    currency: str = ""
    tax_currency: str = ""
    tax: Decimal | None = None
    accounting_tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    g_account: Decimal | None = None
    stated_rate: tuple[Decimal, str] | None = None
    line_total: Decimal | None = None
    allowance_total: Decimal | None = None
    charge_total: Decimal | None = None
    supplier: Party = Party()
    customer: Party = Party()
    payee: Party | None = None
    tax_representative: Party | None = None
    payment_means: tuple[PaymentMeans, ...] = ()
    payment_terms: str = ""
    lines: tuple[Line, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    subtotals: tuple[TaxSubtotal, ...] = ()
    cost_centre: str = ""
    buyer_reference: str = ""
    order_reference: str = ""
    contract: str = ""
    invoice_references: tuple[str, ...] = ()
    note: str = ""
    attachments: tuple[Attachment, ...] = ()
    customization_id: str = ""
    profile_id: str = ""
    in_pdf: bool = False
    oddities: tuple[Oddity, ...] = ()

    @property
    def payee_ibans(self) -> tuple[Identifier, ...]:
        """The accounts to pay to, normalised, each once, in the order of the document."""
        return tuple(dict.fromkeys(means.iban for means in self.payment_means if means.iban))

    @property
    def exchange(self) -> tuple[Decimal, str] | None:
        """Return how much of another currency one of `currency` is, and which currency that is.

        As written, else by the VAT in both currencies (BT-110, BT-111), from an amount that makes it exact
        enough: then Exact comes to the VAT that the document states.
        """
        if self.stated_rate or not self.tax or not self.accounting_tax or self.tax_currency == self.currency:
            return self.stated_rate
        rate = round(self.accounting_tax / self.tax, 6)
        return (rate, self.tax_currency) if rate > 0 and abs(self.accounting_tax) >= 10 else None

    @property
    def is_self_billed(self) -> bool:
        """Tell whether the buyer wrote it for the seller (UNTDID 1001 codes 261 and 389, or the profile)."""
        return self.format is Format.SELF_BILLING or self.type_code in {"261", "389"}

    @property
    def calls_itself_credit(self) -> bool:
        """Tell whether an *invoice* carries a credit code and amounts that do not say so (BR-NL-8)."""
        credit_code = self.type_code in {"81", "83", "381", "396"}
        return credit_code and self.kind is DocumentKind.INVOICE and self.payable > 0
