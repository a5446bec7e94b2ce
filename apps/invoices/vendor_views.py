"""Unmapped vendors: grouped by who they are, mapped with one press, for all documents that wait for the answer."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.core.addresses import key_in, typed_in
from apps.exact.models import Relation
from apps.invoices import card_gaps, creating, reviewing, vendor_acts, vendor_groups
from apps.invoices.card_fields import BY_NAME
from apps.invoices.forms import IgnoreForm
from apps.invoices.models import Invoice
from apps.invoices.vendor_acts import Done
from apps.invoices.vendor_groups import Group
from apps.people.models import User
from apps.vendors.evidence import Key
from apps.vendors.models import Mapping, Question, Scope

FOUND = 12
MOST_AMOUNT = 10**12  # of what no document is, a database may not hold
UNDO = "vendors_undo"  # in the session: what the last press did


def unmapped(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show the vendors that nobody mapped, the one with most documents first."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    questions = vendor_groups.narrowed(vendor_groups.waiting(request.user), request.GET)
    least = _amount(request.GET.get("least", ""))
    groups = vendor_groups.groups_of(questions, request.user, least=least)
    _add_cards(groups)
    context = {
        **model_admin.admin_site.each_context(request),
        **vendor_groups.filters_of(request.user, request.GET),
        "title": _("Unmapped vendors"),
        "groups": groups,
        "limit": vendor_groups.GROUPS,
        "may_act": model_admin.has_change_permission(request),
        "query": request.GET.urlencode(),
        "undo": request.session.get(UNDO),
        "scopes": Scope.choices,
    }
    return TemplateResponse(request, "admin/invoices/unmapped.html", context)


def _add_cards(groups: list[Group]) -> None:
    """Add which new cards are on their way to Exact, and what the cards that may be chosen lack."""
    questions = [row.question for group in groups for row in group.rows]
    writes, offers = creating.state_of(questions), card_gaps.offers(questions)
    for row in (row for group in groups for row in group.rows):
        row.write = writes.get(row.question.pk)
        row.lacks = {
            supplier: ", ".join(f"{BY_NAME[name].label} {value}" for name, value in gaps.items())
            for supplier, gaps in offers.get(row.question.pk, {}).items()
            if gaps
        }


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < MOST_AMOUNT else None


def acting(request: HttpRequest, model_admin: Any) -> User:
    """Return who acts. Raises PermissionDenied for people who do not map vendors."""
    if not model_admin.has_change_permission(request) or not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@require_POST
def map_group(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Map the administrations of one group for which a supplier was chosen; the others stay."""
    person = acting(request, model_admin)
    fields = [name for name in request.POST if name.startswith("supplier-")]
    chosen = {key_in(name.removeprefix("supplier-")): request.POST.get(name, "") for name in fields}
    questions = Question.objects.visible_to(person).open().filter(pk__in=[pk for pk in chosen if chosen[pk]])
    choices = {one: chosen[one.pk] for one in questions.select_related("administration").order_by("pk")}
    if not choices:
        messages.error(request, _("Choose a supplier first; or make one, or put the documents aside."))
        return _back(request)
    kind, _space, value = request.POST.get("key", "").partition(" ")
    scope = Scope.DOCUMENT if request.POST.get("scope") == Scope.DOCUMENT else Scope.SENDER
    key = Key(kind, value) if value else None
    enrich = request.POST.get("enrich") == "on"
    done = vendor_acts.map_group(choices, by=person, key=key, scope=scope, enrich=enrich)
    words = ngettext(
        "Mapped; %(count)d document moved on.", "Mapped; %(count)d documents moved on.", done.moved
    )
    if done.enriched:
        more = ngettext(
            "%(count)d card is being filled in.", "%(count)d cards are being filled in.", done.enriched
        )
        return _told(request, done, f"{words % {'count': done.moved}} {more % {'count': done.enriched}}")
    return _told(request, done, words % {"count": done.moved})


