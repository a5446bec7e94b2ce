"""*Make a rule from this line*: what could be remembered, and the buttons that make, try or fill it in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.invoices import replay, rule_making
from apps.invoices.models import InvoiceLine
from apps.invoices.replay_views import PAGE
from apps.invoices.rule_making import Proposal
from apps.people.models import User
from apps.rules.models import BookingRule
from apps.rules.replay_spec import spec_of
from apps.rules.rule_views import address_of_form


def from_line(request: HttpRequest, model_admin: Any, line_id: int) -> HttpResponse:
    """Show the rules that a line could become; POST (`kind`, `owner`, `act` make or try) does it."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("rules.add_bookingrule"):
        raise PermissionDenied
    rows = InvoiceLine.objects.visible_to(user).select_related("invoice__administration__client")
    line: InvoiceLine = get_object_or_404(rows, pk=line_id)
    found = rule_making.proposals(line, user)
    if request.method == "POST":
        return _act(request, found, user)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Make a rule from this line"),
        "line": line,
        "rows": [(one, address_of_form(one.values)) for one in found],
    }
    return TemplateResponse(request, "admin/invoices/rule_from_line.html", context)


def _act(request: HttpRequest, found: list[Proposal], user: User) -> HttpResponse:
    asked = request.POST.get("kind"), request.POST.get("owner")
    chosen = next((one for one in found if (one.kind, one.owner) == asked), None)
    if chosen is None:
        raise Http404
    if request.POST.get("act") == "try":
        spec = spec_of(BookingRule(**chosen.values), [])
        return redirect(PAGE, replay.ask(spec, rule=None, by=user).pk)
    try:
        rule = rule_making.make(chosen, by=user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(request.path)
    messages.success(request, _("The rule %(rule)s counts from now on.") % {"rule": rule})
    return redirect("admin:rules_bookingrule_change", rule.pk)
