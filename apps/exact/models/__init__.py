"""What we know of Exact Online: registrations, token chains, divisions, and the read-only mirrors."""

from apps.exact.models.connection import Connection, ConnectionStatus, Division, ExactApp, SignIn
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
    "ConnectionStatus",
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
    "SignIn",
    "SyncState",
    "VATCode",
    "VATPercentage",
]
