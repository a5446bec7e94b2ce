"""The order that an answer is about, and the answers to an order, as far as somebody sees them."""

from typing import Any

from apps.orders.models import PurchaseOrder


def answers_to(order: PurchaseOrder, user: Any, *, most: int) -> list[PurchaseOrder]:
    """Return the last `most` answers to `order`, newest first; none to what is an answer itself."""
    if order.is_answer:
        return []
    mine = PurchaseOrder.objects.visible_to(user).filter(about=order.pk)
    return list(mine.select_related("posting__division").order_by("-pk")[:most])


def order_of(answer: PurchaseOrder, user: Any) -> PurchaseOrder | None:
    """Return the order that `answer` is about; None for an order, and where it is not known."""
    if answer.about_id is None:
        return None
    rows = PurchaseOrder.objects.visible_to(user).select_related("posting__division")
    return rows.filter(pk=answer.about_id).first()
