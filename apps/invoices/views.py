"""The page of one document and what its buttons do. Nothing is decided here: the verbs are in `reviewing`."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.clients.models import Administration
from apps.core.addresses import key_in
from apps.core.causes import Cause
from apps.core.places import Place, place_of
from apps.core.transitions import Changed
from apps.invoices import (
    approving,
    autonomy_views,
    mail_settling,
    page,
    question_views,
    reviewing,
    routing_page,
    routing_views,
)
from apps.invoices.autonomy import StepRefused
from apps.invoices.forms import IgnoreForm, RouteForm, accounts_of, edits_in
from apps.invoices.models import Invoice, Kind, State
from apps.invoices.switching import SwitchRefused, switch
from apps.invoices.vendor_views import mapped
from apps.people.models import User
from apps.posting import halting
from apps.posting.models import Halt

AT_ONCE = 200  # documents that one press of a button tries again
MOVES_ON = {"accept", "approve", "ask", "ignore"}


def document(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Show one document: as it came in, as it was read, and as it would be booked."""
    invoice = _visible(request, object_id)
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    may_act = model_admin.has_change_permission(request)
    context = {
        **model_admin.admin_site.each_context(request),
        **page.content(invoice, may_act=may_act, user=request.user),
        **(routing_page.content(invoice, person(request)) if may_act else {}),
        **(question_views.content(invoice) if may_act else {}),
        "vendor_stands": autonomy_views.line_of(invoice),
        "may_act": may_act,
        "title": str(invoice),
        "is_fullwidth": "1",
        "place": place_of(request, model_admin, invoice.pk),
        "filters": request.GET.get("_changelist_filters", ""),
        "undo": _undoable(request),
        "route_form": RouteForm(user=request.user) if may_act else None,
        "reasons": IgnoreForm.base_fields["reason"].choices,  # type: ignore[attr-defined]
    }
    return TemplateResponse(request, "admin/invoices/invoice/document.html", context)


def _visible(request: HttpRequest, object_id: str) -> Invoice:
    rows = Invoice.objects.visible_to(request.user).select_related(
        "administration__client",
        "administration__division",
        "part__receipt",
        "posting__division",
        "removal",
        "question",
        "double_of",
    )
    return get_object_or_404(rows, pk=key_in(object_id))


def _undoable(request: HttpRequest) -> Invoice | None:
    key = key_in(request.GET.get("accepted", ""))
    return Invoice.objects.visible_to(request.user).filter(pk=key).first()


@require_POST
def act(request: HttpRequest, model_admin: Any, object_id: str, verb: str) -> HttpResponse:
    """Do what a button says, tell in words what came of it, and open what comes next."""
    if not model_admin.has_change_permission(request) or verb not in VERBS:
        raise PermissionDenied
    invoice = _visible(request, object_id)
    place = place_of(request, model_admin, invoice.pk) if verb in MOVES_ON else Place()
    try:
        said = VERBS[verb](request, invoice)
    except (reviewing.Refused, StepRefused, Changed) as refusal:
        messages.error(request, str(refusal))
        return _opened(request, invoice.pk)
    if verb == "accept" and invoice.state == State.READY:
        return _following(request, place, accepted=invoice.pk)
    messages.success(request, said)
    return _following(request, place) if verb in MOVES_ON else _opened(request, invoice.pk)


def _opened(request: HttpRequest, key: int, **more: Any) -> HttpResponse:
    filters = request.GET.get("_changelist_filters", "")
    query = {**({"_changelist_filters": filters} if filters else {}), **more}
    address = reverse("admin:invoices_invoice_change", args=(key,))
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)


def _following(request: HttpRequest, place: Place, **more: Any) -> HttpResponse:
    following = place.next or place.previous
    if following:
        return _opened(request, following, **more)
    messages.success(request, _("That was the last one of this list."))
    filters = request.GET.get("_changelist_filters", "")
    return HttpResponseRedirect(
        reverse("admin:invoices_invoice_changelist") + (f"?{filters}" if filters else "")
    )


