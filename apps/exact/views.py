"""The round trip through Exact's consent page. Every refusal is a sentence on a page.

For administrators; who comes back from the sign-in of a share link goes to the pages of that.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.exact import share_return, share_views, signing_in
from apps.exact.models import Connection, Division, ExactApp
from apps.exact.registration import NotConfigured, default_app
from apps.exact.values import integer_of
from apps.people.models import User

Person = Callable[[HttpRequest, User], HttpResponse]


def _for_administrators(view: Person) -> Callable[[HttpRequest], HttpResponse]:
    @never_cache
    @require_GET
    @login_required
    def guarded(request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User) or not request.user.sees_everything:
            raise PermissionDenied
        return view(request, request.user)

    return guarded


@_for_administrators
def connect(request: HttpRequest, user: User) -> HttpResponse:
    """Send the browser to Exact's consent page, of the app that is asked for or else of the default one.

    With a `division` or a `connection` (keys) it reconnects these and nothing else.
    """
    bound = _bound(request)
    row = next(iter(bound.values()), None)
    app = row.app if row else ExactApp.objects.filter(pk=integer_of(request.GET.get("app"))).first()
    try:
        return redirect(signing_in.begin(app or default_app(), user, **bound))
    except NotConfigured as refused:
        messages.error(request, str(refused))
        return redirect("admin:index")


def _bound(request: HttpRequest) -> dict[str, Any]:
    """Return the division or the connection that a sign-in is for; 404 for one that is not there."""
    lists: dict[str, QuerySet[Any]] = {
        "division": Division.objects.all(),
        "connection": Connection.objects.all(),
    }
    name = next((name for name in lists if name in request.GET), "")
    rows = lists[name].select_related("app") if name else None
    return {} if rows is None else {name: get_object_or_404(rows, pk=integer_of(request.GET[name]))}


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Take the browser back from Exact, which knows one address: of a share link, or of an administrator."""
    state = request.GET.get("state", "")
    if of_link := signing_in.shared_sign_in(state):
        return share_views.came_back(request, of_link)
    if token := share_return.token_of(request, state):
        return share_views.came_late(token)
    is_ours = request.user.is_authenticated or not state or signing_in.is_of_the_office(state)
    return _callback(request) if is_ours else share_views.lost(request)


@_for_administrators
def _callback(request: HttpRequest, user: User) -> HttpResponse:
    """Keep what an administrator connected, and show the divisions that can now be linked."""
    try:
        signed_in = signing_in.come_back(request.get_full_path(), user)
    except signing_in.CutOff as cut_off:
        address = f"{request.path}?{urlencode({'state': cut_off.state})}"
        words = _("Go on with this sign-in")
        messages.error(request, format_html('{} <a href="{}">{}</a>', str(cut_off), address, words))
        return redirect("admin:exact_connection_changelist")
    except signing_in.SignInRefused as refused:
        messages.error(request, str(refused))
        return redirect("admin:exact_connection_changelist")
    connection = signed_in.connection
    messages.success(
        request,
        _("Connected as %(name)s: %(count)d divisions can be linked.")
        % {"name": connection.user_name, "count": connection.divisions.count()},
    )
    for warning in signed_in.warnings:
        messages.warning(request, warning)
    return redirect(f"{reverse('exact:choose')}?{urlencode({'connection': connection.pk})}")
