"""The trials: which administrations are on pilot, the report of one, and the button that ends it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.clients.models import Administration, Mode
from apps.exact.models import Division
from apps.invoices import going_live, pilot_page, shadowing
from apps.invoices.models import WITH_CAUSE, State

LIST, REPORT = "admin:invoices_invoice_pilots", "admin:invoices_invoice_pilot"


def pilots(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show the administrations on pilot, with how many documents wait in each."""
    rows = _visible(request, model_admin).filter(mode=Mode.PILOT).select_related("client")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Pilots"),
        "administrations": rows.annotate(
            ready=Count("invoices", filter=Q(invoices__state=State.READY)),
            waiting=Count("invoices", filter=Q(invoices__state__in=WITH_CAUSE)),
        ).order_by("name"),
    }
    return TemplateResponse(request, "admin/invoices/pilots.html", context)


def pilot(request: HttpRequest, model_admin: Any, administration_id: int) -> HttpResponse:
    """Show what would have been booked next to what people booked, over the newest documents."""
    administration = get_object_or_404(_visible(request, model_admin), pk=administration_id)
    division = Division.objects.filter(administration=administration).first()
    context = {
        **model_admin.admin_site.each_context(request),
        **pilot_page.of_report(shadowing.report(administration), division),
        "title": _("Pilot: %(administration)s") % {"administration": administration},
        "administration": administration,
        "division": division,
        "most": shadowing.MOST,
        "is_pilot": administration.mode == Mode.PILOT,
        "may_end": request.user.has_perm("clients.change_administration"),
        "can_sync": division is not None and request.user.has_perm("exact.sync_division"),
    }
    return TemplateResponse(request, "admin/invoices/pilot.html", context)


@require_POST
def live(request: HttpRequest, model_admin: Any, administration_id: int) -> HttpResponse:
    """End the trial of an administration."""
    if not request.user.has_perm("clients.change_administration"):
        raise PermissionDenied
    administration = get_object_or_404(_visible(request, model_admin), pk=administration_id)
    try:
        going_live.go_live(administration, by=str(request.user))
    except going_live.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(REPORT, administration.pk)
    text = _("%(administration)s is live: what comes in is proposed, and booked after somebody accepted it.")
    messages.success(request, text % {"administration": administration})
    return redirect("admin:invoices_invoice_changelist")


def _visible(request: HttpRequest, model_admin: Any) -> Any:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    return Administration.objects.visible_to(request.user)
