"""The two OAuth pages: consent in the browser, and the token endpoint."""

import base64
import binascii
from urllib.parse import quote

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from apps.sandbox import faults, gate, seed
from apps.sandbox.exact import answers, oauth
from apps.sandbox.models import ExactUser, RegisteredApp, Row, Switches


def _sent_back(redirect_uri: str, **values: str) -> HttpResponseRedirect:
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items() if value)
    return HttpResponseRedirect(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{query}")


def _app(request: HttpRequest) -> RegisteredApp | None:
    app = oauth.app_of(request.GET.get("client_id", ""))
    redirects = app and oauth.may_return_to(app, request.GET.get("redirect_uri", ""))
    return app if redirects and request.GET.get("response_type") == "code" else None


def _user(request: HttpRequest) -> ExactUser:
    """Return whom the browser chose to be, by user id; the first one when it did not say."""
    users = ExactUser.objects.order_by("pk")
    chosen = request.POST.get("user") or request.GET.get("user", "")
    return users.filter(user_id=chosen).first() or users[0]


def _shown(app: RegisteredApp, user: ExactUser) -> dict[str, object]:
    rows = Row.objects.filter(resource="system/Divisions").order_by("key")
    return {
        "app": app,
        "user": user,
        "users": ExactUser.objects.order_by("pk"),
        "divisions": [row.data for row in rows if user.may_open(row.data["Code"])],
    }


@csrf_exempt
@csp_exempt()
def authorize(request: HttpRequest) -> HttpResponseBase:
    """Show which divisions the app may reach, and send the browser back with a code or a refusal.

    The redirect leads to whatever loopback address the app runs on, which a form-action policy would stop.
    """
    seed.ensure()
    app = _app(request)
    if app is None:
        return HttpResponse("invalid_request", status=400, content_type="text/plain")
    redirect_uri, state = request.GET["redirect_uri"], request.GET.get("state", "")
    user = _user(request)
    if request.method != "POST" or "show" in request.POST:
        return render(request, "sandbox/consent.html", _shown(app, user))
    if "cancel" in request.POST:
        return _sent_back(redirect_uri, error="access_denied", state=state)
    ticked = [int(code) for code in request.POST.getlist("division") if code.isdigit()]
    return _sent_back(redirect_uri, code=oauth.allow(app, user, ticked, redirect_uri), state=state)


def _credentials(request: HttpRequest) -> tuple[str, str]:
    scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return client_id, secret
    return request.POST.get("client_id", ""), request.POST.get("client_secret", "")


def _pair(request: HttpRequest, switches: Switches) -> HttpResponse:
    sent = request.POST
    try:
        app = oauth.authenticated_app(*_credentials(request))
        if sent.get("grant_type") == "authorization_code":
            token = oauth.exchange(app, sent.get("code", ""), sent.get("redirect_uri", ""))
        elif sent.get("grant_type") == "refresh_token":
            token = oauth.refresh(app, sent.get("refresh_token", ""), switches)
        else:
            raise oauth.TokenRefused(400, "invalid_request")
    except oauth.TokenRefused as refused:
        response = answers.as_json(dict(refused.body), refused.status)
        for name, value in refused.headers.items():
            response[name] = value
        return response
    return answers.as_json(dict(oauth.body_of(token, switches)))


@csrf_exempt
def token(request: HttpRequest) -> HttpResponseBase:
    """Exchange a code, or refresh a pair."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    return gate.passed(request, faults.TOKEN_ENDPOINT, None, lambda switches: _pair(request, switches))
