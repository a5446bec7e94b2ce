"""The page after the consent, where each division gets its administration."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.core.addresses import key_in
from apps.exact import choosing, choosing_form
from apps.exact.models import Connection
from apps.exact.proposals import Advice
from apps.people.models import User

Person = Callable[[HttpRequest, User], HttpResponse]
CHOSEN = "exact_chosen"  # in the session: what was linked last, and what was refused


def for_linkers(view: Person) -> Callable[[HttpRequest], HttpResponse]:
    """Let only those see `view` who may say which administration a division is."""

    @never_cache
    @login_required
    def guarded(request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User) or not request.user.has_perm("exact.link_division"):
            raise PermissionDenied
        return view(request, request.user)

    return guarded


@for_linkers
def choose(request: HttpRequest, user: User) -> HttpResponse:
    """Show the free divisions of one connection, or of all, with what is proposed; and do what was chosen."""
    if request.method == "POST":
        return _chosen(request, user)
    asked = key_in(request.GET.get("connection", ""))
    connection = Connection.objects.visible_to(user).filter(pk=asked).first()
    offer = choosing.offer(user, connection)
    partial = Connection.objects.visible_to(user).filter(list_is_partial=True)
    context = {
        "title": _("Which administration is each division?"),
        "offer": offer,
        "rows": [(row, choosing_form.options(row)) for row in offer.rows],
        "certain": offer.count(Advice.LINK),
        "questions": offer.count(Advice.ASK),
        "rest": offer.count(Advice.CREATE),
        "connection": connection,
        "is_partial": connection.list_is_partial if connection else partial.exists(),
    }
    return page_of(request, "admin/exact/choose.html", context)


def _chosen(request: HttpRequest, user: User) -> HttpResponse:
    outcomes = choosing.carry_out(choosing_form.choices(request.POST, user), by=user)
    if not outcomes:
        messages.info(request, _("Nothing was chosen, so nothing was linked."))
        return redirect(request.get_full_path())
    request.session[CHOSEN] = {
        "linked": [outcome.division.pk for outcome in outcomes if outcome.is_linked],
        "refused": [choosing_form.told(outcome) for outcome in outcomes if not outcome.is_linked],
    }
    linked = sum(outcome.is_linked for outcome in outcomes)
    if linked:
        messages.success(request, choosing_form.linked(linked))
    return redirect("exact:connecting")


def page_of(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Return a page of the admin with this template and context."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})
