"""One call to eConnect: the gate, who calls, and which participant it is about."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from apps.sandbox import gate
from apps.sandbox.econnect import delivering, errors, parties, party_ids, switches, tokens
from apps.sandbox.econnect.errors import Refused
from apps.sandbox.models import EconnectParty, EconnectSwitches, EconnectUser, Switches
from apps.sandbox.transport import STANDALONE

FIELDS = parties.PERMISSIONS


@dataclass(frozen=True, slots=True)
class Call:
    """A call that has passed the gate. No user: the firm's own software."""

    request: HttpRequest
    user: EconnectUser | None
    settings: EconnectSwitches

    def party(self, party_id: str, permission: str = "") -> EconnectParty:
        """Return a participant of the caller; raises Refused (403), also without the permission."""
        found = parties.of(self.user).filter(party_id=party_ids.number_form(party_id)).first()
        if found is None:
            raise Refused(403, f"You have no access to party '{party_id}'.")
        if permission and not getattr(found, FIELDS[permission]):
            raise Refused(403, f"Permission '{permission}' is missing for party '{party_id}'.")
        return found

    def body(self) -> dict[str, Any]:
        """Return the JSON object that was sent; raises Refused (400)."""
        try:
            sent = json.loads(self.request.body)
        except ValueError as error:
            raise Refused(400, "The body is no JSON.") from error
        if not isinstance(sent, dict):
            raise Refused(400, "The body is no JSON object.")
        return sent


Act = Callable[[Call], HttpResponse]


def answered(request: HttpRequest, name: str, verbs: Mapping[str, Act]) -> HttpResponseBase:
    """Return what the verb of a call answers; `name` is what faults and the log know it by."""
    response = open_answered(request, name, lambda: _served(request, verbs))
    delivering.after_call(alone=bool(request.META.get(STANDALONE)))
    return response


def open_answered(request: HttpRequest, name: str, act: Callable[[], HttpResponse]) -> HttpResponseBase:
    """Return what `act` answers after the gate, without asking who calls."""

    def told(_switches: Switches) -> HttpResponse:
        try:
            return act()
        except Refused as refused:
            return refused.answer()

    address = request.get_full_path().partition("/econnect/")[2]
    return gate.passed(request, f"econnect/{name}", None, told, refusals=errors.REFUSALS, details=address)


def _served(request: HttpRequest, verbs: Mapping[str, Act]) -> HttpResponse:
    settings = switches.current()
    if settings.subscription_key and request.headers.get("Subscription-Key") != settings.subscription_key:
        raise Refused(401, "Access denied due to a missing or invalid subscription key.")
    user = tokens.bearer(request.headers.get("Authorization", ""))
    act = verbs.get(request.method or "")
    if act is None:
        raise Refused(405, headers={"Allow": ", ".join(verbs)})
    return act(Call(request, user, settings))
