"""What came in and is no purchase invoice: recognised, said so, and laid where it belongs."""

from apps.clients.models import Administration
from apps.intake import order_sheets, recognising, releasing, routing, ubl
from apps.intake.detection import Format
from apps.intake.models import Offering, Part, PartKind, PartOutcome
from apps.intake.parsing import Unreadable, parse
from apps.intake.routing import Asked, Route


def is_own_sales(part: Part, route: Route) -> bool:
    """Tell whether an invoice is one that our client sent itself; not when a person took it up again after that."""
    own = recognising.is_own_sales(route.suppliers, route.receivers, route.administrations)
    return own and not _insisted(part)


def form_of(content: bytes, error: Unreadable) -> Format | None:
    """Return the format of what cannot be read as an invoice, because of `error`; None when that is not known."""
    found: Format | None = getattr(error, "format", None)
    if found is None and order_sheets.is_order_sheet(content):
        return Format.ORDER_SHEET
    return found


def kind_of(part: Part, content: bytes, found: Format | None, text: str) -> str:
    """Return what a part of a format is that is no invoice that can be read; "" when that is not known.

    `text`: what stands on its first pages, "" where that cannot be had.
    """
    if found is not None or content.lstrip()[:1] == b"<":
        return recognising.BY_FORMAT.get(found, "") if found else ""
    kind = recognising.by_words(part.filename, part.receipt.subject, text)
    return "" if kind and _insisted(part) else kind


def _insisted(part: Part) -> bool:
    return Offering.objects.filter(part=part, was=PartOutcome.IGNORED).exists()


def route_of(part: Part, content: bytes, kind: str, text: str) -> Route:
    """Return for whom something of `kind` is that is no invoice: by the parties it names, else by the way it came."""
    asked = Asked(text=lambda: text)
    if text == "" and kind in recognising.BY_FORMAT.values() and content.lstrip()[:1] == b"<":
        receiver, sender = ubl.read_correspondents(parse(content))
        asked = Asked(
            numbers=receiver.identifiers,
            names=tuple(filter(None, (receiver.name, receiver.legal_name))),
            supplier=sender.identifiers,
        )
    return routing.route(asked.arrived_by(part.receipt))


def lay_aside(part: Part, kind: str, route: Route, form: Format | None, *, who: str) -> bool:
    """Settle `part` as other post of `kind`, in the administration that `route` tells.

    False when somebody was first, and when it came by mail of a sender that this administration does not take: then
    its receipt waits. Of two parties the one that is ours counts: the receiver, or the sender of what our client sent.
    """
    choices = route.administrations
    if kind == PartKind.SALES_INVOICE or not choices:
        choices = tuple(route.suppliers & set(choices) or route.suppliers)
    administration = Administration.objects.filter(pk=choices[0]).first() if len(choices) == 1 else None
    if not releasing.admits(part, administration):
        return False
    return part.settle(
        PartOutcome.IGNORED,
        kind=kind,
        reason=recognising.reason(kind, administration.name if administration else ""),
        settled_by=who,
        administration=administration,
        format=str(form or ""),
    )
