"""The form of a new item in Exact, pre-filled from the document that asks for it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from apps.core.addresses import key_in
from apps.exact.models import Division
from apps.items.models import ItemQuestion
from apps.orders import item_making
from apps.orders.item_form import ItemForm, initial_of, says
from apps.orders.models import ItemWrite, PurchaseOrder
from apps.orders.refused import Refused
from apps.orders.views import PAGE, person

QUESTIONS = "admin:items_itemquestion_changelist"


def new_item(request: HttpRequest, model_admin: Any, item_question_id: int) -> HttpResponse:
    """Show the form of a new item for a question; sent, have it made in Exact. Nothing is sent before that."""
    if not request.user.has_perm("items.change_itemquestion"):
        raise PermissionDenied
    questions = ItemQuestion.objects.visible_to(request.user).select_related("administration__client")
    question = get_object_or_404(questions.open(), pk=item_question_id)
    division = Division.objects.filter(administration=question.administration).first()
    if division is None:
        messages.error(request, item_making.hindrance(question.administration))
        return _back(request)
    write = ItemWrite.objects.last_of([question]).get(question.pk)
    initial = initial_of(question, division, write)
    form = ItemForm(request.POST or None, division=division, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = item_making.make(question, form.item(), by=person(request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("Item %(code)s is being made in Exact. Its orders move on when it is there.")
            messages.success(request, words % {"code": made.code})
            return _back(request)
    hindrance = item_making.hindrance(question.administration)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("New item in %(administration)s") % {"administration": question.administration},
        "question": question,
        "says": says(question),
        "form": form,
        "write": write,
        "hindrance": hindrance,
        "may_send": not hindrance and (write is None or write.is_refused),
        "order": _order(request),
    }
    return TemplateResponse(request, "admin/orders/new_item.html", context)


def _order(request: HttpRequest) -> PurchaseOrder | None:
    """Return the order that the form was opened from, None when it was another page."""
    key = key_in(request.GET.get("order", ""))
    return PurchaseOrder.objects.visible_to(request.user).filter(pk=key).first() if key else None


def _back(request: HttpRequest) -> HttpResponse:
    order = _order(request)
    return redirect(PAGE, order.pk) if order else redirect(QUESTIONS)