@require_POST
def put_group_aside(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Put the documents of one group aside: not an invoice, or not for us."""
    person = acting(request, model_admin)
    form = IgnoreForm(request.POST)
    questions = (
        Question.objects.visible_to(person)
        .open()
        .filter(pk__in=[key_in(text) for text in request.POST.getlist("question")])
    )
    if not form.is_valid():
        messages.error(request, _("Say why the documents are put aside."))
        return _back(request)
    done = vendor_acts.put_aside(questions, by=person, why=form.why())
    count = len(done.documents)
    words = ngettext(
        "%(count)d document put aside: %(why)s.", "%(count)d documents put aside: %(why)s.", count
    )
    return _told(request, done, words % {"count": count, "why": form.why()})


def _told(request: HttpRequest, done: Done, words: str) -> HttpResponse:
    """Say what a press did, and keep how to take it back."""
    if done.mappings or done.documents:
        request.session[UNDO] = {"mappings": done.mappings, "documents": done.documents, "words": words}
    for refusal in done.refusals[:5]:
        messages.warning(request, refusal)
    return _back(request)


@require_POST
def undo(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Take back what the last press did: it is unlearned, and the documents wait again."""
    person = acting(request, model_admin)
    last = request.session.pop(UNDO, None) or {"mappings": [], "documents": []}
    mappings = Mapping.objects.visible_to(person).valid().filter(pk__in=last["mappings"])
    documents = Invoice.objects.visible_to(person).filter(pk__in=last["documents"])
    waiting, flagged = vendor_acts.take_back(mappings, documents.select_related("administration"), by=person)
    messages.success(request, unlearned_words(waiting, flagged))
    return _back(request)


def unlearned_words(waiting: int, flagged: int) -> str:
    """Return what taking back did, in words."""
    words = ngettext(
        "Taken back; %(count)d document waits again.", "Taken back; %(count)d documents wait again.", waiting
    ) % {"count": waiting}
    if not flagged:
        return words
    more = ngettext(
        "%(count)d is in Exact already and is marked to be corrected.",
        "%(count)d are in Exact already and are marked to be corrected.",
        flagged,
    )
    return f"{words} {more % {'count': flagged}}"


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page as it was narrowed, at the place where the person was."""
    query = request.POST.get("query", "")
    address = reverse("admin:vendors_question_changelist")
    return redirect(f"{address}?{query}" if query else address)


def suppliers(request: HttpRequest, model_admin: Any, question_id: int) -> HttpResponse:
    """Return the suppliers of the question's administration that fit what was typed, as a piece of page."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    question = get_object_or_404(Question.objects.visible_to(request.user).open(), pk=question_id)
    typed = typed_in(request.GET.get("q", ""))
    found = Relation.objects.filter(
        division__administration=question.administration_id, is_supplier=True, blocked=False
    ).filter(Q(name__icontains=typed) | Q(code__startswith=typed))
    context = {
        "found": list(found.order_by("name")[:FOUND]) if typed else [],
        "typed": typed,
        "action": _address(request, question),
        "question": question,
        "pick": key_in(request.GET.get("pick", "")),
        "is_for_sender": "sender" in request.GET,  # asked from a document that is no invoice
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
    """Answer a question with the supplier that was clicked; the documents that asked it move on.

    It returns to the page that it was asked from (`back`), else to the unmapped vendors.
    """
    person = acting(request, model_admin)
    question = get_object_or_404(Question.objects.visible_to(person), pk=question_id)
    try:
        messages.success(request, mapped(question, request.POST, by=person))
    except reviewing.Refused as refusal:
        messages.error(request, str(refusal))
    back = request.GET.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "admin:vendors_question_changelist")


def mapped(question: Question, asked: QueryDict, *, by: User, document: Invoice | None = None) -> str:
    """Map the vendor asked about as a form says: `supplier` (its id in Exact), `scope`, `enrich`; say what happened.

    `document` is the one that was looked at. Raises Refused.
    """
    relation = reviewing.supplier_of(question, asked.get("supplier", ""))
    scope = Scope.DOCUMENT if asked.get("scope") == Scope.DOCUMENT else Scope.SENDER
    moved = reviewing.map_vendor(question, relation, by=by, scope=scope, document=document).moved
    alone = _("Mapped to %(supplier)s; what waits for it goes on in a moment.")
    text = (
        alone % {"supplier": relation}
        if not moved
        else ngettext(
            "Mapped to %(supplier)s; %(count)d document moved on.",
            "Mapped to %(supplier)s; %(count)d documents moved on.",
            moved,
        )
        % {"supplier": relation, "count": moved}
    )
    if asked.get("enrich") == "on" and vendor_acts.fill_in(question, relation, by=by):
        return f"{text} {_('What the card lacks is being filled in.')}"
    return text
