"""The form of a new supplier, pre-filled from the document, and the click that fills in what a card lacks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.exact.models import Relation
from apps.invoices import card_books, creating, enriching
from apps.invoices.card_fields import BANK_FIELDS, BY_NAME
from apps.invoices.card_proposals import Proposed, propose
from apps.invoices.card_sources import first_waiting
from apps.invoices.forms import SupplierForm
from apps.invoices.models import CardWrite
from apps.invoices.reviewing import Refused
from apps.people.models import User
from apps.vendors.models import Question

PAGE = "admin:vendors_question_changelist"


def create_supplier(request: HttpRequest, model_admin: Any, question_id: int) -> HttpResponse:
    """Show the form of a new supplier for a question; sent, have it made in Exact. Nothing is sent before that."""
    question, user = _asked(request, model_admin, question_id)
    if request.method == "POST":
        return _create(request, model_admin, question, user)
    return _form_page(request, model_admin, question)


@require_POST
def enrich_card(request: HttpRequest, model_admin: Any, question_id: int) -> HttpResponse:
    """Have the ticked fields filled in on the card that was named (`supplier`, its id in Exact)."""
    question, user = _asked(request, model_admin, question_id)
    relation = _card(question, request.POST.get("supplier", ""))
    try:
        if relation is None:
            raise Refused(_("Choose a supplier of this administration."))
        write = enriching.enrich(question, relation, request.POST.getlist("field"), by=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("Card %(card)s is being filled in in Exact: %(fields)s.")
        labels = ", ".join(str(BY_NAME[name].label) for name in write.values)
        messages.success(request, words % {"card": relation, "fields": labels})
    return redirect(PAGE)


def _create(request: HttpRequest, model_admin: Any, question: Question, user: User) -> HttpResponse:
    form = SupplierForm(request.POST, proposed=_fields(question), administration=question.administration_id)
    if not form.is_valid():
        return _form_page(request, model_admin, question, form)
    try:
        write = creating.create(question, form.cleaned_data, by=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _form_page(request, model_admin, question, form)
    words = _("%(name)s is being created in Exact. Its documents move on when it is there.")
    messages.success(request, words % {"name": write.name})
    return redirect(PAGE)


def _form_page(
    request: HttpRequest, model_admin: Any, question: Question, form: SupplierForm | None = None
) -> HttpResponse:
    write, hindrance = creating.state_of([question]).get(question.pk), _hindrance(question)
    shown = form or SupplierForm(proposed=_fields(question), administration=question.administration_id)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("New supplier in %(administration)s") % {"administration": question.administration},
        "question": question,
        "form": shown,
        "rows": shown.rows(),
        "invoice": first_waiting(question),
        "write": write,
        "hindrance": hindrance,
        "may_send": not hindrance and (write is None or not write.is_under_way),
    }
    return TemplateResponse(request, "admin/invoices/new_supplier.html", context)


def _hindrance(question: Question) -> str:
    if question.answered_at is not None:
        return _("This question is answered already.")
    return card_books.hindrance(question.administration)


def _fields(question: Question) -> list[Proposed]:
    """Return the fields to ask for: as they were sent before; once the card is there, only its account."""
    write = creating.state_of([question]).get(question.pk)
    fields = propose(question)
    if write is None:
        return fields
    sent = [_as_sent(one, write) for one in fields]
    return [one for one in sent if one.field.name in BANK_FIELDS] if write.is_made else sent


def _as_sent(one: Proposed, write: CardWrite) -> Proposed:
    value = write.values.get(one.field.name, "")
    return (
        one if value == one.value else Proposed(one.field, value, _("as it was sent before") if value else "")
    )


def _asked(request: HttpRequest, model_admin: Any, question_id: int) -> tuple[Question, User]:
    if not model_admin.has_change_permission(request) or not isinstance(request.user, User):
        raise PermissionDenied
    rows = Question.objects.visible_to(request.user).select_related(
        "administration__client", "administration__division"
    )
    return get_object_or_404(rows, pk=question_id), request.user


def _card(question: Question, text: str) -> Relation | None:
    try:
        key = UUID(text)
    except ValueError:
        return None
    rows = Relation.objects.filter(division__administration=question.administration_id, exact_id=key)
    return rows.select_related("division").first()
