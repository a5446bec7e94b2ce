"""Which administration a document is for: by the receiver's numbers on it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.clients.models import AdministrationIdentifier
from apps.core.identifiers import LABELS, Identifier, Kind
from apps.intake.document import Party

# Numbers of the company itself. Bank accounts and domains may be shared, and are asked only when these say nothing.
COMPANY = (Kind.KVK, Kind.OIN, Kind.BE_ENTERPRISE, Kind.VAT, Kind.GLN, Kind.PEPPOL)
SHARED = (Kind.IBAN, Kind.DOMAIN)


@dataclass(frozen=True, slots=True)
class Route:
    """The administrations that fit (one: routed; none or several: a person decides) and why.

    `own` are the numbers on the document that belong to the firm's administrations: never vendor evidence.
    """

    administrations: tuple[int, ...]
    why: str
    own: frozenset[tuple[str, str]]


def route(customer: Party, supplier: Party, *, extra: Sequence[Identifier] = ()) -> Route:
    """Find the administrations that carry a number of `customer`; costs one query.

    All its numbers must agree; `supplier` and `extra` are looked at for our own numbers only.
    """
    identifiers = [*customer.identifiers, *supplier.identifiers, *extra]
    rows = AdministrationIdentifier.objects.filter(value__in={identifier.value for identifier in identifiers})
    owners: dict[tuple[str, str], set[int]] = defaultdict(set)
    for kind, value, administration in rows.values_list("kind", "value", "administration_id"):
        owners[kind, value].add(administration)
    own = frozenset(owners)
    for kinds in (COMPANY, SHARED):
        known = [
            identifier
            for identifier in customer.identifiers
            if identifier.kind in kinds
            and not identifier.is_placeholder
            and (identifier.kind.value, identifier.value) in owners
        ]
        if known:
            sets = [owners[identifier.kind.value, identifier.value] for identifier in known]
            # A number may be shared, as a VAT number is by a fiscal unity; numbers that agree on nobody conflict.
            fitting = set.intersection(*sets) or set.union(*sets)
            return Route(tuple(sorted(fitting)), _why(known[0]), own)
    return Route((), _("no number of the receiver is one of ours"), own)


def _why(identifier: Identifier) -> str:
    return _("%(kind)s %(value)s of the receiver") % {
        "kind": LABELS[identifier.kind],
        "value": identifier.value,
    }
