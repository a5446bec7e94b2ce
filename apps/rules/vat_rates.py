"""Dutch VAT rates and the countries of the EU, each on its day. Pure.

Sources: Wet OB 1968 art. 9 with its changes (19 % became 21 % on 1-10-2012, 6 % became 9 % on 1-1-2019); accession of
Croatia on 1-7-2013; the United Kingdom counted as the EU for VAT until 31-12-2020, Northern Ireland (XI) still does
for goods.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

HIGH, LOW = "high", "low"


class Rate(NamedTuple):
    """A rate as a percentage (21), with its first and last day."""

    level: str
    percentage: Decimal
    start: date
    end: date


RATES = (
    Rate(HIGH, Decimal(19), date.min, date(2012, 9, 30)),
    Rate(HIGH, Decimal(21), date(2012, 10, 1), date.max),
    Rate(LOW, Decimal(6), date.min, date(2018, 12, 31)),
    Rate(LOW, Decimal(9), date(2019, 1, 1), date.max),
)
_EU = frozenset("AT BE BG CY CZ DE DK EE EL ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
_BREXIT, _CROATIA = date(2020, 12, 31), date(2013, 7, 1)
# Elsewhere a VAT number does not begin with its country, or not with one alone (EU: one-stop-shop).
_NUMBERED = _EU | frozenset("AD AL BA CH GB IS LI MC ME MK NO RS SM TR UA XI".split())


def rate_on(percentage: Decimal, days: Iterable[date]) -> Rate | None:
    """Return the Dutch rate of `percentage` (21) that is valid on any of `days`, None when there is none."""
    rows = [rate for rate in RATES if rate.percentage == percentage]
    found = (rate for day in days for rate in rows if rate.start <= day <= rate.end)
    return next(found, None)


def rate_before(percentage: Decimal, day: date) -> Rate | None:
    """Return the Dutch rate of `percentage` that ended before `day`, None when there is none."""
    return next((rate for rate in RATES if rate.percentage == percentage and rate.end < day), None)


def percentages_on(day: date) -> list[Decimal]:
    """Return the Dutch rates of `day` as percentages, the highest first."""
    return [rate.percentage for rate in RATES if rate.start <= day <= rate.end]


def is_eu(country: str, day: date, *, for_goods: bool = False) -> bool:
    """Tell whether `country`, two letters of an address or a VAT number, is in the EU for VAT on `day`."""
    if country == "XI":
        return for_goods or day <= _BREXIT
    if country == "GB":
        return day <= _BREXIT
    return country in _EU and (country != "HR" or day >= _CROATIA)


def country_of(vat_number: str) -> str:
    """Return the country that a VAT number begins with, as ISO 3166 has it (XI for Northern Ireland), else ""."""
    country = vat_number[:2]
    return {"EL": "GR"}.get(country, country) if country in _NUMBERED else ""
