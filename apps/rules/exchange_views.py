"""Rules taken along as a file, and brought in from one: first shown row by row, then confirmed."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.core.tables import reading
from apps.core.tables.files import ListForm, download
from apps.people.models import User
from apps.rules import bringing_in, checking, exchange, kept_lists
from apps.rules.checking import APPLIED, Status, Verdict
from apps.rules.models import BookingRule
from apps.rules.saying import sentences

LIST = "admin:rules_bookingrule_changelist"
SHOWN = 500
_ORDER = list(Status)


def export(request: HttpRequest, model_admin: Any, form: str) -> FileResponse:
    """Give the rules that this person may see as `form`, "csv" or "xlsx"."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    rules = BookingRule.objects.visible_to(request.user)
    return download(exchange.export_rows(rules), form, title=_("booking rules"))


def bring_in(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Take a list, and show what it would do; nothing is stored yet."""
    user = _person(request, model_admin)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            lines = exchange.lines_in(reading.read(form.cleaned_data["document"].read()))
        except reading.Unreadable as problem:
            form.add_error("document", str(problem))
        else:
            verdicts = checking.check(lines, user)
            token = kept_lists.keep(user, lines, {one.line.number: one.mark for one in verdicts})
            return _shown(request, model_admin, verdicts, token)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Bring in booking rules"),
        "form": form,
        "needed": exchange.COLUMNS.titles(exchange.COLUMNS.needed),
    }
    return TemplateResponse(request, "admin/rules/bookingrule/bring_in.html", context)


def _shown(request: HttpRequest, model_admin: Any, verdicts: list[Verdict], token: str) -> HttpResponse:
    good = sum(verdict.status in APPLIED for verdict in verdicts)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Bring in booking rules"),
        "counts": checking.counts(verdicts),
        "rows": _first(verdicts),
        "hidden": max(len(verdicts) - SHOWN, 0),
        "good": good,
        "token": token,
    }
    return TemplateResponse(request, "admin/rules/bookingrule/brought.html", context)


def _first(verdicts: Iterable[Verdict]) -> list[tuple[Verdict, str]]:
    """The rows that a page shows, each with its rule as a sentence: first what is wrong, then what would change."""
    found = sorted(verdicts, key=lambda one: (_ORDER.index(one.status), one.line.number))[:SHOWN]
    good = [(one.row, one.rule) for one in found if one.row is not None and one.rule is not None]
    said = {id(row): words for row, words in sentences(good)}
    return [(one, said.get(id(one.row), "")) for one in found]


@require_POST
def confirm(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Store the good rows of the list that was shown; what changed since is shown and left."""
    user = _person(request, model_admin)
    token = request.POST.get("list", "")
    found = kept_lists.kept(user, token)
    if found is None:
        messages.error(request, _("The list is not at hand any more. Nothing was changed: upload it again."))
        return redirect("admin:rules_bookingrule_import")
    done = bringing_in.bring_in(*found, by=user)
    words = ngettext("%(count)d rule is stored.", "%(count)d rules are stored.", done.applied)
    messages.success(request, words % {"count": done.applied})
    if not (done.moved or done.left):
        return redirect(LIST)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Bring in booking rules"),
        "moved": _first(done.moved),
        "left": done.left,
        "token": token,
    }
    return TemplateResponse(request, "admin/rules/bookingrule/brought_in.html", context)


def _person(request: HttpRequest, model_admin: Any) -> User:
    if not model_admin.has_bring_in_permission(request) or not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
