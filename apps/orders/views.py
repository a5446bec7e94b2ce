"""The page of one order and what its buttons do. Nothing is decided here: the verbs are in `reviewing`."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import ChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.core.addresses import key_in
from apps.core.causes import Cause
from apps.core.places import Place, place_of
from apps.core.transitions import Changed
from apps.intake import rule_making
from apps.intake.rule_making import Proposal
from apps.items import answering
from apps.items.models import ItemQuestion
from apps.orders import addressing, approving, editing, page, picking, reviewing
from apps.orders.forms import IgnoreForm, RouteForm
from apps.orders.line_edits import edits_in
from apps.orders.models import PurchaseOrder, State
from apps.orders.refused import Refused
from apps.people.models import User

AT_ONCE = 200  # orders that one press of a button tries again
MOVES_ON = {"accept", "approve", "ignore"}
LIST, PAGE = "admin:orders_purchaseorder_changelist", "admin:orders_purchaseorder_change"


def document(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """Show one order: as it came in, as it was read, and as it would be written into Exact."""
    order = visible(request, object_id)
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    may_act = model_admin.has_change_permission(request)
    context = {
        **model_admin.admin_site.each_context(request),
        **page.content(order, may_act=may_act, user=request.user),
        "may_act": may_act,
        "title": str(order),
        "is_fullwidth": "1",
        "place": place_of(request, model_admin, order.pk),
        "filters": request.GET.get("_changelist_filters", ""),
        "undo": _undoable(request),
        "route_form": RouteForm(user=request.user) if may_act else None,
        "reasons": cast(ChoiceField, IgnoreForm.base_fields["reason"]).choices,
    }
    return TemplateResponse(request, "admin/orders/order/document.html", context)


def visible(request: HttpRequest, object_id: str) -> PurchaseOrder:
    """Return the order of this key with what its page needs. Raises Http404 where this person sees none."""
    rows = PurchaseOrder.objects.visible_to(request.user).select_related(
        "administration__client",
        "administration__division",
        "administration__order_terms",
        "part__receipt",
        "part__original",
        "posting__division",
        "removal",
        "question",
    )
    return get_object_or_404(rows, pk=key_in(object_id))


def _undoable(request: HttpRequest) -> PurchaseOrder | None:
    key = key_in(request.GET.get("accepted", ""))
    return PurchaseOrder.objects.visible_to(request.user).filter(pk=key).first() if key else None


@require_POST
def act(request: HttpRequest, model_admin: Any, object_id: str, verb: str) -> HttpResponse:
    """Do what a button says, tell in words what came of it, and open what comes next."""
    if not model_admin.has_change_permission(request) or verb not in VERBS:
        raise PermissionDenied
    order = visible(request, object_id)
    place = place_of(request, model_admin, order.pk) if verb in MOVES_ON else Place()
    try:
        said = VERBS[verb](request, order)
    except (Refused, Changed) as refusal:
        messages.error(request, str(refusal))
        return opened(request, order.pk)
    if verb in {"accept", "approve"} and order.state == State.READY:
        return _following(request, place, accepted=order.pk)
    messages.success(request, said)
    return _following(request, place) if verb in MOVES_ON else opened(request, order.pk)


def opened(request: HttpRequest, key: int, **more: Any) -> HttpResponse:
    """Return to the page of an order, in the list that it was opened from."""
    filters = request.GET.get("_changelist_filters", "")
    query = {**({"_changelist_filters": filters} if filters else {}), **more}
    address = reverse(PAGE, args=(key,))
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)


def _following(request: HttpRequest, place: Place, **more: Any) -> HttpResponse:
    following = place.next or place.previous
    if following:
        return opened(request, following, **more)
    messages.success(request, _("That was the last one of this list."))
    return HttpResponseRedirect(list_of(request.GET.get("_changelist_filters", "")))


def list_of(filters: str) -> str:
    """Return the address of the list with these filters, as an address writes them."""
    return reverse(LIST) + (f"?{filters}" if filters else "")


def person(request: HttpRequest) -> User:
    """Return who acts. Raises PermissionDenied for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def version_in(request: HttpRequest) -> int:
    """Return the version of the order that the page showed; 0, which no order has, when it says none."""
    return key_in(request.POST.get("version", ""))


def _accept(request: HttpRequest, order: PurchaseOrder) -> str:
    reviewing.accept(order, by=person(request), version=version_in(request))
    return order.detail or _("Accepted.")


