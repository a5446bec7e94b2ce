"""The audit trail of an order: as a page, and as a PDF to keep."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.orders.models import PurchaseOrder
from apps.orders.trail import trail_of
from apps.orders.views import visible


def trail(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Show everything that happened to one order."""
    order = _seen(request, model_admin, object_id)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Audit trail of %(document)s") % {"document": order},
        "trail": trail_of(order, user=request.user),
        "order": order,
    }
    return TemplateResponse(request, "admin/orders/order/trail.html", context)


def trail_pdf(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Serve the same as a PDF."""
    order = _seen(request, model_admin, object_id)
    from apps.core.trail_paper import download  # the library costs 57 MB, which only who prints shall carry

    return download(trail_of(order, user=request.user), order.pk)


def _seen(request: HttpRequest, model_admin: Any, object_id: str) -> PurchaseOrder:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    return visible(request, object_id)
