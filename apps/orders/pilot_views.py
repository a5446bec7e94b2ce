"""The trials of orders: the administrations on pilot, what would be written in one, and the same as a file."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core.tables.files import TYPES, download
from apps.orders import pilot_page, shadowing
from apps.orders.models import WITH_CAUSE, Kind, State

MOST_OF_FILE = 500


def pilots(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show the administrations on pilot with how many of their orders wait."""
    of_orders = Q(purchase_orders__kind=Kind.ORDER)
    on_trial = _visible(request, model_admin).filter(mode=Mode.PILOT).select_related("client")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Pilots of orders"),
        "administrations": on_trial.annotate(
            ready=Count("purchase_orders", filter=of_orders & Q(purchase_orders__state=State.READY)),
            waiting=Count("purchase_orders", filter=of_orders & Q(purchase_orders__state__in=WITH_CAUSE)),
        ).order_by("name"),
    }
    return TemplateResponse(request, "admin/orders/pilots.html", context)


def pilot(request: HttpRequest, model_admin: Any, administration_id: int) -> HttpResponse:
    """Show what would be written for the newest orders; after going live, next to what was."""
    administration = get_object_or_404(_visible(request, model_admin), pk=administration_id)
    context = {
        **model_admin.admin_site.each_context(request),
        **pilot_page.content(shadowing.report(administration)),
        "title": _("Pilot of orders: %(administration)s") % {"administration": administration},
        "administration": administration,
        "is_pilot": administration.mode == Mode.PILOT,
        "most": shadowing.MOST,
    }
    return TemplateResponse(request, "admin/orders/pilot.html", context)


def export(request: HttpRequest, model_admin: Any, administration_id: int, form: str) -> FileResponse:
    """Give the report as `form`, "csv" or "xlsx"."""
    administration = get_object_or_404(_visible(request, model_admin), pk=administration_id)
    if form not in TYPES:
        raise Http404
    rows = pilot_page.table(shadowing.report(administration, most=MOST_OF_FILE))
    return download(rows, form, title=_("pilot of orders"))


def _visible(request: HttpRequest, model_admin: Any) -> Any:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    return Administration.objects.visible_to(request.user)
