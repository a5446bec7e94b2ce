"""Mappings taken along as a file, and brought in from one: first shown row by row, then confirmed."""

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

from apps.core.addresses import key_in
from apps.core.tables import reading
from apps.core.tables.files import ListForm, download
from apps.people.models import User
from apps.vendors import bringing_in, checking, exchange, kept_lists
from apps.vendors.checking import APPLIED, Status, Verdict
from apps.vendors.models import Mapping

LIST = "admin:vendors_mapping_changelist"
SHOWN = 500
_ORDER = list(Status)


def export(request: HttpRequest, model_admin: Any, form: str) -> FileResponse:
    """Give the mappings that this person may see as `form`, "csv" or "xlsx"; of one administration when asked for."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    mappings = Mapping.objects.visible_to(request.user)
    asked = key_in(request.GET.get("administration__id__exact", ""))
    rows = exchange.export_rows(mappings.filter(administration=asked) if asked else mappings)
    return download(rows, form, title=_("mappings"))


def bring_in(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Take a list, and show what it would do; nothing is remembered yet."""
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
        "title": _("Bring in mappings"),
        "form": form,
        "needed": exchange.COLUMNS.titles(exchange.COLUMNS.needed),
    }
    return TemplateResponse(request, "admin/vendors/bring_in.html", context)


def _shown(request: HttpRequest, model_admin: Any, verdicts: list[Verdict], token: str) -> HttpResponse:
    good = sum(verdict.status in APPLIED for verdict in verdicts)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Bring in mappings"),
        "counts": checking.counts(verdicts),
        "rows": _first(verdicts),
        "hidden": max(len(verdicts) - SHOWN, 0),
        "good": good,
        "token": token,
    }
    return TemplateResponse(request, "admin/vendors/brought.html", context)


def _first(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The rows that a page shows: what is wrong first, and what would change something before what would not."""
    return sorted(verdicts, key=lambda one: (_ORDER.index(one.status), one.line.number))[:SHOWN]


@require_POST
def confirm(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Remember the good rows of the list that was shown; what changed since is shown and left."""
    user = _person(request, model_admin)
    token = request.POST.get("list", "")
    found = kept_lists.kept(user, token)
    if found is None:
        messages.error(request, _("The list is not at hand any more. Nothing was changed: upload it again."))
        return redirect("admin:vendors_mapping_import")
    done = bringing_in.bring_in(*found, by=user)
    words = ngettext("%(count)d mapping is remembered.", "%(count)d mappings are remembered.", done.applied)
    messages.success(request, words % {"count": done.applied})
    if not (done.moved or done.left):
        return redirect(LIST)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Bring in mappings"),
        "moved": done.moved[:SHOWN],
        "left": done.left,
        "token": token,
    }
    return TemplateResponse(request, "admin/vendors/brought_in.html", context)


def _person(request: HttpRequest, model_admin: Any) -> User:
    if not model_admin.has_bring_in_permission(request) or not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
