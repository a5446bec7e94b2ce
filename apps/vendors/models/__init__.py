"""What we remember of vendors, what is asked about them, and what is to be checked."""

from apps.vendors.models.collective_vendor import CollectiveVendor
from apps.vendors.models.iban_case import IBANCase
from apps.vendors.models.mapping import Mapping
from apps.vendors.models.question import Question
from apps.vendors.models.shared_domain import DomainKind, SharedDomain
from apps.vendors.models.words import CaseState, NumberSource, Origin, QuestionKind, Scope

__all__ = [
    "CaseState",
    "CollectiveVendor",
    "DomainKind",
    "IBANCase",
    "Mapping",
    "NumberSource",
    "Origin",
    "Question",
    "QuestionKind",
    "Scope",
    "SharedDomain",
]
