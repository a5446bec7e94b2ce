"""The page of one mapping: what it touched, and the button that takes it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.invoices import answers
from apps.invoices.vendor_views import acting, unlearned_words
from apps.vendors.models import Mapping

SHOWN_TOUCHED = 200


def unlearn(request: HttpRequest, model_admin: Any, mapping_id: int) -> HttpResponse:
    """Show what a mapping touched; posted, take it back."""
    person = acting(request, model_admin)
    rows = Mapping.objects.visible_to(person).select_related("administration", "learned_from", "part")
    mapping = get_object_or_404(rows, pk=mapping_id)
    if request.method == "POST":
        done = answers.unlearn(mapping, by=person)
        messages.success(request, unlearned_words(done.requeued, done.flagged))
        return redirect("admin:vendors_mapping_changelist")
    touched = answers.touched(mapping)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Take this mapping back"),
        "mapping": mapping,
        "identity": f"{mapping.kind} {mapping.value}",
        "touched": touched.select_related("administration", "posting__division")[:SHOWN_TOUCHED],
        "count": touched.count(),
    }
    return TemplateResponse(request, "admin/invoices/unlearn.html", context)
