"""The audit trail of a document: as a page, and as a PDF to keep."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.addresses import key_in
from apps.core.transitions import Changed
from apps.invoices import trail_filing
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
        "filed": trail_filing.filed(invoice),
        "may_file": model_admin.has_change_permission(request) and not trail_filing.hindrance(invoice),
    }
    return TemplateResponse(request, "admin/invoices/invoice/trail.html", context)


@require_POST
def file_trail(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Have the trail attached to the document in Exact."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    invoice = _visible(request, model_admin, object_id)
    try:
        name = trail_filing.file(invoice, by=str(request.user))
    except (trail_filing.CannotFile, Changed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(file)s is being attached in Exact.") % {"file": name})
    return HttpResponseRedirect(reverse("admin:invoices_invoice_trail", args=(invoice.pk,)))


def trail_pdf(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Serve the same as a PDF."""
    invoice = _visible(request, model_admin, object_id)
    from apps.core.trail_paper import download  # the library costs 57 MB, which only who prints shall carry

    return download(trail_of(invoice), invoice.pk)


def _visible(request: HttpRequest, model_admin: Any, object_id: str) -> Invoice:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    rows = Invoice.objects.visible_to(request.user).select_related(
        "administration__client",
        "administration__division",
        "part__receipt",
        "part__original",
        "posting__division",
    )
    return get_object_or_404(rows, pk=key_in(object_id))
