"""What the buttons about for whom a document is do: choose, remember, take back what was remembered."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.core.addresses import key_in
from apps.intake import rule_making
from apps.intake.models import RoutingRule
from apps.intake.rule_making import Proposal
from apps.invoices import asking, reviewing
from apps.invoices.forms import RouteForm
from apps.invoices.models import Invoice
from apps.people.models import User


def choose(invoice: Invoice, data: QueryDict, *, by: User, version: int) -> str:
    """Bring the document to the administration that was chosen, and remember what was asked to; return what is said.

    Raises Refused for an administration that this person does not see, and for what cannot be remembered.
    """
    chosen = data.get("candidate") or data.get("administration", "")  # a button, or the list of all
    form = RouteForm({"administration": chosen}, user=by)
    if not form.is_valid():
        raise reviewing.Refused(_("Choose one of your administrations."))
    administration = form.cleaned_data["administration"]
    remember = _proposal(invoice, data, by) if data.get("remember") else None
    reviewing.route(invoice, administration, by=by, version=version, remember=remember)
    said = _("The document is now in %(administration)s.") % {"administration": administration}
    return f"{said} {_kept(remember, administration.name)}" if remember else said


def remember(invoice: Invoice, data: QueryDict, *, by: User) -> str:
    """Make a rule from a document that is where it belongs; return what is said."""
    administration = invoice.administration
    if administration is None:
        raise reviewing.Refused(_("Choose the administration of this document first."))
    proposal = _proposal(invoice, data, by)
    rule_making.make(invoice.part, proposal, administration, by=by)
    return _kept(proposal, administration.name)


def forget(invoice: Invoice, data: QueryDict, *, by: User) -> str:
    """Switch a rule off that was made from this document; return what is said."""
    mine = RoutingRule.objects.visible_to(by).filter(made_from=invoice.part_id, is_active=True)
    rule = mine.filter(pk=key_in(data.get("rule", ""))).first()
    if rule is None or not by.has_perm("invoices.change_invoice"):
        raise reviewing.Refused(_("This rule is not one that was made from this document."))
    rule_making.switch(rule, on=False, by=by)
    return _("The rule is switched off; what it brought here stays.")


def _proposal(invoice: Invoice, data: QueryDict, by: User) -> Proposal:
    if not by.has_perm("invoices.change_invoice"):
        raise reviewing.Refused(_("Routing rules are not among what you may make."))
    asked = data.get("remember", "")
    found = [one for one in rule_making.proposals(asking.asked_of(invoice)) if one.evidence == asked]
    if not found:
        raise reviewing.Refused(_("Choose what is to be remembered."))
    return found[0]


def _kept(proposal: Proposal, administration: str) -> str:
    return _("From now on %(what)s is for %(administration)s.") % {
        "what": proposal,
        "administration": administration,
    }
