"""Answering which item is meant, and taking the answer back; the documents that it touches are told by bells."""

from django.db import transaction

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.exact.models import Item
from apps.items import learning
from apps.items.models import ItemMapping, ItemQuestion
from apps.items.wanted import Key
from apps.people.models import User


def answer(question: ItemQuestion, item: Item, *, by: User, kind: str | None = None) -> ItemMapping | None:
    """Answer `question` with `item` and remember it; None when somebody else answered first.

    `kind`: by what of the line it is remembered (an ItemKind), its identity unless the person chose another.
    """
    keys = question.keys
    key: Key = next((one for one in keys if one.kind == kind), keys[0])
    with transaction.atomic():
        # Answers to two questions may be remembered by one number: where no row is yet there is none to hold.
        Administration.objects.select_for_update(no_key=True).get(pk=question.administration_id)
        hit = (
            ItemQuestion.objects.open()
            .filter(pk=question.pk)
            .update(answered_at=clock.now(), answered_by=by, item=item.exact_id)
        )
        if not hit:
            return None
        queue.ring("item_answered", question.pk)
        return learning.remember(
            question.administration,
            question.supplier,
            key,
            item,
            by=by,
            supplier_name=question.supplier_name,
            part=question.part,
            seen=keys,
        )


def take_back(mapping: ItemMapping, *, by: User) -> bool:
    """Let `mapping` decide nothing more; False when that was done before. The documents that it touched wait again."""
    with transaction.atomic():
        if not mapping.take_back(by=by):
            return False
        queue.ring("item_mapping_taken_back", mapping.pk)
    return True
