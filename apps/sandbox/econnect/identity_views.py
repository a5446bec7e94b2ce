"""The identity service: tokens, and where they are to be had."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from apps.sandbox.econnect import calling, switches, tokens
from apps.sandbox.econnect.errors import Refused, as_json

MOUNT = "/econnect-identity"


@csrf_exempt
def token(request: HttpRequest) -> HttpResponseBase:
    """Issue a token."""
    return calling.open_answered(request, "token", lambda: _token(request))


def discovery(request: HttpRequest) -> HttpResponseBase:
    """Tell where the token endpoint is."""
    return calling.open_answered(request, "discovery", lambda: _discovery(request))


def _token(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise Refused(405, headers={"Allow": "POST"})
    switches.current()
    try:
        return as_json(tokens.issue(request.POST.dict()))
    except tokens.TokenRefused as refused:
        return as_json({"error": refused.error}, 400)


def _discovery(request: HttpRequest) -> HttpResponse:
    base = request.build_absolute_uri(request.path).partition(MOUNT)[0] + MOUNT
    return as_json(
        {
            "issuer": base,
            "token_endpoint": f"{base}/connect/token",
            "grant_types_supported": list(tokens.GRANTS),
            "scopes_supported": [tokens.SCOPE],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
    )
