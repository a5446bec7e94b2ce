"""The test box of routing: where something would go, and why. Nothing is decided or kept here."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.intake import reading, routing
from apps.intake.models import Part, RoutingRule
from apps.intake.parsing import Unreadable
from apps.intake.routing import Asked, Route
from apps.intake.rule_forms import TryForm


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where it would go, as far as the person who asks may know it."""

    names: tuple[str, ...]
    why: str
    findings: tuple[str, ...]
    rules: tuple[RoutingRule, ...]
    hides: bool

    @property
    def is_decided(self) -> bool:
        """Tell whether it goes there by itself."""
        return len(self.names) == 1


def try_routing(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show the box, and for filled in values what would become of them."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    form = TryForm(request.GET or None)
    outcome, trouble = None, ""
    if form.is_bound and form.is_valid():
        try:
            outcome = _outcome(request, routing.route(_asked(request, form)))
        except Unreadable as error:
            trouble = str(error.reason)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Try the routing"),
        "form": form,
        "outcome": outcome,
        "trouble": trouble,
    }
    return TemplateResponse(request, "admin/intake/routingrule/try.html", context)


def _asked(request: HttpRequest, form: TryForm) -> Asked:
    """Return what was filled in, or what the part says that was named. Raises Unreadable for what cannot be read."""
    key = form.part_id()
    if not key:
        return form.asked()
    parts = Part.objects.visible_to(request.user).select_related("receipt", "original")
    part = parts.filter(pk=key).first()
    if part is None:
        raise Unreadable(_("There is no part with this number."), "no_part")
    try:
        return routing.asked_of(reading.read(part.original.content()), part.receipt)
    except FileNotFoundError as error:
        raise Unreadable(_("The bytes are no longer in the archive."), "gone") from error


def _outcome(request: HttpRequest, route: Route) -> Outcome:
    """Name only what this person sees: where another client comes in, that is all that is said."""
    clues = (*route.decision.said, *route.decision.against)
    involved = {*route.administrations, *(one for clue in clues for one in clue.administrations)}
    seen = dict(
        Administration.objects.visible_to(request.user).filter(pk__in=involved).values_list("pk", "name")
    )
    hides = bool(involved - seen.keys())
    hidden = _("an administration that you do not work for")
    rules = RoutingRule.objects.visible_to(request.user).filter(pk__in=[rule.pk for rule in route.rules])
    return Outcome(
        names=tuple(seen.get(one, hidden) for one in route.administrations),
        why="" if hides else route.why,
        findings=() if hides else tuple(finding.sentence() for finding in route.findings),
        rules=tuple(rules.select_related("administration").order_by("pk")),
        hides=hides,
    )
