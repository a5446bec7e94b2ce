"""Questions to clients: asking one, its page for staff, and filling in an answer that came by another way."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.addresses import key_in, typed_in
from apps.invoices import client_questions
from apps.invoices.models import ClientQuestion, Invoice
from apps.invoices.reviewing import Refused
from apps.people.models import User


def question(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Show one question with what came back, and take an answer that came by telephone or letter."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    asked = _visible(request, object_id)
    books = asked.invoice.administration
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Question to %(client)s") % {"client": books.client if books else asked.to},
        "asked": asked,
        "may_act": model_admin.may_act(request),
        "longest": client_questions.LONGEST,
    }
    return TemplateResponse(request, "admin/invoices/question.html", context)


def _visible(request: HttpRequest, object_id: str) -> ClientQuestion:
    rows = ClientQuestion.objects.visible_to(request.user).select_related(
        "invoice__administration__client", "asked_by"
    )
    return get_object_or_404(rows, pk=key_in(object_id))


@require_POST
def fill_in(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Keep an answer that somebody of the firm heard."""
    if not model_admin.may_act(request):
        raise PermissionDenied
    asked = _visible(request, object_id)
    who = _("%(who)s, for the client") % {"who": request.user}
    if client_questions.answer(asked, typed_in(request.POST.get("answer", "")), who=who):
        messages.success(
            request, _("Noted. The document comes back to the queue by itself, within a minute.")
        )
    else:
        messages.error(request, _("Write down the answer. If there is one already, nothing was changed."))
    return redirect("admin:invoices_clientquestion_change", asked.pk)


@require_POST
def send_again(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Have a question mailed once more, with a new link; POST `from` document leads back to the document."""
    if not model_admin.may_act(request):
        raise PermissionDenied
    asked = _visible(request, object_id)
    try:
        client_questions.send_again(asked)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The question is sent again. Only the link in the new mail works."))
    if request.POST.get("from") == "document":
        return redirect("admin:invoices_invoice_change", asked.invoice_id)
    return redirect("admin:invoices_clientquestion_change", asked.pk)


def ask(request: HttpRequest, invoice: Invoice, *, by: User, version: int) -> str:
    """Ask the client what a form on the page of a document says; return what came of it, in words."""
    text = typed_in(request.POST.get("question", ""))
    asked = client_questions.ask(invoice, text, by=by, version=version)
    if asked.to:
        return _("It is booked on the suspense account; the question goes to %(to)s.") % {"to": asked.to}
    return _("It is booked on the suspense account. %(trouble)s") % {"trouble": asked.trouble}


def content(invoice: Invoice) -> dict[str, Any]:
    """Return what the page of a document shows about questions to its client."""
    return {"asked": client_questions.last_of(invoice), "draft": client_questions.draft(invoice)}


def drop(invoice: Invoice, *, by: User, version: int) -> bool:
    """Take back the open question about a document that is undone before it was sent; False without one."""
    asked = client_questions.open_of(invoice)
    if asked is None:
        return False
    if asked.answered_at:
        raise Refused(_("The client answered just now: the document comes back by itself, within a minute."))
    asked.invoice = invoice
    client_questions.drop(asked, by=by, version=version)
    return True
