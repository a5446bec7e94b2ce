"""Orders that are not ordered: sales orders of our client itself, and those of an administration that takes none."""

from apps.clients.models import Administration, Package
from apps.core.states import SYSTEM
from apps.intake import recognising, releasing
from apps.intake.models import Offering, Part, PartKind, PartOutcome
from apps.intake.routing import Route
from apps.orders.models import OrderTerms


def kind_of_own(part: Part, route: Route) -> str:
    """Return recognising.SALES_ORDER for what our client sells itself, "" for its purchases.

    Nor is it one when a person took it up again after that.
    """
    own = recognising.is_own_sales(route.suppliers, route.receivers, route.administrations)
    insisted = own and Offering.objects.filter(part=part, was=PartOutcome.IGNORED).exists()
    return recognising.SALES_ORDER if own and not insisted else ""


def kind_of_untaken(administration: Administration | None) -> str:
    """Return why `administration` takes no orders, as recognising names it; "" where it takes them."""
    if administration is None:
        return ""
    if administration.package != Package.EXACT_ONLINE:
        return recognising.ORDER_ELSEWHERE
    return "" if OrderTerms.of(administration).takes_orders else recognising.ORDER


def lay_aside(part: Part, kind: str, route: Route, form: str) -> bool:
    """Settle `part` as other post, for the reason that `kind` names, in the administration that `route` tells.

    False when somebody was first, and when it came by mail of a sender that this administration does not take.
    """
    choices = route.administrations
    if kind == recognising.SALES_ORDER:
        choices = tuple(route.suppliers & set(choices) or route.suppliers)
    administration = Administration.objects.filter(pk=choices[0]).first() if len(choices) == 1 else None
    if not releasing.admits(part, administration):
        return False
    return part.settle(
        PartOutcome.IGNORED,
        kind=PartKind.ORDER,
        reason=recognising.reason(kind, administration.name if administration else ""),
        settled_by=SYSTEM,
        administration=administration,
        format=form,
    )