def person(request: HttpRequest) -> User:
    """Return who acts. Raises PermissionDenied for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _version(request: HttpRequest) -> int:
    """Return the version of the document that the page showed; 0, which no document has, when it says none."""
    return key_in(request.POST.get("version", ""))


def _accept(request: HttpRequest, invoice: Invoice) -> str:
    reviewing.accept(invoice, by=person(request), version=_version(request))
    return invoice.detail or _("Accepted.")


def _approve(request: HttpRequest, invoice: Invoice) -> str:
    approving.approve(invoice, by=person(request), version=_version(request))
    return _("Approved: %(document)s.") % {"document": invoice}


def _ask(request: HttpRequest, invoice: Invoice) -> str:
    return question_views.ask(request, invoice, by=person(request), version=_version(request))


def _open_day(request: HttpRequest, invoice: Invoice) -> str:
    reviewing.book_on_open_day(invoice, by=person(request), version=_version(request))
    return _("Noted: it is booked on the first open day.")


def _switch_on(request: HttpRequest, invoice: Invoice) -> str:
    if not request.user.has_perm("invoices.change_autonomy"):
        raise PermissionDenied
    return autonomy_views.switch_on_here(invoice, request, person(request))


def _ignore(request: HttpRequest, invoice: Invoice) -> str:
    form = IgnoreForm(request.POST)
    if not form.is_valid():
        raise reviewing.Refused(_("Say why the document is put aside."))
    reviewing.ignore(invoice, by=person(request), why=form.why(), version=_version(request))
    return _("%(document)s is put aside.") % {"document": invoice}


def _reopen(request: HttpRequest, invoice: Invoice) -> str:
    reviewing.reopen(invoice, by=person(request))
    return _("The document is taken up again.")


def _undo(request: HttpRequest, invoice: Invoice) -> str:
    was_done = invoice.state == State.DONE
    if invoice.state == State.READY and question_views.drop(
        invoice, by=person(request), version=invoice.version
    ):
        return _("The booking and the question are taken back.")
    reviewing.undo(invoice, by=person(request), version=_version(request) if was_done else None)
    return _("It is being removed from Exact.") if was_done else _("The booking is taken back.")


def _note(request: HttpRequest, invoice: Invoice) -> str:
    reviewing.note(invoice, by=person(request), version=_version(request))
    return _("Noted: you looked at it.")


def _retry(request: HttpRequest, invoice: Invoice) -> str:
    reviewing.retry(invoice, by=person(request))
    return _("Tried again: %(state)s.") % {"state": invoice.get_state_display()}


def _arrived(request: HttpRequest, invoice: Invoice) -> str:
    mail_settling.settle_mail(invoice, is_there=True, by=person(request), version=_version(request))
    return _("Noted: it lies in the digital mailbox.")


def _send_again(request: HttpRequest, invoice: Invoice) -> str:
    mail_settling.settle_mail(invoice, is_there=False, by=person(request), version=_version(request))
    return _("It is sent once more.")


def _book_anyway(request: HttpRequest, invoice: Invoice) -> str:
    reviewing.book_anyway(invoice, by=person(request), version=_version(request))
    return _("Noted: it may be booked anyway.")


def _route(request: HttpRequest, invoice: Invoice) -> str:
    return routing_views.choose(invoice, request.POST, by=person(request), version=_version(request))


def _remember(request: HttpRequest, invoice: Invoice) -> str:
    return routing_views.remember(invoice, request.POST, by=person(request))


def _forget(request: HttpRequest, invoice: Invoice) -> str:
    return routing_views.forget(invoice, request.POST, by=person(request))


def _edit(request: HttpRequest, invoice: Invoice) -> str:
    lines = list(invoice.lines.order_by("position"))
    edits = edits_in(request.POST, lines, accounts_of(invoice))
    reviewing.edit_lines(invoice, edits, by=person(request), version=_version(request))
    return _("The lines are changed.")


def _map(request: HttpRequest, invoice: Invoice) -> str:
    if invoice.question is None:
        raise reviewing.Refused(_("Nobody asks who this vendor is."))
    return mapped(invoice.question, request.POST, by=person(request), document=invoice)


VERBS: dict[str, Callable[[HttpRequest, Invoice], str]] = {
    "accept": _accept,
    "approve": _approve,
    "ask": _ask,
    "open_day": _open_day,
    "switch_on": _switch_on,
    "ignore": _ignore,
    "reopen": _reopen,
    "undo": _undo,
    "note": _note,
    "retry": _retry,
    "arrived": _arrived,
    "send_again": _send_again,
    "book_anyway": _book_anyway,
    "route": _route,
    "remember": _remember,
    "forget": _forget,
    "edit": _edit,
    "map": _map,
}


@require_POST
def retry_all(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Try everything again that waits for one cause, as far as this person sees it."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    cause = request.POST.get("cause", "")
    if cause not in Cause.values:
        raise Http404
    waiting = (
        Invoice.objects.visible_to(request.user)
        .waiting_for(cause)
        .select_related("administration", "posting")
    )
    tried = reviewing.retry_all(list(waiting.order_by("pk")[:AT_ONCE]), by=person(request))
    text = ngettext("%(count)d document was tried again.", "%(count)d documents were tried again.", tried)
    messages.success(request, text % {"count": tried})
    return HttpResponseRedirect(reverse("admin:invoices_invoice_changelist"))


@require_POST
def switch_method(request: HttpRequest, model_admin: Any, key: int) -> HttpResponse:
    """Choose how documents of one kind are delivered in an administration."""
    administration = get_object_or_404(Administration.objects.visible_to(request.user), pk=key)
    if not (model_admin.has_view_permission(request) and _may_switch(request)):
        raise PermissionDenied
    kind = request.POST.get("kind", "")
    if kind not in Kind.values:
        raise Http404
    try:
        switch(administration, kind, request.POST.get("method", ""), by=person(request))
    except SwitchRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("From now on documents of this kind are delivered that way."))
    return HttpResponseRedirect(reverse("admin:clients_administration_change", args=(administration.pk,)))


def _may_switch(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("clients.change_administration"))


@require_POST
def go_on(request: HttpRequest, model_admin: Any, key: int) -> HttpResponse:
    """Let a division go on that halted after several equal refusals."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    halt = get_object_or_404(Halt.objects.visible_to(request.user), division=key)
    if halting.go_on(halt, by=person(request)):
        messages.success(request, _("It goes on now. After the same refusals it halts again."))
    else:
        messages.info(request, _("Somebody let it go on already."))
    return HttpResponseRedirect(reverse("admin:invoices_invoice_changelist"))
