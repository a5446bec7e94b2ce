"""Documents, their lines and events, and how they are delivered."""

from apps.invoices.models.autonomy import Approval, Autonomy, Held, Level, Limits
from apps.invoices.models.card_write import CardAct, CardWrite, CardWrites
from apps.invoices.models.client_question import ClientQuestion, ClientQuestions
from apps.invoices.models.invoice import NOTICED, Invoice, Invoices
from apps.invoices.models.leaving import Leaving
from apps.invoices.models.methods import ActiveMethod
from apps.invoices.models.rows import InvoiceEvent, InvoiceLine, ValueSource
from apps.invoices.models.words import (
    NOTICEABLE,
    SENT,
    UNDER_WAY,
    WITH_CAUSE,
    InExact,
    Kind,
    Outcome,
    State,
    WaitsFor,
)

__all__ = [
    "NOTICEABLE",
    "NOTICED",
    "SENT",
    "UNDER_WAY",
    "WITH_CAUSE",
    "ActiveMethod",
    "Approval",
    "Autonomy",
    "CardAct",
    "CardWrite",
    "CardWrites",
    "ClientQuestion",
    "ClientQuestions",
    "Held",
    "InExact",
    "Invoice",
    "InvoiceEvent",
    "InvoiceLine",
    "Invoices",
    "Kind",
    "Leaving",
    "Level",
    "Limits",
    "Outcome",
    "State",
    "ValueSource",
    "WaitsFor",
]
