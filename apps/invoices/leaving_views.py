"""The end of a trial in a test division, and saying which divisions are kept for trials."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.clients.models import Administration
from apps.core.addresses import key_in
from apps.exact.models import Division
from apps.invoices import leaving_test, marking
from apps.invoices.views import person

REPORT = "admin:invoices_invoice_pilot"


def may_leave(user: Any) -> bool:
    """Tell whether somebody may end a trial: it changes the administration and links a division."""
    return bool(user.has_perm("clients.change_administration") and user.has_perm("exact.link_division"))


@require_POST
def leave(request: HttpRequest, model_admin: Any, administration_id: int) -> HttpResponse:
    """End the trial of an administration in its test division; from now on it is on pilot in the chosen one."""
    if not (model_admin.has_view_permission(request) and may_leave(request.user)):
        raise PermissionDenied
    visible = Administration.objects.visible_to(request.user)
    administration = get_object_or_404(visible, pk=administration_id)
    offered = leaving_test.offered(person(request))
    real = offered.filter(pk=key_in(request.POST.get("division", ""))).first()
    if real is None:
        messages.error(request, _("Choose the real division."))
        return redirect(REPORT, administration.pk)
    confirmed = request.POST.get("confirmed") == str(real.pk)
    try:
        leaving_test.leave(administration, real, by=person(request), confirmed=confirmed)
    except leaving_test.Contradicts as refusal:
        messages.warning(request, str(refusal))
        address = redirect(REPORT, administration.pk)
        address["Location"] += f"?division={real.pk}"
        return address
    except marking.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(REPORT, administration.pk)
    text = _(
        "%(administration)s is on pilot in %(division)s now. Its documents wait there after the first sync."
    )
    messages.success(request, text % {"administration": administration, "division": real})
    return redirect(REPORT, administration.pk)


@require_POST
def mark(request: HttpRequest, model_admin: Any, key: int) -> HttpResponse:
    """Say whether a division is kept for trials."""
    if not (model_admin.has_view_permission(request) and request.user.has_perm("exact.link_division")):
        raise PermissionDenied
    division = get_object_or_404(Division.objects.visible_to(request.user), pk=key)
    is_test = request.POST.get("is_test") == "1"
    try:
        changed = marking.mark(division, is_test=is_test, by=person(request))
    except marking.Refused as refusal:
        messages.error(request, str(refusal))
        changed = False
    if changed and is_test:
        messages.success(request, _("%(division)s is a test division now.") % {"division": division})
    elif changed:
        messages.success(request, _("%(division)s is no test division any more.") % {"division": division})
    return redirect("admin:exact_division_change", division.pk)
