"""VAT scenario: what a document says about VAT, independent of one administration's codes. Pure.

Source of the mapping: EN 16931 categories (BT-151) read as ordinary Dutch purchase practice (e-invoicing facts 5).
What each scenario means in a VAT return stands in `vat_boxes`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apps.intake.findings import Finding
from apps.rules import vat_hints
from apps.rules.supply import Supply
from apps.rules.vat_hints import GOODS, SERVICES
from apps.rules.vat_rates import HIGH, country_of, is_eu, percentages_on, rate_before, rate_on

__all__ = ["FINDINGS", "WARNINGS", "Answer", "Scenario", "Supply", "scenario_of"]

_MARGIN_CODES = frozenset({"VATEX-EU-F", "VATEX-EU-I", "VATEX-EU-J", "VATEX-EU-D"})
# Reasons of an exemption that name another category: old documents and some suppliers write E with one of these.
_CATEGORY_BY_REASON = {
    "VATEX-EU-AE": "AE",
    "AE": "AE",
    "VATEX-EU-IC": "K",
    "VATEX-EU-G": "G",
    "VATEX-EU-O": "O",
}
# What keeps a vendor from being booked by itself: it may be wrong, and money may be lost with it.
WARNINGS = frozenset(
    {
        "foreign_vat",
        "vat_without_number",
        "vat_number_not_valid",
        "reverse_without_seller_number",
        "reverse_without_buyer_number",
        "reverse_other_number",
        "vat_rate_not_valid",
        "vat_rate_by_date",
        "margin_text",
        "import_or_services",
        "small_business_charges",
        "zero_from_abroad",
        "vat_category_odd",
        "delivered_elsewhere",
    }
)
FINDINGS = WARNINGS | {
    "vat_rate_of_before",
    "margin_scheme",
    "goods_or_services",
    "text_speaks_of_goods",
    "text_speaks_of_services",
    "small_business",
    "outside_with_number",
}


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
    """A scenario, or None when the document fits none, the line that says why, and what was seen on the way."""

    scenario: Scenario | None
    why: str
    findings: tuple[Finding, ...] = ()


def scenario_of(supply: Supply) -> Answer:
    """Return the scenario of one line, with what a bookkeeper should know about its VAT.

    A rate that Dutch law did not have on that day, and a category that its seller cannot use, give None.
    """
    category = _category(supply)
    scenario, findings = _DECIDE.get(category, _unnamed)(supply)
    return Answer(scenario, _why(supply, category), findings)


_Verdict = tuple[Scenario | None, tuple[Finding, ...]]


def _verdict(scenario: Scenario | None, *findings: Finding | None) -> _Verdict:
    return scenario, tuple(finding for finding in findings if finding)


def _category(supply: Supply) -> str:
    if supply.category != "E":
        return supply.category
    named = _CATEGORY_BY_REASON.get(supply.exemption_code.upper(), "")
    return named or ("AE" if vat_hints.is_reverse_charge(supply.exemption_reason) else "E")


def _why(supply: Supply, category: str) -> str:
    rate = f"{category} {_number(supply.rate)} %" if supply.rate is not None else category
    shown = rate if category == supply.category else f"{rate} ({supply.exemption_code or 'E'})"
    return f"{shown}, {supply.country}"


def _number(rate: Decimal | None) -> str:
    return f"{(rate or Decimal(0)).normalize():f}"


def _shown(day: date) -> str:
    return date_format(day, "j-n-Y")


def _standard(supply: Supply) -> _Verdict:
    if not supply.rate:
        return _zero(supply) if supply.rate is not None else _verdict(None)
    if supply.country != "NL":
        values = {"country": supply.country, "rate": _number(supply.rate)}
        return _verdict(Scenario.FOREIGN, Finding("foreign_vat", values))
    scenario, about_rate = _dutch(supply, supply.rate)
    return _verdict(scenario, about_rate, *_around_charged(supply))


def _dutch(supply: Supply, percentage: Decimal) -> tuple[Scenario | None, Finding | None]:
    """A supply is taxed at the rate of its day; a credit, at that of what it takes back (Wet OB art. 9, 29)."""
    values = {"rate": _number(percentage), "text": _shown(supply.day)}
    if rate := rate_on(percentage, supply.days):
        return _level(rate.level), None
    if supply.issued and (rate := rate_on(percentage, [supply.issued])):
        return _level(rate.level), Finding("vat_rate_by_date", values)
    if supply.is_credit and (rate := rate_before(percentage, supply.day)):
        return _level(rate.level), Finding("vat_rate_of_before", {**values, "text": _shown(rate.end)})
    right = " / ".join(f"{_number(each)} %" for each in percentages_on(supply.day))
    return None, Finding("vat_rate_not_valid", {**values, "value": right})


def _level(level: str) -> Scenario:
    return Scenario.NL_HIGH if level == HIGH else Scenario.NL_LOW


def _around_charged(supply: Supply) -> Iterator[Finding | None]:
    rate = _number(supply.rate)
    if not supply.seller_vat:
        yield Finding("vat_without_number", {"rate": rate})
    elif not supply.seller_vat_valid:
        yield Finding("vat_number_not_valid", {"rate": rate, "value": supply.seller_vat})
    yield Finding("margin_text") if vat_hints.says_margin(supply.words) else None
    yield Finding("small_business_charges") if _is_small_business(supply) else None


def _zero(supply: Supply) -> _Verdict:
    if _is_small_business(supply):
        return _verdict(Scenario.OUTSIDE, Finding("small_business"))
    return _verdict(Scenario.NL_ZERO, _none_from_abroad(supply))


def _none_from_abroad(supply: Supply) -> Finding | None:
    return None if supply.country == "NL" else Finding("zero_from_abroad", {"country": supply.country})


def _exempt(supply: Supply) -> _Verdict:
    """The two schemes are told apart by a code, else by words: those of the small business scheme first."""
    is_margin = supply.exemption_code.upper() in _MARGIN_CODES
    if not is_margin and _is_small_business(supply):
        return _verdict(Scenario.OUTSIDE, Finding("small_business"))
    if is_margin or vat_hints.says_margin(f"{supply.words} {supply.note}"):
        return _verdict(Scenario.MARGIN, Finding("margin_scheme"))
    return _verdict(Scenario.NL_EXEMPT, _none_from_abroad(supply))


def _is_small_business(supply: Supply) -> bool:
    return vat_hints.says_small_business(f"{supply.words} {supply.note}")


def _reverse(supply: Supply) -> _Verdict:
    numbers = _numbers(supply)
    if supply.country == "NL":
        return _verdict(Scenario.NL_REVERSE, *numbers)
    if is_eu(supply.country, supply.day):
        return _verdict(Scenario.EU_SERVICES, *numbers, _unclear(supply, Scenario.EU_SERVICES, SERVICES))
    return _from_outside(supply, Scenario.NON_EU_SERVICES)


def _acquisition(supply: Supply) -> _Verdict:
    if supply.country == "NL" or not is_eu(supply.country, supply.day, for_goods=True):
        return _verdict(None, _odd(supply, _("goods from another EU country")))
    unclear = _unclear(supply, Scenario.EU_GOODS, GOODS) if _kind(supply) == SERVICES else None
    return _verdict(Scenario.EU_GOODS, *_numbers(supply), unclear, _elsewhere(supply))


def _export(supply: Supply) -> _Verdict:
    if supply.country == "NL" or is_eu(supply.country, supply.day):
        return _verdict(None, _odd(supply, _("goods from outside the EU")))
    return _from_outside(supply, Scenario.IMPORT)


def _outside(supply: Supply) -> _Verdict:
    if _is_small_business(supply):
        return _verdict(Scenario.OUTSIDE, Finding("small_business"))
    if supply.country != "NL" and not is_eu(supply.country, supply.day):
        return _from_outside(supply, Scenario.NON_EU_SERVICES)
    numbered = supply.seller_vat or supply.buyer_vat
    return _verdict(Scenario.OUTSIDE, Finding("outside_with_number") if numbered else None)


def _unnamed(supply: Supply) -> _Verdict:
    """No category, or one of other taxes: L and M of the Canaries and Ceuta, B of Italy (BT-118)."""
    if supply.country == "NL":
        return _verdict(None)
    if supply.rate:
        values = {"country": supply.country, "rate": _number(supply.rate)}
        return _verdict(Scenario.FOREIGN, Finding("foreign_vat", values))
    if not is_eu(supply.country, supply.day):
        return _from_outside(supply, Scenario.NON_EU_SERVICES)
    return _verdict(None)


def _from_outside(supply: Supply, otherwise: Scenario) -> _Verdict:
    """Goods come in by customs, services do not: what the text says of it decides, else `otherwise`."""
    kind = _kind(supply)
    found = {GOODS: Scenario.IMPORT, SERVICES: Scenario.NON_EU_SERVICES}.get(kind, otherwise)
    unclear = None if kind else Finding("import_or_services", {"value": str(found.label)})
    return _verdict(found, unclear, _elsewhere(supply) if found is Scenario.IMPORT else None)


def _kind(supply: Supply) -> str:
    return vat_hints.kind_of(supply.words)


def _unclear(supply: Supply, taken: Scenario, kind: str) -> Finding | None:
    found = _kind(supply)
    if found == kind:
        return None
    code = f"text_speaks_of_{found}" if found else "goods_or_services"
    return Finding(code, {"country": supply.country, "value": str(taken.label)})


def _numbers(supply: Supply) -> Iterator[Finding | None]:
    """Both numbers are needed (BR-AE-02, BR-IC-02), and the customer's must be Dutch for a Dutch return."""
    yield None if supply.seller_vat else Finding("reverse_without_seller_number")
    yield None if supply.buyer_vat else Finding("reverse_without_buyer_number")
    elsewhere = country_of(supply.buyer_vat) not in {"", "NL"}
    yield Finding("reverse_other_number", {"value": supply.buyer_vat}) if elsewhere else None


def _elsewhere(supply: Supply) -> Finding | None:
    there = supply.delivery_country
    return Finding("delivered_elsewhere", {"country": there}) if there not in {"", "NL"} else None


def _odd(supply: Supply, meaning: object) -> Finding:
    values = {"value": supply.category, "text": str(meaning), "country": supply.country}
    return Finding("vat_category_odd", values)


_DECIDE: dict[str, Callable[[Supply], _Verdict]] = {
    "S": _standard,
    "Z": _zero,
    "E": _exempt,
    "AE": _reverse,
    "K": _acquisition,
    "G": _export,
    "O": _outside,
}
