"""For whom a stored document is: what it says about that, asked again as when it came in."""

from apps.intake import routing
from apps.intake.party_json import identifiers_from
from apps.intake.routing import Asked, Route
from apps.invoices.models import Invoice


def asked_of(invoice: Invoice) -> Asked:
    """Return what `invoice` says about whom it is for; its lines are read only when a rule wants their text."""
    customer, payment = invoice.customer, invoice.payment
    return Asked(
        numbers=tuple(identifiers_from(customer)),
        names=tuple(filter(None, (customer.get("name", ""), *customer.get("names", ())))),
        supplier=tuple(identifiers_from(invoice.vendor)),
        buyer_reference=payment.get("buyer_reference", ""),
        order_number=payment.get("order_reference", ""),
        text=lambda: _text_of(invoice),
    ).arrived_by(invoice.part.receipt)


def _text_of(invoice: Invoice) -> str:
    lines = invoice.lines.order_by("position").values_list("description", flat=True)
    head = (invoice.payment.get("note", ""), invoice.payment.get("order_reference", ""))
    return "\n".join(filter(None, (*head, *lines)))


def route_of(invoice: Invoice) -> Route:
    """Return for whom `invoice` is by the numbers and rules of this moment."""
    return routing.route(asked_of(invoice))
