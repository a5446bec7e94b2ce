"""The firm's clients, their administrations, who works for whom, and the ceilings that hold for them."""

from apps.clients.models.administration import (
    Administration,
    AdministrationIdentifier,
    AdministrationIdentifiers,
    Administrations,
)
from apps.clients.models.client import Assignment, Assignments, Client, ClientGroup, ClientGroups, Clients
from apps.clients.models.limits import Limits
from apps.clients.models.words import ClosedPeriod, EntryLines, MatchOrder, Mode, Package

__all__ = [
    "Administration",
    "AdministrationIdentifier",
    "AdministrationIdentifiers",
    "Administrations",
    "Assignment",
    "Assignments",
    "Client",
    "ClientGroup",
    "ClientGroups",
    "Clients",
    "ClosedPeriod",
    "EntryLines",
    "Limits",
    "MatchOrder",
    "Mode",
    "Package",
]
