"""The fields of a supplier's card: what they are called, and how they go to Exact. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class CardField:
    """One field: its name with us and in Exact ("" for what belongs to the bank account), and where the mirror has it.

    `column` "": the mirror does not tell whether the card has it, so it is only for new cards.
    """

    name: str
    label: Any
    exact: str = ""
    column: str = ""
    longest: int = 60
    hint: Any = ""


FIELDS: tuple[CardField, ...] = (
    CardField("name", _("Name"), "Name", "", 255),
    CardField("country", _("Country"), "Country", "country", 40, _("Two letters, such as NL.")),
    CardField("vat", _("VAT number"), "VATNumber", "vat_number", 40),
    CardField(
        "kvk",
        _("Chamber of commerce or enterprise number"),
        "ChamberOfCommerce",
        "chamber_of_commerce",
        40,
    ),
    CardField("oin", "OIN", "OINNumber", "oin", 40, _("Only for governments.")),
    CardField("gln", "GLN", "GlnNumber", "gln", 40),
    CardField("peppol", _("Peppol address"), "PeppolIdentifier", "peppol", 80),
    CardField("email", _("E-mail address"), "Email", "email", 255),
    CardField("street", _("Street and number"), "AddressLine1", "", 80),
    CardField("postcode", _("Postcode"), "Postcode", "", 20),
    CardField("city", _("Town"), "City", "", 100),
    CardField("iban", "IBAN", "", "", 60),
    CardField("bic", "BIC", "", "", 20, _("Only for an account outside the euro countries.")),
    CardField("payment_condition", _("Payment condition"), "PaymentConditionPurchase", "", 10),
)
BY_NAME = {field.name: field for field in FIELDS}
BANK_FIELDS = ("iban", "bic")


def account_payload(values: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of crm/Accounts for `values`."""
    return {field.exact: values[field.name] for field in FIELDS if field.exact and values.get(field.name)}


def bank_payload(values: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of crm/BankAccounts for `values` but for whose account it is; nothing without an IBAN."""
    if not values.get("iban"):
        return {}
    bic = {"BICCode": values["bic"]} if values.get("bic") else {}
    return {"BankAccount": values["iban"], "Main": True, **bic}
