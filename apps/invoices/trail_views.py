"""The audit trail of a document: as a page, and as a PDF to keep."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.core.addresses import key_in
from apps.invoices.models import Invoice
from apps.invoices.trail import trail_of


def trail(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Show everything that happened to one document."""
    invoice = _visible(request, model_admin, object_id)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Audit trail of %(document)s") % {"document": invoice},
        "trail": trail_of(invoice),
        "invoice": invoice,
    }
    return TemplateResponse(request, "admin/invoices/invoice/trail.html", context)


def trail_pdf(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Serve the same as a PDF."""
    invoice = _visible(request, model_admin, object_id)
    from apps.invoices.trail_paper import paper  # the library costs 57 MB, which only who prints shall carry

    response = HttpResponse(paper(trail_of(invoice)), content_type="application/pdf")
    name = "-".join(part for part in (_("audit-trail"), slugify(invoice.number), str(invoice.pk)) if part)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf") or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _visible(request: HttpRequest, model_admin: Any, object_id: str) -> Invoice:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    rows = Invoice.objects.visible_to(request.user).select_related(
        "administration__client", "part__receipt", "part__original"
    )
    return get_object_or_404(rows, pk=key_in(object_id))
