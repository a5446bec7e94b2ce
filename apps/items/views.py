"""Unknown items: grouped by supplier and item, mapped with one press, for all documents that wait for the answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.core.addresses import key_in, typed_in
from apps.items import acts, askers, choosing, groups
from apps.items.models import ItemMapping, ItemQuestion
from apps.people.models import User

UNDO = "items_undo"  # in the session: what the last press did
PAGE = "admin:items_itemquestion_changelist"


def unknown(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show the items that nobody mapped, the one with most documents first."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    questions = groups.narrowed(ItemQuestion.objects.visible_to(request.user).open(), request.GET)
    context = {
        **model_admin.admin_site.each_context(request),
        **groups.filters_of(request.user, request.GET),
        "title": _("Unknown items"),
        "groups": groups.groups_of(questions, request.user),
        "limit": groups.GROUPS,
        "may_act": model_admin.has_change_permission(request),
        "query": request.GET.urlencode(),
        "undo": request.session.get(UNDO),
    }
    return TemplateResponse(request, "admin/items/unknown.html", context)


def acting(request: HttpRequest, model_admin: Any) -> User:
    """Return who acts. Raises PermissionDenied for people who do not map items."""
    if not model_admin.has_change_permission(request) or not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@require_POST
def map_group(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Map the administrations of one group for which an item was chosen; the others stay."""
    person = acting(request, model_admin)
    fields = [name for name in request.POST if name.startswith("item-")]
    chosen = {key_in(name.removeprefix("item-")): typed_in(request.POST.get(name, "")) for name in fields}
    questions = (
        ItemQuestion.objects.visible_to(person).open().filter(pk__in=[pk for pk in chosen if chosen[pk]])
    )
    choices = {one: chosen[one.pk] for one in questions.select_related("administration").order_by("pk")}
    if not choices:
        messages.error(request, _("Choose an item first."))
        return _back(request)
    documents = askers.counted(questions).documents
    done = acts.map_group(choices, by=person, kind=request.POST.get("kind", ""))
    count = sum(documents.get(pk, 0) for pk in done.answered)
    if done.mappings:
        words = ngettext(
            "Mapped; %(count)d document moves on.", "Mapped; %(count)d documents move on.", count
        )
        request.session[UNDO] = {"mappings": done.mappings, "words": words % {"count": count}}
    for refusal in done.refusals[:5]:
        messages.warning(request, refusal)
    return _back(request)


@require_POST
def undo(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Take back what the last press did: the items are asked about again."""
    person = acting(request, model_admin)
    last = request.session.pop(UNDO, None) or {"mappings": []}
    mappings = ItemMapping.objects.visible_to(person).valid().filter(pk__in=last["mappings"])
    if acts.take_back(mappings, by=person):
        messages.success(request, _taken_back())
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page as it was narrowed, at the place where the person was."""
    query = request.POST.get("query", "")
    address = reverse(PAGE)
    return redirect(f"{address}?{query}" if query else address)


def _taken_back() -> str:
    return _("Taken back; the documents that it was used for are looked at again.")


def items(request: HttpRequest, model_admin: Any, question_id: int) -> HttpResponse:
    """Return the items of the question's administration that fit what was typed, as a piece of page."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    question = get_object_or_404(ItemQuestion.objects.visible_to(request.user).open(), pk=question_id)
    typed = typed_in(request.GET.get("q", ""))
    context = {
        "found": choosing.fitting(question.administration_id, typed),
        "typed": typed,
        "question": question,
        "pick": key_in(request.GET.get("pick", "")),
    }
    return TemplateResponse(request, "admin/items/found.html", context)


def take_back(request: HttpRequest, model_admin: Any, mapping_id: int) -> HttpResponse:
    """Show one decision; posted, take it back."""
    person = acting(request, model_admin)
    rows = ItemMapping.objects.visible_to(person).select_related(
        "administration", "learned_from", "forgotten_by"
    )
    mapping = get_object_or_404(rows, pk=mapping_id)
    if request.method == "POST":
        if acts.take_back([mapping], by=person):
            messages.success(request, _taken_back())
        return redirect("admin:items_itemmapping_changelist")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Take this item mapping back"),
        "mapping": mapping,
    }
    return TemplateResponse(request, "admin/items/take_back.html", context)
