"""The round trip through Exact's consent page, for administrators. Every refusal is a sentence on a page."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.exact import signing_in
from apps.exact.models import ExactApp
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
    """Send the browser to Exact's consent page, of the app that is asked for or else of the default one."""
    app = ExactApp.objects.filter(pk=integer_of(request.GET.get("app"))).first()
    try:
        return redirect(signing_in.begin(app or default_app(), user))
    except NotConfigured as refused:
        messages.error(request, str(refused))
        return redirect("admin:index")


@_for_administrators
def callback(request: HttpRequest, user: User) -> HttpResponse:
    """Take the browser back from Exact, and show the divisions that can now be linked."""
    try:
        connection = signing_in.complete(request.get_full_path(), user)
    except signing_in.CutOff as cut_off:
        address = f"{request.path}?{urlencode({'state': cut_off.state})}"
        words = _("Go on with this sign-in")
        messages.error(request, format_html('{} <a href="{}">{}</a>', str(cut_off), address, words))
        return redirect("admin:exact_connection_changelist")
    except signing_in.SignInRefused as refused:
        messages.error(request, str(refused))
        return redirect("admin:exact_connection_changelist")
    messages.success(
        request,
        _("Connected as %(name)s: %(count)d divisions can be linked.")
        % {"name": connection.user_name, "count": connection.divisions.count()},
    )
    return redirect("admin:exact_division_changelist")
