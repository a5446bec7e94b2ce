"""What the simulated Exact Online and the simulated eConnect keep, in the sandbox's own database."""

from apps.sandbox.models.access import Code, ExactUser, Grant, RegisteredApp, Token
from apps.sandbox.models.data import AttachedFile, Division, JournalPeriod, PurchaseOrder, Row, Sequence
from apps.sandbox.models.econnect import EconnectHook, EconnectParty, EconnectToken, EconnectUser
from apps.sandbox.models.econnect_settings import EconnectSwitches, FormatParameter, HookVerb
from apps.sandbox.models.network import (
    DocumentFamily,
    EconnectDocument,
    EconnectMail,
    EconnectNotice,
    EconnectResponse,
)
from apps.sandbox.models.settings import HOOK_FAULTS, Fault, FaultKind, Package, Switches
from apps.sandbox.models.traffic import Call, Delivery, ErrorBudget, Usage

__all__ = [
    "HOOK_FAULTS",
    "AttachedFile",
    "Call",
    "Code",
    "Delivery",
    "Division",
    "DocumentFamily",
    "EconnectDocument",
    "EconnectHook",
    "EconnectMail",
    "EconnectNotice",
    "EconnectParty",
    "EconnectResponse",
    "EconnectSwitches",
    "EconnectToken",
    "EconnectUser",
    "ErrorBudget",
    "ExactUser",
    "Fault",
    "FaultKind",
    "FormatParameter",
    "Grant",
    "HookVerb",
    "JournalPeriod",
    "Package",
    "PurchaseOrder",
    "RegisteredApp",
    "Row",
    "Sequence",
    "Switches",
    "Token",
    "Usage",
]
