"""The page of the books of what came in, and the button that says that a silence is known."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.clients.models import Client
from apps.core import clock
from apps.intake import quiet
from apps.intake.books import COLUMNS, books_of
from apps.intake.books_form import BooksForm
from apps.intake.models import Folder, Mailbox, Silence

USUAL = timedelta(days=6)  # a week, today included


def books(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Show per day and channel what came in and what became of it, with the doors that are in trouble."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    form = BooksForm(request.GET or None, user=request.user)
    first, last, client, channel = _asked(form)
    if not form.is_bound:
        form.initial = {"first": first, "last": last}
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Count of what came in"),
        "form": form,
        "first": first,
        "last": last,
        "books": books_of(request.user, first, last, client=client, channel=channel),
        "columns": COLUMNS,
        "quiet": quiet.told(request.user),
        "doors": [*_in_trouble(Mailbox, request.user), *_in_trouble(Folder, request.user)],
    }
    return TemplateResponse(request, "admin/intake/receipt/books.html", context)


@require_POST
def silence_known(request: HttpRequest, model_admin: Any, key: int) -> HttpResponse:
    """Tell no more of a silence that somebody knows of."""
    if not (model_admin.has_view_permission(request) and request.user.has_perm("intake.add_receipt")):
        raise PermissionDenied
    silence = get_object_or_404(Silence.objects.visible_to(request.user), pk=key)
    if quiet.known_to(silence, str(request.user)):
        messages.success(request, _("It is not shown any more, until something comes in again."))
    return redirect("admin:intake_receipt_books")


def _asked(form: BooksForm) -> tuple[date, date, Client | None, str]:
    """Return period, client and channel that were asked for; a week where nothing sensible was."""
    today = clock.today()
    if not form.is_valid():
        return today - USUAL, today, None, ""
    asked = form.cleaned_data
    last = asked["last"] or today
    return asked["first"] or last - USUAL, last, asked["client"], asked["channel"]


def _in_trouble(model: type[Mailbox] | type[Folder], user: Any) -> list[Any]:
    return list(model.objects.visible_to(user).filter(is_open=True).exclude(trouble="").order_by("pk"))
