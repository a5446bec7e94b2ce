"""The page of the VAT scenarios: what each means in a VAT return, its code in each administration, the sign-off."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.clients.models import Administration
from apps.people.models import User
from apps.rules import signing_off, vat_boxes
from apps.rules.models import VATTable
from apps.rules.scenario import Scenario
from apps.rules.vat_boxes import TREATMENTS

PAGE = "admin:rules_vattable_scenarios"
MAY_SIGN = "rules.add_scenariosignoff"
SHOWN = 500  # administrations on the page


def page(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show the whole table, who stands for it, and the code of each scenario in each administration."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("VAT scenarios"),
        "rows": [_row(scenario) for scenario in Scenario],
        "digest": vat_boxes.digest(),
        "signed": signing_off.latest(),
        "before": signing_off.of_before(),
        "may_sign": request.user.has_perm(MAY_SIGN),
        "administrations": _codes(request),
        "scenarios": list(Scenario),
    }
    return TemplateResponse(request, "admin/rules/scenarios.html", context)


@require_POST
def sign(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Keep that this person stands for the table that they saw."""
    user = request.user
    if (
        not model_admin.has_view_permission(request)
        or not user.has_perm(MAY_SIGN)
        or not isinstance(user, User)
    ):
        raise PermissionDenied
    seen, remark = request.POST.get("digest", ""), request.POST.get("remark", "")
    if signing_off.sign_off(user, digest=seen, remark=remark):
        messages.success(request, _("Signed off. The page asks again when the table changes."))
    else:
        messages.warning(request, _("The table changed since you opened the page. Read it again."))
    return redirect(PAGE)


def _row(scenario: Scenario) -> dict[str, Any]:
    treatment = TREATMENTS[scenario]
    return {
        "label": scenario.label,
        "boxes": treatment.shown,
        "booked": _(treatment.booked),
        "source": _(treatment.source),
    }


def _codes(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the administrations that this person sees, each with a cell for each scenario; two queries."""
    administrations = Administration.objects.visible_to(request.user).filter(division__isnull=False)
    found = list(administrations.select_related("client").order_by("client__name", "name")[:SHOWN])
    cells: dict[int, dict[str, VATTable]] = defaultdict(dict)
    for row in VATTable.objects.filter(administration__in=[one.pk for one in found]):
        cells[row.administration_id][row.scenario] = row
    return [
        {"administration": one, "cells": [cells[one.pk].get(scenario) for scenario in Scenario]}
        for one in found
    ]
