"""Identifiers that are right and still say nothing of who sent a document."""

from collections.abc import Iterable

from django.db.models import CharField, Value

from apps.clients.models import AdministrationIdentifier
from apps.core.identifiers import Kind
from apps.vendors.evidence import Key
from apps.vendors.models import CaseState, IBANCase, SharedDomain


def among(keys: Iterable[Key]) -> frozenset[Key]:
    """Return those of `keys` that are no evidence; one query.

    The numbers of any of the firm's administrations, the domains on the firm's own list, and accounts that were
    accepted as a factoring company's (theirs, whoever the vendor is).
    """
    wanted = set(keys)
    values = {key.value for key in wanted}
    own = AdministrationIdentifier.objects.filter(value__in=values).values_list("kind", "value")
    shared = SharedDomain.objects.filter(domain__in=values).values_list(_text(Kind.DOMAIN), "domain")
    factoring = IBANCase.objects.filter(is_factoring=True, state=CaseState.ACCEPTED, iban__in=values)
    rows = own.order_by().union(shared.order_by(), factoring.order_by().values_list(_text(Kind.IBAN), "iban"))
    return frozenset(wanted & {Key(kind, value) for kind, value in rows})


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())
