"""Unmapped vendors: grouped by who they are, mapped with one click, for all documents that wait for the answer."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.exact.models import Relation
from apps.invoices import reviewing
from apps.invoices.models import State
from apps.people.models import User
from apps.vendors.models import Question

GROUPS = 50
FOUND = 12


def unmapped(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show the vendors that nobody mapped, the one with most documents first."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    search = request.GET.get("q", "").strip()
    questions = Question.objects.visible_to(request.user).open()
    if search:
        questions = questions.filter(Q(name__icontains=search) | Q(identity__icontains=search))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Unmapped vendors"),
        "groups": _groups(questions),
        "search": search,
        "limit": GROUPS,
        "may_act": model_admin.has_change_permission(request),
    }
    return TemplateResponse(request, "admin/invoices/unmapped.html", context)


def _groups(questions: Any) -> list[dict[str, Any]]:
    groups = (
        questions.order_by()
        .values("identity")
        .annotate(
            documents=Count("invoices", filter=Q(invoices__state=State.ATTENTION), distinct=True),
            administrations=Count("administration", distinct=True),
            oldest=Min("asked_at"),
        )
        .order_by("-documents", "oldest")[:GROUPS]
    )
    members = defaultdict(list)
    rows = questions.filter(identity__in=[group["identity"] for group in groups])
    waiting = Count("invoices", filter=Q(invoices__state=State.ATTENTION))
    for question in (
        rows.select_related("administration__client", "administration__division")
        .annotate(documents=waiting)
        .order_by("pk")
    ):
        members[question.identity].append(question)
    return [{**group, "questions": members[group["identity"]]} for group in groups]


def suppliers(request: HttpRequest, model_admin: Any, question_id: int) -> HttpResponse:
    """Return the suppliers of the question's administration that fit what was typed, as a piece of page."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    question = get_object_or_404(Question.objects.visible_to(request.user).open(), pk=question_id)
    typed = request.GET.get("q", "").strip()
    found = Relation.objects.filter(
        division__administration=question.administration_id, is_supplier=True, blocked=False
    ).filter(Q(name__icontains=typed) | Q(code__startswith=typed))
    context = {
        "found": list(found.order_by("name")[:FOUND]) if typed else [],
        "typed": typed,
        "action": _address(request, question),
    }
    return TemplateResponse(request, "admin/invoices/suppliers.html", context)


def _address(request: HttpRequest, question: Question) -> str:
    """Return where a click goes: the page of the document that was asked from, else the page of unmapped vendors."""
    asked, filters = request.GET.get("action", ""), request.GET.get("filters", "")
    if not url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return reverse("admin:vendors_question_map", args=(question.pk,))
    return f"{asked}?{urlencode({'_changelist_filters': filters})}" if filters else asked


@require_POST
def map_question(request: HttpRequest, model_admin: Any, question_id: int) -> HttpResponse:
    """Answer a question with the supplier that was clicked; the documents that asked it move on."""
    if not model_admin.has_change_permission(request) or not isinstance(request.user, User):
        raise PermissionDenied
    question = get_object_or_404(Question.objects.visible_to(request.user), pk=question_id)
    try:
        messages.success(request, mapped(question, request.POST.get("supplier", ""), by=request.user))
    except reviewing.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:vendors_question_changelist")


def mapped(question: Question, supplier: str, *, by: User) -> str:
    """Map the vendor asked about to the supplier with this id in Exact; return what happened, in words."""
    relation = supplier_of(question, supplier)
    if relation is None:
        raise reviewing.Refused(_("Choose a supplier of this administration."))
    moved = reviewing.map_vendor(question, relation, by=by).moved
    text = ngettext(
        "Mapped to %(supplier)s; %(count)d document moved on.",
        "Mapped to %(supplier)s; %(count)d documents moved on.",
        moved,
    )
    return text % {"supplier": relation, "count": moved}


def supplier_of(question: Question, text: str) -> Relation | None:
    """Return the supplier of the question's administration with the id in `text`, None when there is none."""
    try:
        key = UUID(text)
    except ValueError:
        return None
    return Relation.objects.filter(division__administration=question.administration_id, exact_id=key).first()
