"""For whom an order document is: what it says about that, when it came in and when it is asked again."""

from dataclasses import replace

from django.db.models import Q

from apps.clients.models import Administration
from apps.core.identifiers import Identifier, Kind
from apps.intake import routing
from apps.intake.models import Receipt
from apps.intake.order import OrderDocument
from apps.intake.party_json import identifiers_from
from apps.intake.routing import Asked, Route
from apps.orders.models import PurchaseOrder


def route_of(document: OrderDocument, receipt: Receipt) -> Route:
    """Return for whom `document` is, which arrived by `receipt`: its buyer is ours, its seller the vendor."""
    buyer = document.buyer
    asked = Asked(
        numbers=buyer.identifiers,
        names=tuple(dict.fromkeys(filter(None, (buyer.name, buyer.legal_name, buyer.trade_name)))),
        supplier=document.seller.identifiers,
        buyer_reference=document.buyer_reference,
        order_number=document.order_reference or document.number,
        text=lambda: _text_of(document),
    )
    return routing.route(_named(asked.arrived_by(receipt), document.administration))


def asked_of(order: PurchaseOrder) -> Asked:
    """Return what a stored document says about whom it is for; its lines are read only when a rule wants their text."""
    buyer = order.buyer
    return Asked(
        numbers=tuple(identifiers_from(buyer)),
        names=tuple(filter(None, (buyer.get("name", ""), *buyer.get("names", ())))),
        supplier=tuple(identifiers_from(order.vendor)),
        buyer_reference=order.buyer_reference,
        order_number=order.order_reference or order.number,
        text=lambda: _text_again(order),
    ).arrived_by(order.part.receipt)


def route_again(order: PurchaseOrder) -> Route:
    """Return for whom a stored document is by the numbers and rules of this moment."""
    return routing.route(_named(asked_of(order), order.buyer.get("administration", "")))


def route_of_words(text: str, receipt: Receipt) -> Route:
    """Return for whom a file is of which nothing but words can be read."""
    return routing.route(Asked(text=lambda: text).arrived_by(receipt))


def _named(asked: Asked, text: str) -> Asked:
    """Add the administration that a sheet names: by its numbers, or as chosen where it has none and nothing else is."""
    if not text:
        return asked
    by_name = Q(slug__iexact=text) | Q(name__iexact=text)
    if text.isdecimal() and len(text) < 10:
        by_name |= Q(division__code=int(text))
    found = list(Administration.objects.filter(by_name).distinct()[:2])
    if len(found) != 1:
        return asked
    rows = found[0].identifiers.filter(kind__in=routing.COMPANY).values_list("kind", "value")
    numbers = tuple(Identifier(Kind(kind), value, True) for kind, value in rows)
    if numbers or asked.administration is not None:
        return replace(asked, numbers=(*asked.numbers, *numbers))
    return replace(asked, administration=found[0].pk, channel="")


def _text_of(document: OrderDocument) -> str:
    lines = (text for line in document.lines for text in (line.name, line.description, line.note))
    return "\n".join(filter(None, (document.note, document.number, document.order_reference, *lines)))


def _text_again(order: PurchaseOrder) -> str:
    lines = order.lines.order_by("position").values_list("description", flat=True)
    return "\n".join(filter(None, (order.note, order.number, order.order_reference, *lines)))
