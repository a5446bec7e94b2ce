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
from apps.core.addresses import key_in
from apps.exact import linking
from apps.exact.models import Division
from apps.invoices import going_live, leaving_test, marking, pilot_page, shadowing, trying
from apps.invoices.leaving_views import may_leave
from apps.invoices.models import WITH_CAUSE, Leaving, State
from apps.invoices.views import person

LIST, REPORT = "admin:invoices_invoice_pilots", "admin:invoices_invoice_pilot"


def pilots(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show the administrations on pilot or live on a test division, with how many documents wait in each."""
    on_trial = Q(mode=Mode.PILOT) | Q(division__is_test=True)
    rows = _visible(request, model_admin).filter(on_trial).select_related("client", "division")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Pilots"),
        "administrations": rows.annotate(
            ready=Count("invoices", filter=Q(invoices__state=State.READY)),
            waiting=Count("invoices", filter=Q(invoices__state__in=WITH_CAUSE)),
            tried=Count(
                "invoices", filter=Q(invoices__posting__division__is_test=True, invoices__state=State.DONE)
            ),
        ).order_by("name"),
    }
    return TemplateResponse(request, "admin/invoices/pilots.html", context)


def pilot(request: HttpRequest, model_admin: Any, administration_id: int) -> HttpResponse:
    """Show what would have been booked next to what people booked, over the newest documents.

    Of a trial in a test division: what became of them there.
    """
    administration = get_object_or_404(_visible(request, model_admin), pk=administration_id)
    division = Division.objects.filter(administration=administration).first()
    if division is not None and division.is_test:
        return _test(request, model_admin, administration, division)
    context = {
        **model_admin.admin_site.each_context(request),
        **pilot_page.of_report(shadowing.report(administration), division),
        "title": _("Pilot: %(administration)s") % {"administration": administration},
        "administration": administration,
        "division": division,
        "most": shadowing.MOST,
        "is_pilot": administration.mode == Mode.PILOT,
        "leaving": Leaving.objects.under_way().filter(administration=administration).first(),
        "may_end": request.user.has_perm("clients.change_administration"),
        "can_sync": division is not None and request.user.has_perm("exact.sync_division"),
    }
    return TemplateResponse(request, "admin/invoices/pilot.html", context)


def _test(
    request: HttpRequest, model_admin: Any, administration: Administration, division: Division
) -> HttpResponse:
    may_end = may_leave(request.user)
    offered = list(leaving_test.offered(person(request))) if may_end else []
    asked = key_in(request.GET.get("division", ""))
    chosen = next((one for one in offered if one.pk == asked), None)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Trial in a test division: %(administration)s") % {"administration": administration},
        "trial": trying.trial(division),
        "administration": administration,
        "division": division,
        "most": trying.MOST,
        "may_end": may_end,
        "offered": offered,
        "chosen": chosen,
        "contradictions": linking.contradictions(chosen, administration) if chosen else [],
        "under_way": marking.under_way(division),
    }
    return TemplateResponse(request, "admin/invoices/test.html", context)


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
