"""Orders above the ceilings of firm and client: what never goes by itself, and what two people agree with.

Whoever last edited its lines or agreed with it first is the first one; anybody else who may is the second.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.clients.ceilings import Ceilings, ceilings_of
from apps.clients.models import Administration, Mode
from apps.core.causes import Cause
from apps.core.money import ZERO
from apps.orders.models import PurchaseOrder, PurchaseOrderLine
from apps.orders.plans import amount_of, charged_on, day_of
from apps.people.models import User


def waits_for_second(order: PurchaseOrder) -> bool:
    """Tell whether one person agreed with `order` and another one must."""
    return order.cause == Cause.NEEDS_APPROVAL and order.accepted_by_id is not None


def looked(order: PurchaseOrder) -> set[int]:
    """Return the keys of the people who had the first look: they may not have the second one, too."""
    return {key for key in (order.accepted_by_id, order.coded_by_id) if key}


def reasons(
    order: PurchaseOrder,
    administration: Administration,
    mode: str,
    lines: Sequence[PurchaseOrderLine],
    *,
    are_there: bool = True,
) -> list[str]:
    """Return why an order with `lines`, as they are coded, does not go by itself, in words; [] when it may.

    `are_there`: False when it is known that nobody set ceilings; that spares the query.
    """
    if mode != Mode.AUTOMATIC:
        return []
    ceilings = ceilings_of(administration, are_there=are_there)
    amount = _amount(order, administration, lines, ceilings)
    found = []
    if ceilings.asks_one(amount):
        words = _("above %(amount)s nothing is ordered by itself")
        found.append(words % {"amount": _shown(ceilings.automatic_up_to)})
    if ceilings.asks_two(amount):
        found.append(
            _("above %(amount)s two people look at it") % {"amount": _shown(ceilings.four_eyes_above)}
        )
    return found


def after_agreeing(order: PurchaseOrder, by: User | str) -> dict[str, Any]:
    """Return what `order` waits for once `by` agreed with it, as values of its move; {} when it may go on."""
    administration = order.administration
    if administration is None or administration.mode == Mode.PILOT:
        return {}
    ceilings = ceilings_of(administration)
    if not ceilings.asks_two(_amount(order, administration, list(order.lines.all()), ceilings)):
        return {}
    if isinstance(by, User) and order.coded_by_id and order.coded_by_id != by.pk:
        return {}
    words = _("%(who)s agreed. Above %(amount)s a second person must approve.")
    words %= {"who": by, "amount": _shown(ceilings.four_eyes_above)}
    return {"cause": Cause.NEEDS_APPROVAL, "detail": words}


def _amount(
    order: PurchaseOrder,
    administration: Administration,
    lines: Sequence[PurchaseOrderLine],
    ceilings: Ceilings,
) -> Decimal | None:
    """Return what counts, in the division's currency; None when nobody knows it: another currency, no figures.

    The larger of the document's total and of what the lines come to with VAT, for the lines are what is sent.
    """
    if ceilings.automatic_up_to is None and ceilings.four_eyes_above is None:
        return ZERO
    division = getattr(administration, "division", None)
    if division is None or (order.currency and order.currency != division.currency):
        return None
    if any(line.ordered is None or line.ordered_price is None for line in lines):
        return None
    charged = charged_on(division, day_of(order), {line.vat_code for line in lines})
    return max(amount_of(lines, charged), order.net or ZERO, key=abs)


def _shown(amount: Decimal | None) -> str:
    return number_format(amount or 0, 2, force_grouping=True)
