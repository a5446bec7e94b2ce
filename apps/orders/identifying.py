"""Which supplier an order goes to, as it stands in Exact."""

from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.exact.kept import Stamps
from apps.exact.models import Division, Relation
from apps.orders.models import PurchaseOrder
from apps.vendors import identifying
from apps.vendors.choosing import cards
from apps.vendors.identifying import Identified, Sender

SET = ("supplier", "supplier_name", "supplier_why", "mapping_id", "question")


def sender_of(order: PurchaseOrder) -> Sender:
    """Return the vendor of `order`, as the document says."""
    return Sender(order.vendor_name, order.vendor, order.part)


def identify(
    order: PurchaseOrder, administration: Administration, division: Division | None, stamps: Stamps
) -> Identified:
    """Match the vendor of `order`, and ask a person what the evidence does not decide.

    Where somebody of ours wrote the supplier's code in Exact on it, that is who it is. Of what is found only what
    an order has is kept: it is not paid, so it has no payment condition.
    """
    code = str(order.vendor.get("code", "")).strip()
    if division and code and (card := cards(administration).filter(bare_code=code).first()):
        return _by_code(card)
    found = identifying.identify(sender_of(order), administration, division, stamps)
    found.values = {name: value for name, value in found.values.items() if name in SET}
    return found


def doubt(order: PurchaseOrder, division: Division, relation: Relation, stamps: Stamps) -> str:
    """Return that the numbers on `order` are those of another card than the code on it, in words; "" when not.

    Who filled the order in chose the card; a sheet may come from anybody.
    """
    if order.typed or not order.vendor.get("code") or order.administration is None:
        return ""
    told = identifying.card_of_numbers(sender_of(order), order.administration, division, stamps)
    if told is None or told.supplier == str(relation.exact_id):
        return ""
    words = _("The order names card %(code)s, and the numbers on it are those of card %(other)s.")
    return words % {"code": relation, "other": f"{told.code} {told.name}"}


def _by_code(card: Relation) -> Identified:
    if not card.is_supplier or card.blocked:
        return Identified(obstacles=[Obstacle(Cause.SUPPLIER_BLOCKED, str(card))])
    values = {
        "supplier": str(card.exact_id),
        "supplier_name": card.name,
        "supplier_why": _("card %(code)s is written on the order") % {"code": card.code.strip()},
    }
    return Identified(card, values)
