"""The participants: whose they are and what may be done for them."""

from typing import Any

from django.db.models import QuerySet

from apps.sandbox.econnect import party_ids, switches
from apps.sandbox.models import EconnectParty, EconnectSwitches, EconnectUser

# Name of a permission at eConnect -> field.
PERMISSIONS = {
    "canSendDocument": "can_send_document",
    "canReceiveDocument": "can_receive_document",
    "canRemoveDocument": "can_remove_document",
    "canManageHook": "can_manage_hook",
    "canChangeDocumentStatus": "can_change_document_status",
}


def add(party_id: str, name: str = "", *, username: str = "", **permissions: bool) -> EconnectParty:
    """Add a participant, or change it; returns it. Id in any form.

    `username`: of a user with a token of its own, made when new with the password "secret"; "": the firm's.
    `permissions` by field, e.g. `can_receive_document=False`.
    """
    switches.current()
    user = None
    if username:
        user, _made = EconnectUser.objects.get_or_create(username=username, defaults={"password": "secret"})
    party, _made = EconnectParty.objects.update_or_create(
        party_id=party_ids.number_form(party_id), defaults={"name": name, "user": user, **permissions}
    )
    return party


def get(party_id: str) -> EconnectParty:
    """Return the participant with this id, in any form; raises EconnectParty.DoesNotExist."""
    switches.current()
    return EconnectParty.objects.get(party_id=party_ids.number_form(party_id))


def remove(party_id: str) -> None:
    """Take a participant away, with everything that it has here."""
    get(party_id).delete()


def of(user: EconnectUser | None) -> QuerySet[EconnectParty]:
    """Return the participants of a user, or (None) those of the firm's own software."""
    return EconnectParty.objects.filter(user=user).order_by("pk")


def told(party: EconnectParty, settings: EconnectSwitches) -> dict[str, Any]:
    """Return what eConnect says of a participant."""
    return {
        "id": shown_id(party, settings),
        "name": party.name,
        "permissions": {name: getattr(party, field) for name, field in PERMISSIONS.items()},
    }


def shown_id(party: EconnectParty, settings: EconnectSwitches) -> str:
    """Return the id in the form that eConnect is set to."""
    return party_ids.text_form(party.party_id) if settings.text_party_ids else party.party_id
