"""Who the caller is, and for which participants it may act."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from apps.sandbox.econnect import calling, parties
from apps.sandbox.econnect.calling import Call
from apps.sandbox.econnect.errors import Refused, as_json


@csrf_exempt
def me(request: HttpRequest) -> HttpResponseBase:
    """Tell who the caller is."""
    return calling.answered(request, "me", {"GET": _me})


@csrf_exempt
def my_parties(request: HttpRequest) -> HttpResponseBase:
    """Tell the participants of the caller with its permissions."""
    return calling.answered(request, "me/party", {"GET": _parties})


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponseBase:
    """Answer for an address that leads nowhere."""
    return calling.open_answered(request, "?", _nothing)


def _me(call: Call) -> HttpResponse:
    name = call.user.username if call.user else settings.SANDBOX_ECONNECT_CLIENT_ID
    return as_json({"id": name, "name": name})


def _parties(call: Call) -> HttpResponse:
    return as_json([parties.told(party, call.settings) for party in parties.of(call.user)])


def _nothing() -> HttpResponse:
    raise Refused(404)
