"""Master data that bookings and orders point at: looked up, and whether it may be used (Exact facts 3.5)."""

from datetime import date
from typing import Any

from apps.sandbox.exact import booking, store
from apps.sandbox.exact.booking import VATRule
from apps.sandbox.exact.errors import Problem
from apps.sandbox.models import Row

Data = dict[str, Any]

_DIMENSIONS = {"CostCenter": "hrm/Costcenters", "CostUnit": "hrm/Costunits"}


def supplier(division: int, key: str, problems: list[Problem]) -> Data:
    """Return the fields of a supplier who may be bought from; what stands in the way goes to `problems`."""
    row = store.find("crm/Accounts", division, key)
    if row is None:
        problems.append(Problem("reference", "Supplier"))
        return {}
    if not row.data.get("IsSupplier"):
        problems.append(Problem("invalid", "SupplierType", "Type"))
    if row.data.get("Blocked"):
        problems.append(Problem("invalid", "Supplier", "Geblokkeerd"))
    return store.fields(row)


def vat_row(division: int, code: str | None, problems: list[Problem]) -> Row | None:
    """Return the row of a VAT code that purchases may carry, None without one; else it goes to `problems`."""
    if not code:
        return None
    row = store.by_mark("vat/VATCodes", division, code)
    if row is None:
        problems.append(Problem("reference", "VATCode"))
    elif row.data.get("IsBlocked") or row.data.get("VATTransactionType") == "S":
        problems.append(Problem("invalid", "VATCode"))
    return row


def rule(division: int, row: Row | None, day: date) -> VATRule:
    """Return what a VAT code means on `day`; a dated percentage goes before the one on the code."""
    if row is None:
        return VATRule()
    percentage = row.data.get("Percentage")
    for each in store.children("vat/VatPercentages", division, row.key):
        start, end = each.data.get("StartDate") or "", each.data.get("EndDate") or "9999"
        if start[:10] <= day.isoformat() <= end[:10]:
            percentage = each.data.get("Percentage")
    return VATRule(row.data.get("Type") or "N", bool(row.data.get("Charged")), booking.decimal(percentage))


def dimension(division: int, name: str, code: str | None, problems: list[Problem]) -> Row | None:
    """Return the row of a CostCenter or CostUnit by its code, None without one; an unknown code is a problem."""
    row = store.by_mark(_DIMENSIONS[name], division, code or "")
    if code and row is None:
        problems.append(Problem("reference", name))
    return row
