"""Changed accounts: the page of a case, and what its buttons do. Nothing is decided here, but in `iban_cases`."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core.addresses import key_in, typed_in
from apps.invoices import accounts, case_page
from apps.invoices.models import Invoice
from apps.people.models import User
from apps.vendors import iban_cases
from apps.vendors.iban_cases import CaseRefused
from apps.vendors.models import IBANCase


def addresses(model_admin: Any) -> list[URLPattern]:
    """Return the addresses of the buttons on the page of a case, for the admin class of cases."""
    wrap, mine = model_admin.admin_site.admin_view, {"model_admin": model_admin}
    return [path("<int:case_id>/step/<slug:step>/", wrap(act), mine, name="vendors_ibancase_step")]


def case(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Show one case: the account asked for beside the known ones, what was done, and which documents wait."""
    if not model_admin.has_view_permission(request) or not isinstance(request.user, User):
        raise PermissionDenied
    found = _visible(request, key_in(object_id))
    context = {
        **model_admin.admin_site.each_context(request),
        **case_page.content(found, request.user, may_act=model_admin.may_act(request)),
        "title": _("Changed IBAN: %(supplier)s") % {"supplier": found.supplier_name},
    }
    return TemplateResponse(request, "admin/invoices/case.html", context)


def _visible(request: HttpRequest, key: int) -> IBANCase:
    rows = IBANCase.objects.visible_to(request.user).select_related(
        "administration__client", "administration__division", "called_by", "decided_by"
    )
    return get_object_or_404(rows, pk=key)


@require_GET
def case_of(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Lead from a document to the case that holds it: an open one first, else the one that was rejected."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user), pk=key_in(object_id))
    if case := accounts.holding(invoice):
        return redirect("admin:vendors_ibancase_change", case.pk)
    messages.info(request, _("No case about its account is open any more; the document goes on by itself."))
    return redirect("admin:invoices_invoice_change", invoice.pk)


@require_POST
def act(request: HttpRequest, model_admin: Any, case_id: int, step: str) -> HttpResponse:
    """Do one step of a case, and tell in words what came of it."""
    if not model_admin.may_act(request) or not isinstance(request.user, User):
        raise PermissionDenied
    found = _visible(request, case_id)
    if step not in STEPS:
        raise Http404
    try:
        if request.POST.get("seen", "") != case_page.stamp(found):
            raise CaseRefused(_("The case was changed since you opened it. Look at it as it is now."))
        messages.success(request, STEPS[step](request, found, request.user))
    except CaseRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:vendors_ibancase_change", found.pk)


def _call(request: HttpRequest, case: IBANCase, by: User) -> str:
    sent = request.POST
    iban_cases.record_call(
        case,
        by=by,
        number=typed_in(sent.get("number", "")),
        source=sent.get("source", ""),
        spoke_to=typed_in(sent.get("spoke_to", "")),
        note=typed_in(sent.get("note", "")),
        on_documents=case_page.on_documents(case),
    )
    return _("Noted. A second person confirms it now; until then everything of this supplier waits.")


def _accept(request: HttpRequest, case: IBANCase, by: User) -> str:
    iban_cases.accept(case, by=by, is_factoring="is_factoring" in request.POST)
    return _("Accepted. The documents that waited go on by themselves within a minute.")


def _reject(request: HttpRequest, case: IBANCase, by: User) -> str:
    iban_cases.reject(case, by=by, note=typed_in(request.POST.get("note", "")))
    return _("Rejected. Documents with this account are not booked; the others go on within a minute.")


def _reopen(request: HttpRequest, case: IBANCase, by: User) -> str:
    iban_cases.reopen(case, by=by, note=typed_in(request.POST.get("note", "")))
    return _("Reopened. Everything of this supplier waits until it is decided.")


STEPS: dict[str, Callable[[HttpRequest, IBANCase, User], str]] = {
    "call": _call,
    "accept": _accept,
    "reject": _reject,
    "reopen": _reopen,
}
