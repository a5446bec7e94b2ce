"""Which supplier an order goes to, as it stands in Exact."""

from apps.clients.models import Administration
from apps.exact.kept import Stamps
from apps.exact.models import Division
from apps.orders.models import PurchaseOrder
from apps.vendors import identifying
from apps.vendors.identifying import Identified, Sender

SET = ("supplier", "supplier_name", "supplier_why", "mapping_id", "question")


def sender_of(order: PurchaseOrder) -> Sender:
    """Return the vendor of `order`, as the document says."""
    return Sender(order.vendor_name, order.vendor, order.part)


def identify(
    order: PurchaseOrder, administration: Administration, division: Division | None, stamps: Stamps
) -> Identified:
    """Match the vendor of `order`, and ask a person what the evidence does not decide.

    Of what is found only the columns of an order are kept: it is not paid, so it has no payment condition.
    """
    found = identifying.identify(sender_of(order), administration, division, stamps)
    found.values = {name: value for name, value in found.values.items() if name in SET}
    return found
