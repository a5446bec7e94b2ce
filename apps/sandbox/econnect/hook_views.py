"""Hooks of the environment and of one participant."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from apps.sandbox.econnect import calling, hooks, telling
from apps.sandbox.econnect.calling import Act, Call
from apps.sandbox.econnect.errors import Refused, as_json
from apps.sandbox.models import EconnectParty, HookVerb

PERMISSION = "canManageHook"


@csrf_exempt
def hook_list(request: HttpRequest, party_id: str = "") -> HttpResponseBase:
    """Tell the hooks, add one or change one. No party: those of the environment."""

    def told(call: Call) -> HttpResponse:
        return as_json([hooks.told(hook) for hook in hooks.of(_whose(call, party_id))])

    def keep(call: Call) -> HttpResponse:
        verb = call.settings.hook_verb
        if verb not in (HookVerb.BOTH, call.request.method):
            raise Refused(405, headers={"Allow": f"GET, {verb}"})
        return as_json(hooks.told(hooks.keep(_whose(call, party_id), call.body())))

    verbs: dict[str, Act] = {"GET": told, "PUT": keep, "POST": keep}
    return calling.answered(request, "hook", verbs)


@csrf_exempt
def one_hook(request: HttpRequest, hook_id: str, party_id: str = "") -> HttpResponseBase:
    """Remove a hook."""

    def remove(call: Call) -> HttpResponse:
        hooks.remove(_whose(call, party_id), hook_id)
        return HttpResponse(status=204)

    return calling.answered(request, "hook/remove", {"DELETE": remove})


@csrf_exempt
def ping(request: HttpRequest, party_id: str) -> HttpResponseBase:
    """Send a test message to the hooks that hear of a participant."""

    def act(call: Call) -> HttpResponse:
        return as_json({"id": telling.ping(call.party(party_id, PERMISSION))})

    return calling.answered(request, "ping", {"GET": act})


def _whose(call: Call, party_id: str) -> EconnectParty | None:
    """Return the participant whose hooks they are, None for the environment, which is the firm's alone."""
    if party_id:
        return call.party(party_id, PERMISSION)
    if call.user is not None:
        raise Refused(403)
    return None
