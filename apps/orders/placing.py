"""What a document is in an administration: a new order, another version of one, an answer, or the same once more."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from apps.clients.policy import Obstacle
from apps.core.causes import Cause
from apps.intake.findings import Finding
from apps.intake.order import LineStatus, ResponseCode
from apps.orders import doubles, pairing
from apps.orders.doubles import MADE, VERSION, Double, Fingerprint
from apps.orders.models import Kind, PurchaseOrder, PurchaseOrderLine, State

ABOUT_PLACE = (MADE, VERSION)  # findings that are found anew where a document is moved to
_SAYS_NO_ORDER = (ResponseCode.ACKNOWLEDGED, ResponseCode.REJECTED)


@dataclass(frozen=True, slots=True)
class Place:
    """What a document is where it lies. `number`: of the order itself, where the document is made one.

    `about`: the order that it answers or changes; `double`: what it repeats.
    """

    kind: str
    number: str
    about: PurchaseOrder | None = None
    double: Double | None = None
    findings: tuple[Finding, ...] = ()


def place(seen: Fingerprint, lines: Iterable[PurchaseOrderLine], *, besides: int | None = None) -> Place:
    """Return what the document `seen` with these `lines` is in its administration.

    Another version of an order that stands in Exact is a change of that; while it does not, a person compares the two.
    A confirmation with lines whose order nobody knows is made an order itself.
    """
    double = doubles.find(seen, besides=besides)
    if seen.kind == Kind.ORDER:
        return _of_order(seen, double)
    about = pairing.find(seen, besides=besides)
    if about is None and not (double and double.certain) and _confirms(seen, lines):
        return _made_order(seen, besides)
    return Place(seen.kind, seen.number, about, double)


def _of_order(seen: Fingerprint, double: Double | None) -> Place:
    if double is None or double.certain or double.order.state != State.DONE:
        return Place(Kind.ORDER, seen.number, double=double)
    version = Finding(VERSION, {"number": seen.number})
    return Place(Kind.CHANGE, seen.number, about=double.order, findings=(version,))


def _confirms(seen: Fingerprint, lines: Iterable[PurchaseOrderLine]) -> bool:
    if seen.kind != Kind.RESPONSE or seen.administration is None or seen.response_code in _SAYS_NO_ORDER:
        return False
    return any(line.quantity for line in accepted(lines))


def accepted(lines: Iterable[PurchaseOrderLine]) -> list[PurchaseOrderLine]:
    """Return the lines of a confirmation without those that the seller refuses."""
    return [line for line in lines if line.status != LineStatus.NOT_ACCEPTED]


def _made_order(seen: Fingerprint, besides: int | None) -> Place:
    number = seen.order_reference or seen.sales_order_id or seen.number
    double = doubles.find(replace(seen, kind=Kind.ORDER, number=number), besides=besides)
    made = Finding(MADE, {"number": number, "own": seen.number})
    return Place(Kind.ORDER, number, double=double and replace(double, certain=False), findings=(made,))


def missing(order: PurchaseOrder) -> Obstacle | None:
    """Return what is lacking before `order` can be coded, or settled as an answer; None when nothing is."""
    number = order.order_reference or order.vendor.get("sales_order_id", "")
    return lacking(order.kind, order.about_id is not None, order.line_count, number)


def lacking(kind: str, is_about: bool, line_count: int, number: str) -> Obstacle | None:
    """Return what a document lacks: the order it answers (by `number`, `is_about`: it is here), or lines at all.

    An order without lines came as a file that nobody but a person can read.
    """
    if kind != Kind.ORDER and not is_about:
        return Obstacle(Cause.NEEDS_APPROVAL, _not_here(number), is_gap=True)
    if kind == Kind.ORDER and not line_count:
        words = _("Nothing in this file can be read as an order. Fill it in from what it shows.")
        return Obstacle(Cause.UNREADABLE, words)
    return None


def _not_here(number: str) -> str:
    if not number:
        return _("This answers an order and does not say which.")
    return _("This answers order %(number)s, which is not here.") % {"number": number}
