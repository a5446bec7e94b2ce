"""Which administration a document is for: by the receiver's numbers on it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.clients.models import AdministrationIdentifier
from apps.core.identifiers import Identifier, Kind
from apps.intake.document import Party

# A sender looks a receiver up by chamber of commerce or OIN first, then VAT, then the rest (facts 3).
STRENGTH = (Kind.KVK, Kind.OIN, Kind.BE_ENTERPRISE, Kind.VAT, Kind.GLN, Kind.PEPPOL, Kind.IBAN, Kind.DOMAIN)


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

    The strongest kind that finds any decides; `supplier` and `extra` are looked at for our own numbers only.
    """
    identifiers = [*customer.identifiers, *supplier.identifiers, *extra]
    rows = AdministrationIdentifier.objects.filter(value__in={identifier.value for identifier in identifiers})
    owners: dict[tuple[str, str], set[int]] = defaultdict(set)
    for kind, value, administration in rows.values_list("kind", "value", "administration_id"):
        owners[kind, value].add(administration)
    own = frozenset(owners)
    for kind in STRENGTH:
        for identifier in customer.identifiers:
            found = owners.get((kind.value, identifier.value))
            if identifier.kind == kind and found and not identifier.is_placeholder:
                return Route(tuple(sorted(found)), _why(identifier), own)
    return Route((), _("no number of the receiver is one of ours"), own)


def _why(identifier: Identifier) -> str:
    return _("%(kind)s %(value)s of the receiver") % {"kind": identifier.kind.upper(), "value": identifier.value}
