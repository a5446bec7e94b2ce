"""Whether an order is still what the person who acts on it saw."""

from django.utils.translation import gettext as _

from apps.core.transitions import Changed
from apps.orders.doubles import MADE
from apps.orders.models import Kind, PurchaseOrder, State
from apps.orders.refused import Refused


def seen(order: PurchaseOrder, version: int | None) -> None:
    """Refuse an act on an order that changed since the person saw it; None: the caller read it just now."""
    if version is not None and order.version != version:
        raise Changed(_("The document was changed since you opened it."))


def refuse_forgotten(order: PurchaseOrder) -> None:
    """Refuse to agree with an order that stands on a mapping which a person took back just now."""
    if order.mapping and order.mapping.forgotten_at:
        raise Refused(_("The mapping of its vendor was taken back just now; the document is matched anew."))
    if order.lines.filter(item_mapping__forgotten_at__isnull=False).exists():
        raise Refused(_("The mapping of an item was taken back just now; the order is matched anew."))


def refuse_overtaken(order: PurchaseOrder) -> None:
    """Refuse to agree with an order that was made of a confirmation, once the order itself came in."""
    if not any(one["code"] == MADE for one in order.findings):
        return
    itself = order.doubles.filter(kind=Kind.ORDER).exclude(state=State.IGNORED).order_by("pk").first()
    if itself is not None:
        words = _("The order itself came in since, as %(number)s. Put one of the two aside first.")
        raise Refused(words % {"number": itself.number})
