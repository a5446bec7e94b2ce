"""Documents, their lines and events, and how they are delivered."""

from apps.core.states import SENT, UNDER_WAY, WITH_CAUSE, State, WaitsFor
from apps.invoices.models.autonomy import Approval, Autonomy, Held, Level
from apps.invoices.models.card_write import CardAct, CardWrite, CardWrites
from apps.invoices.models.client_question import ClientQuestion, ClientQuestions
from apps.invoices.models.invoice import NOTICED, Invoice, Invoices
from apps.invoices.models.item import InvoiceItem, InvoiceItems
from apps.invoices.models.leaving import Leaving
from apps.invoices.models.methods import BOOKS, ActiveMethod
from apps.invoices.models.rows import InvoiceEvent, InvoiceLine
from apps.invoices.models.words import NOTICEABLE, InExact, Kind, Outcome
from apps.rules.sources import ValueSource

__all__ = [
    "BOOKS",
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
    "InvoiceItem",
    "InvoiceItems",
    "InvoiceLine",
    "Invoices",
    "Kind",
    "Leaving",
    "Level",
    "Outcome",
    "State",
    "ValueSource",
    "WaitsFor",
]
