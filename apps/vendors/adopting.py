"""Mappings that come in by the dozen: from a list, or from last year's bookings. The one place that remembers them."""

from collections.abc import Iterable

from django.db import transaction

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.exact.models import Relation
from apps.people.models import User
from apps.vendors import learning
from apps.vendors.evidence import Key
from apps.vendors.models import Mapping, Origin, Question, Scope


def adopt(
    administration: Administration, key: Key, supplier: Relation, *, before: str, by: User, origin: Origin
) -> bool:
    """Remember that `key` is `supplier`, unless the decision there now is not `before` (a supplier's id, "" for none).

    An open question about that identity is answered with it. Doing it twice changes nothing: the second time
    another decision is there than before.
    """
    with transaction.atomic():
        # One list at a time in an administration: where no row is yet there is none to hold.
        Administration.objects.select_for_update(no_key=True).get(pk=administration.pk)
        if current(administration, key) != before:
            return False
        learning.remember(administration, key, supplier, by=by, origin=origin)
        Question.objects.filter(administration=administration, identity=str(key)[:300]).open().update(
            answered_at=clock.now(), answered_by=by, supplier=supplier.exact_id
        )
    return True


def current(administration: Administration, key: Key) -> str:
    """Return the supplier (id) that `key` is mapped to, "" for none; the row is held until the transaction ends."""
    row = (
        Mapping.objects.valid()
        .select_for_update()
        .filter(administration=administration, kind=key.kind, value=key.value[:255], scope=Scope.SENDER)
        .first()
    )
    return str(row.supplier) if row else ""


def tell(administrations: Iterable[Administration]) -> None:
    """Let the documents of these administrations that wait for an answer about their vendor be looked at again."""
    for pk in sorted({administration.pk for administration in administrations}):
        queue.ring("mappings_adopted", pk)


def asked_about(key: Key) -> list[Administration]:
    """Return the administrations in which somebody is asked who `key` is."""
    asked = Question.objects.filter(identity=str(key)[:300]).open()
    return list(Administration.objects.filter(pk__in=asked.values("administration")))
