"""What the simulated Exact Online keeps, in the sandbox's own database."""

from apps.sandbox.models.access import Code, ExactUser, Grant, RegisteredApp, Token
from apps.sandbox.models.data import AttachedFile, Division, JournalPeriod, Row, Sequence
from apps.sandbox.models.settings import Fault, FaultKind, Package, Switches
from apps.sandbox.models.traffic import Call, Delivery, ErrorBudget, Usage

__all__ = [
    "AttachedFile",
    "Call",
    "Code",
    "Delivery",
    "Division",
    "ErrorBudget",
    "ExactUser",
    "Fault",
    "FaultKind",
    "Grant",
    "JournalPeriod",
    "Package",
    "RegisteredApp",
    "Row",
    "Sequence",
    "Switches",
    "Token",
    "Usage",
]
