"""The page of the first day: how many suppliers are ready, and the rules that last year's bookings speak for."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.clients.models import Administration
from apps.exact.kept import stamps_of
from apps.exact.models import Division
from apps.people.models import User
from apps.rules import first_day
from apps.rules.saying import sentences_of_columns

PAGE = "admin:rules_bookingrule_first_day"
SHOWN = 300  # proposals on a page; a form may send a thousand fields


def choose(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show the administrations that can be looked at: those that are linked to a division of Exact."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Rules from last year's bookings"),
        "administrations": _visible(request, model_admin).select_related("client").order_by("name"),
    }
    return TemplateResponse(request, "admin/rules/first_days.html", context)


def page(request: HttpRequest, model_admin: Any, administration_id: int) -> HttpResponse:
    """Show the figures and the proposals of one administration; nothing is applied by looking."""
    administration, division = _asked(request, model_admin, administration_id)
    found = first_day.look(administration, division)
    shown = found.proposals[:SHOWN]
    said = sentences_of_columns([{"administration": administration, **one.conditions} for one in shown])
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Last year's bookings: %(administration)s") % {"administration": administration},
        "administration": administration,
        "ledger_at": stamps_of(division).get("ledger"),
        "found": found,
        "proposals": list(zip(shown, said, strict=True)),
        "hidden": max(len(found.proposals) - SHOWN, 0),
        "may_accept": model_admin.has_add_permission(request),
    }
    return TemplateResponse(request, "admin/rules/first_day.html", context)


@require_POST
def accept(request: HttpRequest, model_admin: Any, administration_id: int) -> HttpResponse:
    """Make the chosen rules, or all that were shown; what is not proposed any more is left."""
    user = request.user
    if not model_admin.has_add_permission(request) or not isinstance(user, User):
        raise PermissionDenied
    administration, division = _asked(request, model_admin, administration_id)
    tokens = set(request.POST.getlist("shown" if "all" in request.POST else "chosen"))
    if not tokens:
        messages.warning(request, _("Nothing was chosen. Tick the proposals that are right."))
        return redirect(PAGE, administration.pk)
    count = first_day.accept(administration, division, tokens, by=user)
    words = ngettext("%(count)d rule is made.", "%(count)d rules are made.", count)
    messages.success(request, words % {"count": count})
    if count < len(tokens):
        messages.warning(
            request, _("The others are not proposed any more: somebody made or removed them already.")
        )
    return redirect(PAGE, administration.pk)


def _visible(request: HttpRequest, model_admin: Any) -> Any:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    return Administration.objects.visible_to(request.user).filter(division__isnull=False)


def _asked(request: HttpRequest, model_admin: Any, administration_id: int) -> tuple[Administration, Division]:
    visible = _visible(request, model_admin).select_related("division")
    administration: Administration = get_object_or_404(visible, pk=administration_id)
    return administration, administration.division
