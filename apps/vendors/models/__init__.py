"""What we remember of vendors, what is asked about them, and what is to be checked."""

from apps.vendors.models.collective_vendor import CollectiveVendor
from apps.vendors.models.iban_case import CaseState, IBANCase, NumberSource
from apps.vendors.models.mapping import Mapping, Origin, Scope
from apps.vendors.models.question import Question, QuestionKind
from apps.vendors.models.shared_domain import DomainKind, SharedDomain

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
