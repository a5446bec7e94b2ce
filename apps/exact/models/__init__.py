"""What we know of Exact Online: registrations, token chains, divisions, and the read-only mirrors."""

from apps.exact.models.connection import Connection, Division, ExactApp
from apps.exact.models.mirrors import (
    BankAccount,
    CostCenter,
    CostUnit,
    FinancialPeriod,
    GLAccount,
    Item,
    Journal,
    LedgerLine,
    Mirrored,
    PaymentCondition,
    Relation,
    VATCode,
    VATPercentage,
)
from apps.exact.models.sync import SyncState

__all__ = [
    "BankAccount",
    "Connection",
    "CostCenter",
    "CostUnit",
    "Division",
    "ExactApp",
    "FinancialPeriod",
    "GLAccount",
    "Item",
    "Journal",
    "LedgerLine",
    "Mirrored",
    "PaymentCondition",
    "Relation",
    "SyncState",
    "VATCode",
    "VATPercentage",
]
