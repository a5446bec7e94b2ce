"""What other administrations do with a sender: shown next to the question, never applied by itself."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat
from django.utils.translation import ngettext

from apps.exact.models import Relation
from apps.invoices.models import Invoice
from apps.vendors.evidence import DOCUMENT, Key
from apps.vendors.models import Mapping


def elsewhere(asked: Iterable[str], user: Any) -> dict[str, dict[str, set[int]]]:
    """Return identity -> name of the supplier -> the administrations that book this sender on it; one query."""
    identities = {identity: Key(*identity.split(" ", 1)) for identity in asked if " " in identity}
    found: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    booked = Invoice.objects.visible_to(user).filter(vendor_key__in=identities, supplier__isnull=False)
    mapped = Mapping.objects.visible_to(user).valid().exclude(kind=DOCUMENT)
    mapped = mapped.filter(value__in={key.value for key in identities.values()})
    rows = booked.order_by().values_list("vendor_key", "supplier_name", "administration_id")
    decided = mapped.order_by().values_list(
        Concat("kind", Value(" "), "value"), "supplier_name", "administration_id"
    )
    for identity, name, administration in rows.union(decided):
        if identity in identities:
            found[identity][name].add(administration)
    return found


def cards_called(names: Iterable[str], administrations: Iterable[int]) -> dict[int, dict[str, Relation]]:
    """Return administration -> name -> the supplier that may be booked on there under that name."""
    rows = Relation.objects.filter(
        division__administration__in=administrations, name__in=names, is_supplier=True, blocked=False
    )
    found: dict[int, dict[str, Relation]] = defaultdict(dict)
    for row in rows.select_related("division").defer("raw").order_by("-pk"):
        if row.division.administration_id:
            found[row.division.administration_id][row.name] = row
    return found


def in_words(count: int) -> str:
    """Return how many other administrations do so, in words; "" for none."""
    if not count:
        return ""
    words = ngettext(
        "%(count)d of your other administrations books this sender here",
        "%(count)d of your other administrations book this sender here",
        count,
    )
    return words % {"count": count}
