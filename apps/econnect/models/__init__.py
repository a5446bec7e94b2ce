"""eConnect: accounts, parties, and what goes over the line."""

from apps.econnect.models.account import Account
from apps.econnect.models.party import Party, PlatformKeys
from apps.econnect.models.traffic import Answer, AnswerStatus, Family, HookCall, Inbound, Stage

__all__ = [
    "Account",
    "Answer",
    "AnswerStatus",
    "Family",
    "HookCall",
    "Inbound",
    "Party",
    "PlatformKeys",
    "Stage",
]
