"""Whether the price of a document is that of the supplier in Exact, or near enough. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.items.units import number


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a price may stand without a person looking at it, and how it compares, in words."""

    is_within: bool
    why: str


def judge(
    price: Decimal | None,
    expected: Decimal | None,
    band_percent: Decimal,
    currency: str = "",
    expected_currency: str = "",
) -> Judged:
    """Compare `price` with `expected`, both for one purchase unit; it may differ by `band_percent` of `expected`.

    Without a price in Exact there is nothing to compare with, and so nothing against it; without one on the document
    Exact's own is taken. A line without any price is looked at, and so are two currencies.
    """
    if price is None and expected is None:
        return Judged(False, _("neither the document nor Exact has a price"))
    if expected is None:
        return Judged(True, _("Exact has no price of this supplier to compare with"))
    if price is None:
        words = _("no price on the document: %(expected)s, the supplier's in Exact")
        return Judged(True, words % {"expected": number(expected)})
    if currency and expected_currency and currency != expected_currency:
        words = _("the price is in %(currency)s, the supplier's in Exact in %(expected_currency)s")
        return Judged(False, words % {"currency": currency, "expected_currency": expected_currency})
    return _compared(price, expected, band_percent)


def _compared(price: Decimal, expected: Decimal, band_percent: Decimal) -> Judged:
    values = {"price": number(price), "expected": number(expected), "band": number(band_percent)}
    if price == expected:
        return Judged(True, _("%(expected)s, as in Exact") % values)
    if not expected:
        return Judged(False, _("%(price)s, and in Exact it costs nothing") % values)
    apart = (price - expected) * 100 / abs(expected)
    values["apart"] = number(abs(apart).quantize(Decimal("0.1")))
    if apart > 0:
        words = _("%(price)s: %(apart)s %% more than the %(expected)s in Exact (allowed: %(band)s %%)")
    else:
        words = _("%(price)s: %(apart)s %% less than the %(expected)s in Exact (allowed: %(band)s %%)")
    return Judged(abs(price - expected) * 100 <= band_percent * abs(expected), words % values)
