"""Automatic booking of vendors: the page of one, and what its buttons do. What is decided stands in `autonomy`."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.clients.ceilings import ceilings_of
from apps.clients.models import Mode
from apps.core.addresses import key_in
from apps.core.transitions import Changed
from apps.invoices import autonomy
from apps.invoices.autonomy import StepRefused
from apps.invoices.filters import amount_in
from apps.invoices.models import Autonomy, Held, Invoice, Level
from apps.people.models import User

SHOWN_STEPS = 100


def vendor(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Show how far one vendor came, by which steps, and what can be done."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    row = _visible(request, object_id)
    ceilings = ceilings_of(row.administration)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Automatic booking: %(supplier)s") % {"supplier": row.supplier_name},
        "row": row,
        "ceilings": ceilings,
        "proposed": autonomy.proposed_limit(row) if row.level == Level.OFFERED else None,
        "left": max(ceilings.untouched - row.untouched, 0),
        "may_act": model_admin.may_act(request),
        "steps": row.history.select_related("history_user")[:SHOWN_STEPS],
    }
    return TemplateResponse(request, "admin/invoices/autonomy.html", context)


def _visible(request: HttpRequest, object_id: str) -> Autonomy:
    rows = Autonomy.objects.visible_to(request.user).select_related("administration__client", "counted")
    return get_object_or_404(rows, pk=key_in(object_id))


@require_POST
def step(request: HttpRequest, model_admin: Any, object_id: str, verb: str) -> HttpResponse:
    """Do one step with a vendor, and tell in words what came of it."""
    if not model_admin.may_act(request) or not isinstance(request.user, User):
        raise PermissionDenied
    row = _visible(request, object_id)
    if verb not in STEPS:
        raise Http404
    try:
        messages.success(request, STEPS[verb](row, request, request.user))
    except (StepRefused, Changed) as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:invoices_autonomy_change", row.pk)


def _on(row: Autonomy, request: HttpRequest, by: User) -> str:
    autonomy.switch_on(row, by=by, up_to=amount_typed(request))
    return _("From now on its documents are booked by themselves, within the limits.")


def _off(row: Autonomy, _request: HttpRequest, by: User) -> str:
    autonomy.switch_off(row, by=by)
    return _("From now on a person accepts its documents.")


def _again(row: Autonomy, _request: HttpRequest, by: User) -> str:
    autonomy.start_again(row, by=by)
    return _("It starts again: a person accepts its documents until it has earned more.")


STEPS: dict[str, Callable[[Autonomy, HttpRequest, User], str]] = {"on": _on, "off": _off, "again": _again}


def amount_typed(request: HttpRequest) -> Decimal | None:
    """Return the amount up to which, None when nothing was typed. Raises StepRefused for what is no amount."""
    text = request.POST.get("up_to", "").strip()
    if not text:
        return None
    amount = amount_in(text)
    if amount is None:
        raise StepRefused(_("Write the amount like 1250 or 1.250,00."))
    return amount


def line_of(invoice: Invoice) -> dict[str, Any]:
    """Return where the vendor of a document stands, in one line for its page; {} where that means nothing."""
    administration = invoice.administration
    if administration is None or administration.mode == Mode.PILOT or invoice.supplier is None:
        return {}
    row = autonomy.row_of(administration.pk, invoice.supplier)
    is_offered = row is not None and row.level == Level.OFFERED
    return {
        "row": row,
        "words": _words(row, administration.mode),
        "is_offered": is_offered,
        "proposed": autonomy.proposed_limit(row) if row and is_offered else None,
    }


def _words(row: Autonomy | None, mode: str) -> str:
    if row is None:
        if mode == Mode.AUTOMATIC:
            return _("This administration books by itself.")
        return _("A person accepts each document of this vendor; none was counted yet.")
    if row.level == Level.AUTOMATIC and row.up_to is not None:
        return _("Automatic up to %(amount)s: %(why)s.") % {
            "amount": number_format(row.up_to, 2, force_grouping=True),
            "why": row.why,
        }
    if row.level == Level.AUTOMATIC:
        return _("Automatic: %(why)s.") % {"why": row.why}
    if row.level == Level.OFFERED and row.held != Held.OFF:
        return _("%(why)s: this vendor could be booked by itself.") % {"why": row.why.capitalize()}
    words = _("Proposed; %(count)d accepted unchanged in a row.") % {"count": row.untouched}
    return f"{words} {row.why.capitalize()}." if row.why else words


def switch_on_here(invoice: Invoice, request: HttpRequest, by: User) -> str:
    """Switch on the vendor of a document, from its page. Raises StepRefused when it is not offered."""
    row = autonomy.row_of(invoice.administration_id, invoice.supplier)
    if row is None:
        raise StepRefused(
            _("This vendor did not earn it yet: its bookings must be accepted unchanged first.")
        )
    return _on(row, request, by)
