"""What a line of a document asks for, by what it may be known, and the item of Exact that it may mean. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from stdnum import ean

SELLER_ITEM, GTIN, BUYER_ITEM, DESCRIPTION = "seller_item", "gtin", "buyer_item", "description"
CODE = "code"  # what Exact itself calls an item
LABELS: dict[str, Any] = {
    SELLER_ITEM: _("item code of the supplier"),
    GTIN: _("barcode (GTIN)"),
    BUYER_ITEM: _("own item code"),
    DESCRIPTION: _("description"),
    CODE: _("item code"),
}
GTIN_LENGTHS = (8, 12, 13, 14)
LONGEST = 255  # characters of a value that is remembered
_NOT_IN_WORDS = re.compile(r"[\W_]+")


class Key(NamedTuple):
    """One thing that an item is known by, in the form in which it is compared."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"

    @property
    def words(self) -> str:
        """It as people name it."""
        return f"{LABELS.get(self.kind, self.kind)} {self.value}".strip()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line as the document says it. `quantity` is in `unit`; `price` is net for one of that unit."""

    seller_item: str = ""
    buyer_item: str = ""
    gtin: str = ""
    description: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None

    @property
    def keys(self) -> tuple[Key, ...]:
        """What it is known by, strongest first; its description only where there is no number."""
        numbers = (
            (SELLER_ITEM, code_of(self.seller_item)),
            (GTIN, gtin_of(self.gtin)),
            (BUYER_ITEM, code_of(self.buyer_item)),
        )
        found = tuple(Key(kind, value) for kind, value in numbers if value)
        text = plain(self.description)
        return found or ((Key(DESCRIPTION, text),) if text else ())

    @property
    def identity(self) -> Key | None:
        """Under what it is asked about and remembered; None for a line that says nothing to go by."""
        return next(iter(self.keys), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard:
    """An item of Exact, as one supplier delivers it. `price`: Decimal in `currency`, for one purchase unit.

    One purchase unit is `factor` of the item's own `unit`; `unit_name` and `purchase_unit_name` are what Exact calls
    those codes. `supplier_item_id`: None where Exact does not know it as delivered by that supplier; then the units
    are the item's own and there is no price. `usable`: it may be bought now.
    """

    exact_id: UUID
    code: str
    name: str = ""
    unit: str = ""
    unit_name: str = ""
    barcode: str = ""
    gl_account: UUID | None = None
    group: UUID | None = None
    is_fraction_allowed: bool = False
    usable: bool = True
    supplier_item_id: UUID | None = None
    purchase_unit: str = ""
    purchase_unit_name: str = ""
    factor: Decimal = Decimal(1)
    price: Decimal | None = None
    currency: str = ""
    vat_code: str = ""


def code_of(text: str) -> str:
    """Return an item code as compared: "t-0 12 " is "T-0 12"."""
    return " ".join(text.upper().split())[:LONGEST]


def gtin_of(text: str) -> str:
    """Return a barcode as fourteen digits, "" for what is no GTIN (GS1: 8, 12, 13 or 14 digits, the last a check)."""
    digits = text.strip().replace(" ", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in GTIN_LENGTHS or not int(digits):
        return ""
    return digits.zfill(14) if ean.is_valid(digits) else ""


def plain(text: str) -> str:
    """Return a description as compared: small letters without diacritics, nothing but words and numbers."""
    letters = unicodedata.normalize("NFKD", text[:1000]).casefold()
    letters = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(_NOT_IN_WORDS.sub(" ", letters).split())[:LONGEST]
