"""What we know of Exact Online: registrations, token chains, divisions, and the read-only mirrors."""

from apps.exact.models.books import (
    Balance,
    FinancialPeriod,
    JournalStatus,
    LedgerLine,
    Payable,
    Receivable,
    VATReturn,
)
from apps.exact.models.connection import Connection, ConnectionStatus, ExactApp, SignIn
from apps.exact.models.digital_mailbox import DigitalMailbox, MailboxState, SentBy
from apps.exact.models.division import CallWindow, Division, DivisionStatus, Refusals, Variant
from apps.exact.models.entity import Entity, Guided, Keyed, Mirrored
from apps.exact.models.hints import Notice, OwnWrite, Subscription
from apps.exact.models.mirrors import (
    BankAccount,
    CostCenter,
    CostRule,
    CostUnit,
    DocumentType,
    GLAccount,
    Item,
    ItemGroup,
    Journal,
    PaymentCondition,
    Relation,
    SupplierItem,
    Unit,
    VATCode,
    VATPercentage,
)
from apps.exact.models.orders import ExactOrder, OrderStatus
from apps.exact.models.rights import RightProbe
from apps.exact.models.share_link import ShareLink, ShareState
from apps.exact.models.sync import SyncPlan, SyncState

__all__ = [
    "Balance",
    "BankAccount",
    "CallWindow",
    "Connection",
    "ConnectionStatus",
    "CostCenter",
    "CostRule",
    "CostUnit",
    "DigitalMailbox",
    "Division",
    "DivisionStatus",
    "DocumentType",
    "Entity",
    "ExactApp",
    "ExactOrder",
    "FinancialPeriod",
    "GLAccount",
    "Guided",
    "Item",
    "ItemGroup",
    "Journal",
    "JournalStatus",
    "Keyed",
    "LedgerLine",
    "MailboxState",
    "Mirrored",
    "Notice",
    "OrderStatus",
    "OwnWrite",
    "Payable",
    "PaymentCondition",
    "Receivable",
    "Refusals",
    "Relation",
    "RightProbe",
    "SentBy",
    "ShareLink",
    "ShareState",
    "SignIn",
    "Subscription",
    "SupplierItem",
    "SyncPlan",
    "SyncState",
    "Unit",
    "VATCode",
    "VATPercentage",
    "VATReturn",
    "Variant",
]
