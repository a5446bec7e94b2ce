"""Whether what stands in Exact is what we wrote or knew, and how it is said when it is not. Pure."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.exact.values import date_of, decimal_of, text_of

PLACES = 4  # of prices and quantities in Exact
FIELDS: dict[str, Promise] = {
    "Item": gettext_lazy("the item"),
    "QuantityInPurchaseUnits": gettext_lazy("the quantity"),
    "NetPrice": gettext_lazy("the net price"),
    "UnitPrice": gettext_lazy("the price"),
    "Discount": gettext_lazy("the discount"),
    "ReceiptDate": gettext_lazy("the date of receipt"),
    "OrderDate": gettext_lazy("the order date"),
    "OrderStatus": gettext_lazy("the state of the order"),
    "ReceivedQuantity": gettext_lazy("the quantity received"),
    "InvoicedQuantity": gettext_lazy("the quantity invoiced"),
    "Description": gettext_lazy("the description"),
    "YourRef": gettext_lazy("the reference"),
    "VATCode": gettext_lazy("the VAT code"),
    "CostCenter": gettext_lazy("the cost centre"),
    "CostUnit": gettext_lazy("the cost unit"),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:.]+)?")


def is_same(known: Any, there: Any) -> bool:
    """Tell whether a value as we write it is the one that Exact gives: numbers as decimals, ISO dates as days, the rest
    as trimmed text without case, in which nothing and an empty text are one.
    """
    if isinstance(known, int | float) and not isinstance(known, bool):
        return decimal_of(known, PLACES) == decimal_of(there, PLACES)
    if isinstance(known, str) and _DAY.fullmatch(known) and (day := date_of(known)):
        return day == date_of(there)
    return text_of(known).casefold() == text_of(there).casefold()


def is_equal(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Tell whether all of `wanted` stands in the row `there` already."""
    return all(is_same(value, there.get(name)) for name, value in wanted.items())


def differing(before: Mapping[str, Any], wanted: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    """Return the fields in which the row `there` is neither as it was known `before`, nor as it is `wanted`."""
    changed = [name for name, value in before.items() if not is_same(value, there.get(name))]
    return [name for name in changed if name not in wanted or not is_same(wanted[name], there.get(name))]


def what(step: Mapping[str, Any]) -> str:
    """Return what `step` changes, for people: the line that it names, else the order."""
    return _("line %(number)s") % {"number": step["line"]} if step.get("line") else _("the order")


def gone(step: Mapping[str, Any]) -> str:
    """Return that what `step` changes is not there any more."""
    return _("In Exact %(what)s is gone. Compare again.") % {"what": what(step)}


def ended() -> str:
    """Return that the order is not one any more that is changed."""
    return _("In Exact the order is complete, cancelled or gone by now. Nothing of this is changed there.")


def sentence(step: Mapping[str, Any], names: Iterable[str], there: Mapping[str, Any]) -> str:
    """Return what somebody changed in Exact, and what stands there now."""
    now = "; ".join(
        _("%(field)s is %(value)s there")
        % {"field": FIELDS.get(name, name), "value": _shown(there.get(name))}
        for name in names
    )
    words = _("Somebody changed %(what)s in Exact meanwhile: %(now)s. Compare again.")
    return words % {"what": what(step), "now": now}


def _shown(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_format((decimal_of(value, PLACES) or Decimal()).normalize() + 0)
    if isinstance(value, str) and value.startswith("/Date(") and (day := date_of(value)):
        return date_format(day)
    return text_of(value) or _("empty")
