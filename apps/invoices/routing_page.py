"""What the page of a document says about for whom it is: the choices, and what may be remembered of one."""

from typing import Any

from apps.clients.models import Administration
from apps.core import names
from apps.core.causes import Cause
from apps.intake import rule_making
from apps.intake.models import RoutingRule
from apps.invoices import asking
from apps.invoices.acts import NEEDS_ROUTE
from apps.invoices.models import Invoice, State
from apps.people.models import User

MAY_BE_ITS_OWN = 5  # administrations with the receiver's name that are offered


def content(invoice: Invoice, user: User) -> dict[str, Any]:
    """Return the administrations to choose from with one click, the rules that may be made, and those made of it."""
    may_rule = user.has_perm("invoices.change_invoice")
    rules = RoutingRule.objects.visible_to(user).filter(made_from=invoice.part_id, is_active=True)
    return {
        "candidates": candidates(invoice, user),
        "proposals": rule_making.proposals(asking.asked_of(invoice)) if may_rule else [],
        "made_rules": list(rules.select_related("administration")) if may_rule else [],
    }


def candidates(invoice: Invoice, user: User) -> list[Administration]:
    """Return what `user` may choose at once: the administrations that are possible, else those of its name."""
    if invoice.state != State.ATTENTION or invoice.cause not in NEEDS_ROUTE or invoice.administration_id:
        return []
    visible = Administration.objects.visible_to(user)
    if invoice.cause == Cause.SEVERAL_ADMINISTRATIONS:
        possible = asking.route_of(invoice).administrations
        found = {one.pk: one for one in visible.filter(pk__in=possible)}
        return [found[key] for key in possible if key in found]
    named = {
        names.plain(name) for name in (invoice.customer.get("name", ""), *invoice.customer.get("names", ()))
    }
    alike = [one for one in visible.order_by("name") if names.plain(one.name) in named - {""}]
    return alike[:MAY_BE_ITS_OWN]
