"""VAT scenario: what a document says about VAT, independent of one administration's codes. Pure.

Source of the mapping: EN 16931 categories (BT-151) read as ordinary Dutch purchase practice (e-invoicing facts 5).
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

EU = frozenset("AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
MARGIN_CODES = frozenset({"VATEX-EU-F", "VATEX-EU-I", "VATEX-EU-J", "VATEX-EU-D"})
MARGIN_WORDS = ("marge", "margin scheme", "differenzbesteuerung")


class Scenario(models.TextChoices):
    """The closed list of VAT scenarios of a purchase."""

    NL_HIGH = "nl_high", _("Dutch VAT, high rate (21 %)")
    NL_LOW = "nl_low", _("Dutch VAT, low rate (9 %)")
    NL_ZERO = "nl_zero", _("Dutch VAT, zero rate")
    NL_EXEMPT = "nl_exempt", _("exempt")
    NL_REVERSE = "nl_reverse", _("Dutch reverse charge")
    EU_GOODS = "eu_goods", _("goods from the EU")
    EU_SERVICES = "eu_services", _("services from the EU")
    IMPORT = "import", _("import of goods")
    NON_EU_SERVICES = "non_eu_services", _("services from outside the EU")
    MARGIN = "margin", _("margin scheme")
    FOREIGN = "foreign", _("foreign VAT")
    OUTSIDE = "outside", _("outside the scope of VAT")


@dataclass(frozen=True, slots=True)
class Answer:
    """A scenario, or None when the document fits none, with the line that says why."""

    scenario: Scenario | None
    why: str


def scenario_of(
    *, category: str, rate: Decimal | None, country: str, exemption_code: str = "", exemption_reason: str = ""
) -> Answer:
    """Return the scenario of one line.

    `category` is the EN 16931 code, `rate` a percentage (21), `country` the supplier's two letters (NL when
    the document has none). Standard-rated with a rate that Dutch law does not know gives None.
    """
    country = country or "NL"
    why = f"{category} {rate.normalize():f} %, {country}" if rate is not None else f"{category}, {country}"
    return Answer(_decide(category, rate, country, exemption_code, exemption_reason.lower()), why)


def _decide(category: str, rate: Decimal | None, country: str, code: str, reason: str) -> Scenario | None:
    if category == "S":
        return _standard(rate, country)
    if category == "E" and (code in MARGIN_CODES or any(word in reason for word in MARGIN_WORDS)):
        return Scenario.MARGIN
    if category == "AE":
        return _reverse(country)
    plain = {
        "Z": Scenario.NL_ZERO,
        "E": Scenario.NL_EXEMPT,
        "K": Scenario.EU_GOODS,
        "G": Scenario.IMPORT,
        "O": Scenario.OUTSIDE,
    }
    return plain.get(category)


def _standard(rate: Decimal | None, country: str) -> Scenario | None:
    if country != "NL":
        return Scenario.FOREIGN
    return {Decimal(21): Scenario.NL_HIGH, Decimal(9): Scenario.NL_LOW, Decimal(0): Scenario.NL_ZERO}.get(
        rate if rate is not None else Decimal(-1)
    )


def _reverse(country: str) -> Scenario:
    if country == "NL":
        return Scenario.NL_REVERSE
    return Scenario.EU_SERVICES if country in EU else Scenario.NON_EU_SERVICES
