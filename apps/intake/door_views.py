"""The buttons of the e-mail door: what waits is let in or turned away, mailboxes are looked into, senders listed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.core import queue
from apps.core.addresses import typed_in
from apps.intake import releasing, senders
from apps.intake.models import Receipt
from apps.intake.sender_forms import SenderLinesForm


@require_POST
def let_in(request: HttpRequest, model_admin: Any, object_id: int) -> HttpResponse:
    """Have a waiting mail read: once, or with `always` its sender from now on."""
    receipt = _held(request, model_admin, object_id)
    always = "always" in request.POST
    if always and not model_admin.may_list_senders(request):
        raise PermissionDenied
    if releasing.let_in(receipt, str(request.user), always=always):
        words = _("The mail is let in and being read.")
        if always:
            words = _("The mail is let in, and so is every other one of %(sender)s from now on.") % {
                "sender": receipt.sender
            }
        _told(request, model_admin, receipt, words)
    else:
        messages.info(request, _("This mail does not wait any more; somebody decided about it before."))
    return redirect("admin:intake_receipt_change", receipt.pk)


@require_POST
def turn_away(request: HttpRequest, model_admin: Any, object_id: int) -> HttpResponse:
    """Have a waiting mail never read."""
    receipt = _held(request, model_admin, object_id)
    if releasing.turn_away(receipt, str(request.user), typed_in(request.POST.get("why", ""))):
        _told(request, model_admin, receipt, _("The mail is turned away. What came in is kept."))
    else:
        messages.info(request, _("This mail does not wait any more; somebody decided about it before."))
    return redirect("admin:intake_receipt_change", receipt.pk)


@require_POST
def look_now(request: HttpRequest, model_admin: Any, key: int) -> HttpResponse:
    """Have a worker look into a mailbox now."""
    mailbox = get_object_or_404(model_admin.get_queryset(request), pk=key)
    if not model_admin.has_change_permission(request, mailbox):
        raise PermissionDenied
    if mailbox.is_open:
        queue.ring("apps.intake.tasks.read_mailbox", mailbox.pk)
        messages.success(request, _("A worker looks into it now. This page shows in a moment what it found."))
    else:
        messages.info(request, _("This mailbox is closed. Open it first."))
    return redirect("admin:intake_mailbox_change", mailbox.pk)


def paste_senders(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Put many senders on the list of an administration, one a line."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = SenderLinesForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        administration = form.cleaned_data["administration"]
        count = senders.allow(administration, form.cleaned_data["lines"], by=str(request.user))
        words = ngettext(
            "%(count)d sender is added to the list.", "%(count)d senders are added to the list.", count
        )
        messages.success(request, words % {"count": count})
        return redirect("admin:intake_allowedsender_changelist")
    context = {**model_admin.admin_site.each_context(request), "title": _("Add many senders"), "form": form}
    return TemplateResponse(request, "admin/intake/allowedsender/paste.html", context)


def _held(request: HttpRequest, model_admin: Any, object_id: int) -> Receipt:
    """Return a receipt that this person sees, with all its parts, and may decide about."""
    receipt: Receipt = get_object_or_404(
        model_admin.get_queryset(request).select_related("administration"), pk=object_id
    )
    if not model_admin.may_decide(request, receipt):
        raise PermissionDenied
    return receipt


def _told(request: HttpRequest, model_admin: Any, receipt: Receipt, words: str) -> None:
    """Tell the person, and keep in the history of the receipt who decided what."""
    model_admin.log_change(request, receipt, words)
    messages.success(request, words)
