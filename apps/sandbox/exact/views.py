"""The data services: the gate every call passes, the verb, and how a refusal is told."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from apps.core import clock
from apps.sandbox import gate, seed
from apps.sandbox.exact import (
    answers,
    atom,
    documents,
    errors,
    licences,
    limits,
    oauth,
    reading,
    store,
    table,
    webhooks,
    writing,
)
from apps.sandbox.exact.calling import Address, Calling, address
from apps.sandbox.exact.errors import Refused
from apps.sandbox.exact.table import Resource
from apps.sandbox.models import Grant, Package, Row, Switches, Usage
from apps.sandbox.transport import STANDALONE

MAX_ADDRESS = 6000
ME = "current/Me"
_UNCHECKED_DIVISION = "system/Divisions"
_VERBS: dict[str, Callable[[Calling], HttpResponse]] = {
    "GET": reading.get,
    "POST": writing.post,
    "PUT": writing.put,
    "DELETE": writing.delete,
}


@csrf_exempt
def data(request: HttpRequest, division: str, path: str) -> HttpResponseBase:
    """Answer a call below /api/v1/{division}/."""
    where, code = address(path), int(division)
    answered = gate.passed(
        request, where.resource, code, lambda switches: _data(request, code, where, switches)
    )
    webhooks.after_call(alone=bool(request.META.get(STANDALONE)))
    return answered


@csrf_exempt
def me(request: HttpRequest) -> HttpResponseBase:
    """Answer /api/v1/current/Me: no division, no limits (Exact facts 1.5)."""
    return gate.passed(request, ME, None, lambda switches: _me(request, switches))


def attachment(request: HttpRequest) -> HttpResponse:
    """Answer the address in DocumentAttachments.Url with the file itself, to a valid token."""
    try:
        _entered(request, seed.ensure())
    except Refused as refused:
        return HttpResponse(status=refused.status)
    content = documents.content(request.GET.get("ID", ""))
    return HttpResponse(
        content or b"", status=404 if content is None else 200, content_type="application/octet-stream"
    )


def _entered(request: HttpRequest, switches: Switches) -> Grant:
    grant = oauth.authenticate(request.headers.get("Authorization", ""), switches)
    if grant.user.blocked:
        raise Refused(403, "Forbidden", {"Reason": grant.user.blocked})
    return grant


def _data(request: HttpRequest, division: int, where: Address, switches: Switches) -> HttpResponse:
    grant, headers = None, {}
    try:
        grant = oauth.authenticate(request.headers.get("Authorization", ""), switches)
        headers = limits.spend(grant, division, switches)
        limits.refuse_blocked(grant, division, where.resource, switches)
        _refuse_reach(request, grant, division, where, switches)
        response = _served(request, grant, division, where, switches)
    except Refused as refused:
        response = _refusal(request, refused, grant)
        if grant and refused.status in limits.COUNTED:
            limits.note_refusal(grant, division, where.resource, switches.error_limit)
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def _refuse_reach(
    request: HttpRequest, grant: Grant, division: int, where: Address, switches: Switches
) -> None:
    if grant.user.blocked:
        raise Refused(403, "Forbidden", {"Reason": grant.user.blocked})
    if len(request.get_full_path()) > MAX_ADDRESS:
        raise Refused(414, "The request URL is too long.")
    if where.resource == _UNCHECKED_DIVISION:
        return
    blocked = (switches.blocked_divisions or {}).get(str(division))
    if blocked or division not in grant.reach:
        raise Refused(403, "Forbidden", {"Reason": blocked or "NoDivisionAccess"})


def _served(
    request: HttpRequest, grant: Grant, division: int, where: Address, switches: Switches
) -> HttpResponse:
    resource = table.resources().get(where.resource)
    if resource is None or resource.path == ME:
        raise Refused(404, f"Resource not found for the segment '{where.resource.split('/')[-1]}'.")
    verb = request.method or ""
    if (
        verb not in resource.methods
        or verb not in _VERBS
        or (verb in ("PUT", "DELETE") and where.key is None)
    ):
        raise Refused(405, "Method Not Allowed", {"Allow": ", ".join(sorted(resource.methods))})
    _refuse_scope(grant, resource, verb)
    licences.refuse_without_feature(resource.scope, division)
    call = Calling(request, division, where, resource, grant, switches)
    if verb == "GET":
        return reading.get(call)
    webhooks.knock(call)
    with transaction.atomic(using=store.DATABASE):
        return _VERBS[verb](call)


def _refuse_scope(grant: Grant, resource: Resource, verb: str) -> None:
    if {resource.scope, resource.path, resource.base} & set(grant.user.missing_scopes):
        raise Refused(403, "Forbidden")  # a right of the user: nothing is told about which (Exact facts 1.7)
    if resource.scope in grant.app.missing_scopes:
        name, act = resource.scope.lower().replace(" ", "."), "read" if verb == "GET" else "manage"
        raise Refused(403, f"Forbidden - Application Scope Violated. Cannot {act} '{name}' scope.")


def _refusal(request: HttpRequest, refused: Refused, grant: Grant | None) -> HttpResponse:
    words = refused.text(grant.user.language if grant else errors.DUTCH)
    if words:
        json_asked = "json" in request.headers.get("Accept", "")
        body = errors.body(words)
        response = answers.as_json(body, refused.status) if json_asked else atom.answer(body, refused.status)
    else:
        response = HttpResponse(status=refused.status)
    for name, value in refused.headers.items():
        response[name] = value
    return response


def _me(request: HttpRequest, switches: Switches) -> HttpResponse:
    try:
        grant = _entered(request, switches)
        if request.method != "GET":
            raise Refused(405, "Method Not Allowed", {"Allow": "GET"})
    except Refused as refused:
        return _refusal(request, refused, None)
    resource, local = table.get(ME), clock.now().astimezone(clock.DUTCH)
    offset, current = local.utcoffset(), _current_division(grant)
    package = Package.objects.filter(division=current or 0).first()
    fields = {
        **grant.user.data,
        "CurrentDivision": current,
        "PackageCode": package.kind if package else None,
        "ServerTime": f"{local:%Y-%m-%dT%H:%M:%S.000}",
        "ServerUtcOffset": offset.total_seconds() if offset else 0.0,
    }
    renderer = answers.Renderer(answers.root(request), 0, resource, _selected(request, resource))
    entity = renderer.entity(Row(resource=ME, key=grant.user.user_id, data=fields, timestamp=0))
    entity["__metadata"]["uri"] = f"{answers.root(request)}/{ME}(guid'{grant.user.user_id}')"
    return answers.as_json({"d": {"results": [entity]}})


def _selected(request: HttpRequest, resource: Resource) -> list[str]:
    return [name for name in request.GET.get("$select", "").split(",") if name in resource.properties]


def _current_division(grant: Grant) -> int | None:
    """The division last used through the API: it moves with every call (Exact facts 1.5)."""
    used = Usage.objects.filter(app_id=grant.app_id).order_by("-touched").first()
    return used.division if used else min(grant.reach, default=None)