def _approve(request: HttpRequest, order: PurchaseOrder) -> str:
    approving.approve(order, by=person(request), version=version_in(request))
    return _("Approved.")


def _ignore(request: HttpRequest, order: PurchaseOrder) -> str:
    form = IgnoreForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say why the document is put aside."))
    reviewing.ignore(order, by=person(request), why=form.why(), version=version_in(request))
    return _("%(document)s is put aside.") % {"document": order}


def _reopen(request: HttpRequest, order: PurchaseOrder) -> str:
    reviewing.reopen(order, by=person(request))
    return _("The document is taken up again.")


def _undo(request: HttpRequest, order: PurchaseOrder) -> str:
    was_done = order.state == State.DONE
    reviewing.undo(order, by=person(request), version=version_in(request) if was_done else None)
    return _("It is being removed from Exact.") if was_done else _("The order is taken back.")


def _note(request: HttpRequest, order: PurchaseOrder) -> str:
    reviewing.note(order, by=person(request), version=version_in(request))
    return _("Noted: you looked at it.")


def _retry(request: HttpRequest, order: PurchaseOrder) -> str:
    reviewing.retry(order, by=person(request))
    return _("Tried again: %(state)s.") % {"state": order.get_state_display()}


def _order_anyway(request: HttpRequest, order: PurchaseOrder) -> str:
    reviewing.order_anyway(order, by=person(request), version=version_in(request))
    return _("Noted: it may be ordered anyway.")


def _route(request: HttpRequest, order: PurchaseOrder) -> str:
    form = RouteForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Refused(_("Choose one of your administrations."))
    administration = form.cleaned_data["administration"]
    rule = _rule_asked(request, order)
    reviewing.route(order, administration, by=person(request), version=version_in(request), remember=rule)
    said = _("The document is now in %(administration)s.") % {"administration": administration}
    if rule is None:
        return said
    kept = _("From now on %(what)s is for %(administration)s.")
    return f"{said} {kept % {'what': rule, 'administration': administration.name}}"


def _rule_asked(request: HttpRequest, order: PurchaseOrder) -> Proposal | None:
    """Return what is to be remembered of where `order` goes, None for nothing. Raises Refused for what cannot be."""
    asked = request.POST.get("remember", "")
    if not asked:
        return None
    found = [one for one in rule_making.proposals(addressing.asked_of(order)) if one.evidence == asked]
    if not found:
        raise Refused(_("Choose what is to be remembered."))
    return found[0]


def _edit(request: HttpRequest, order: PurchaseOrder) -> str:
    if order.administration is None:
        raise Refused(_("Choose the administration of this document first."))
    edits = edits_in(request.POST, order.lines.order_by("position"), order.administration)
    editing.edit_lines(order, edits, by=person(request), version=version_in(request))
    return _("The lines are changed.")


def _item(request: HttpRequest, order: PurchaseOrder) -> str:
    """Answer the question about an item of one of its lines, for every order that asks it."""
    asked = (
        ItemQuestion.objects.visible_to(request.user)
        .open()
        .filter(pk=key_in(request.POST.get("question", "")))
    )
    question = asked.filter(administration=order.administration_id).first()
    if question is None:
        raise Refused(_("A colleague answered this question just now."))
    item = picking.item_chosen(question.administration, request.POST)
    if item is None:
        raise Refused(_("Choose an item of this administration."))
    if answering.answer(question, item, by=person(request)) is None:
        raise Refused(_("A colleague answered this question just now."))
    return _("From now on it is %(code)s; what waits for it goes on in a moment.") % {"code": item.code}


VERBS: dict[str, Callable[[HttpRequest, PurchaseOrder], str]] = {
    "accept": _accept,
    "approve": _approve,
    "ignore": _ignore,
    "reopen": _reopen,
    "undo": _undo,
    "note": _note,
    "retry": _retry,
    "order_anyway": _order_anyway,
    "route": _route,
    "edit": _edit,
    "item": _item,
}


@require_POST
def retry_all(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Try everything again that waits for one cause, as far as this person sees it."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    cause = request.POST.get("cause", "")
    if cause not in Cause.values:
        raise Http404
    waiting = PurchaseOrder.objects.visible_to(request.user).waiting_for(cause)
    chosen = waiting.select_related("administration", "posting").order_by("pk")[:AT_ONCE]
    tried = reviewing.retry_all(list(chosen), by=person(request))
    text = ngettext("%(count)d document was tried again.", "%(count)d documents were tried again.", tried)
    messages.success(request, text % {"count": tried})
    return HttpResponseRedirect(reverse(LIST))
