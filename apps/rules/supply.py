"""What a document says about the VAT of one line: the question that `scenario` answers. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.rules.vat_rates import country_of


@dataclass(frozen=True, slots=True)
class Supply:
    """One line with what its document says of dates, countries and VAT numbers.

    `category` is the EN 16931 code (BT-151), `rate` a percentage (21). Countries are two letters, VAT numbers in their
    normal form (identifiers), all "" when the document has none. `seller_vat`: of the supplier, else of its tax
    representative; `seller_vat_valid`: it passes its check. `text`: name and description of the line; `note`: of
    the document. `is_credit`: it takes back what was charged before.
    """

    category: str = ""
    rate: Decimal | None = None
    exemption_code: str = ""
    exemption_reason: str = ""
    text: str = ""
    note: str = ""
    is_credit: bool = False
    issued: date | None = None
    tax_point: date | None = None
    delivered: date | None = None
    period: tuple[date | None, date | None] = (None, None)
    seller_country: str = ""
    seller_vat: str = ""
    seller_vat_valid: bool = True
    buyer_vat: str = ""
    delivery_country: str = ""

    @property
    def country(self) -> str:
        """Whose VAT the seller reckons with: of its VAT number, else of its address; NL when there is neither."""
        return country_of(self.seller_vat) or self.seller_country or "NL"

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the supply: the tax point, else the delivery, else the period, else the document's date.

        A period gives its first and its last day: a rate that changed within it may stand on either side. Without
        any date the rates of now hold.
        """
        if one := self.tax_point or self.delivered:
            return (one,)
        period = tuple(day for day in self.period if day)
        return period or (self.issued or date.max,)

    @property
    def day(self) -> date:
        """The last of `days`: the one that is named to people."""
        return self.days[-1]

    @property
    def words(self) -> str:
        """All that may hint at what was supplied."""
        return f"{self.text} {self.exemption_reason}"
