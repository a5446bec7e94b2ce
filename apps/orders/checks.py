"""Whether the amounts of an order add up, and the words by which people find a line. Pure."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.core.money import ZERO
from apps.orders.amounts import differ, line_amount
from apps.orders.models import PurchaseOrder, PurchaseOrderLine


def where(line: PurchaseOrderLine) -> str:
    """Return the words by which a person finds `line`."""
    words = _("line %(position)s %(text)s")
    return (words % {"position": line.number or line.position, "text": line.description[:60]}).strip()


def totals(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> list[Obstacle]:
    """Return where the amounts that the document names contradict one another."""
    return [*_of_lines(lines), *_of_all(order, lines)]


def _of_lines(lines: Sequence[PurchaseOrderLine]) -> Iterator[Obstacle]:
    for line in lines:
        if line.net is None or line.quantity is None or line.price is None:
            continue
        worked_out = line_amount(line.quantity, line.price, line.discount)
        if differ(worked_out, line.net):
            words = _("%(line)s: quantity and price come to %(worked_out)s, the document says %(said)s.")
            values = {"line": where(line), "worked_out": _shown(worked_out), "said": _shown(line.net)}
            yield Obstacle(Cause.TOTALS_DIFFER, words % values)


def _of_all(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> Iterator[Obstacle]:
    amounts = [_amount(line) for line in lines]
    known = [amount for amount in amounts if amount is not None]
    if order.net is None or len(known) < len(amounts) or not known:
        return
    total = sum(known, ZERO)
    worked_out = sum(line.net is None for line in lines)
    if differ(total, order.net, rounded=worked_out):
        words = _("The lines come to %(lines)s, the document says %(total)s.")
        values = {"lines": _shown(total), "total": _shown(order.net)}
        yield Obstacle(Cause.TOTALS_DIFFER, words % values)


def _amount(line: PurchaseOrderLine) -> Decimal | None:
    if line.net is not None or line.quantity is None or line.price is None:
        return line.net
    return line_amount(line.quantity, line.price, line.discount)


def _shown(amount: Decimal) -> str:
    return str(number_format(amount, 2, force_grouping=True))
