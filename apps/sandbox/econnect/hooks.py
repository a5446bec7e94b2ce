"""Hooks: who wants to be told of what (eConnect facts 2.2)."""

from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.db.models import Q, QuerySet

from apps.core import clock
from apps.core.http import is_allowed
from apps.sandbox.econnect import moments
from apps.sandbox.econnect.errors import Refused
from apps.sandbox.models import EconnectHook, EconnectParty, EconnectSwitches

MAILTO = "mailto:"
_MORE = ("publishTopics", "filter", "init")


def of(party: EconnectParty | None) -> QuerySet[EconnectHook]:
    """Return the hooks of a participant, or (None) those of the whole environment."""
    return EconnectHook.objects.filter(party=party).order_by("pk")


def keep(party: EconnectParty | None, sent: dict[str, Any]) -> EconnectHook:
    """Add a hook, or change the one with the same id; raises Refused (400)."""
    action, topics = sent.get("action"), sent.get("topics") or []
    if not isinstance(action, str) or not _is_action(action):
        raise Refused(400, "The action must be 'mailto:' with an address, or 'https:'.")
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        raise Refused(400, "The topics must be a list of names.")
    now = clock.now()
    values = {
        "name": str(sent.get("name") or ""),
        "action": action,
        "topics": topics,
        "more": {name: sent[name] for name in _MORE if name in sent},
        "is_active": bool(sent.get("isActive", True)),
        "changed_at": now,
    }
    hook, _made = EconnectHook.objects.update_or_create(
        hook_id=str(sent.get("id") or uuid4()),
        party=party,
        defaults=values,
        create_defaults={**values, "made_at": now},
    )
    return hook


def remove(party: EconnectParty | None, hook_id: str) -> None:
    """Remove a hook, with what it was to tell still; raises Refused (404)."""
    removed, _each = of(party).filter(hook_id=hook_id).delete()
    if not removed:
        raise Refused(404, f"Hook '{hook_id}' was not found.")


def told(hook: EconnectHook) -> dict[str, Any]:
    """Return what eConnect says of a hook."""
    return {
        "id": hook.hook_id,
        "name": hook.name,
        "action": hook.action,
        "topics": hook.topics,
        "publishTopics": [],
        "filter": None,
        "init": {},
        **hook.more,
        "isActive": hook.is_active,
        "createdOn": moments.written(hook.made_at),
        "changedOn": moments.written(hook.changed_at),
    }


def hearing(topic: str, party: EconnectParty, settings: EconnectSwitches) -> list[EconnectHook]:
    """Return the hooks that an event at a participant is told to. An empty list of topics hears nothing [G].

    A hook that was made within the last moments may miss events (facts 2.2: never delete and make anew).
    """
    told_of_all = party.user_id is None or not settings.hooks_of_own_parties
    whose = Q(party=party) | Q(party=None) if told_of_all else Q(party=party)
    warm_up, now = settings.hook_warm_up_seconds, clock.now()
    return [
        hook
        for hook in EconnectHook.objects.filter(whose, is_active=True).order_by("pk")
        if any(fnmatchcase(topic, each) for each in hook.topics)
        and (not warm_up or (now - hook.made_at).total_seconds() >= warm_up)
    ]


def address(hook: EconnectHook) -> tuple[str, str]:
    """Return where a web hook is called, and the secret it is signed with: what stands behind the #."""
    url, _mark, secret = hook.action.partition("#")
    return url, secret


def is_mail(hook: EconnectHook) -> bool:
    """Tell whether a hook is told by mail."""
    return hook.action.lower().startswith(MAILTO)


def _is_action(action: str) -> bool:
    if action.lower().startswith(MAILTO):
        return "@" in action
    try:
        return bool(urlsplit(action).hostname) and is_allowed(action)
    except ValueError:
        return False
