"""Something happened at a participant: it becomes notices, one for each hook that wants to hear of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from apps.core import clock
from apps.sandbox import faults
from apps.sandbox.econnect import formats, hooks, moments, parties, party_ids, switches
from apps.sandbox.models import (
    EconnectDocument,
    EconnectHook,
    EconnectNotice,
    EconnectParty,
    EconnectSwitches,
    Fault,
    FaultKind,
)

RECEIVED = {"invoice": "InvoiceReceived", "order": "OrderReceived"}
INVOICE_ERROR = "InvoiceReceivedError"
PING = "Ping"  # the name is a guess [G]
LATE_SECONDS = 600.0


def received(document: EconnectDocument) -> None:
    """Tell that a document came in."""
    _about(document, RECEIVED[document.family], "successfully received")


def failed(document: EconnectDocument, words: str) -> None:
    """Tell that an invoice came in and could not be taken, with the reason."""
    _about(document, INVOICE_ERROR, f"not received: {words}")


def ping(party: EconnectParty) -> str:
    """Send a test message to every active hook of a participant and of the environment; return its id."""
    settings, document_id = switches.current(), str(uuid4())
    told = _event(PING, party, settings, document_id, "Ping.", {})
    for hook in (*hooks.of(party), *hooks.of(None)):
        if hook.is_active:
            _notice(hook, told, settings).save(force_insert=True)
    return document_id


def _about(document: EconnectDocument, topic: str, words: str) -> None:
    settings = switches.current()
    told = _event(
        topic,
        document.party,
        settings,
        document.document_id,
        f"'{document.family.capitalize()}' {words}: '{document.document_id}@econnect.eu'.",
        _details(document, settings),
    )
    notices: list[EconnectNotice] = []
    for hook in hooks.hearing(topic, document.party, settings):
        notices += _notices(hook, told, settings)
    EconnectNotice.objects.bulk_create(notices)


def _event(
    topic: str,
    party: EconnectParty,
    settings: EconnectSwitches,
    document_id: str,
    message: str,
    details: dict[str, str],
) -> dict[str, Any]:
    return {
        "topic": topic,
        "partyId": parties.shown_id(party, settings),
        "documentId": document_id,
        "message": message,
        "details": details,
        "createdOn": moments.written(clock.now()),
    }


def _details(document: EconnectDocument, settings: EconnectSwitches) -> dict[str, str]:
    type_ = formats.document_type(bytes(document.content))
    sender = party_ids.text_form(document.sender) if settings.text_party_ids else document.sender
    return {
        "sender": sender,
        "recipient": parties.shown_id(document.party, settings),
        "id": document.number,
        "sourceDocumentTypeId": type_,
        "targetDocumentTypeId": type_,
        "attempt": "1",
        "endpoint": "https://accp-ap.econnect.eu/as4/v1",
        "protocol": "As4",
        "messageId": f"{document.document_id}@econnect.eu",
    }


def _notices(hook: EconnectHook, told: dict[str, Any], settings: EconnectSwitches) -> list[EconnectNotice]:
    """Return the notices of one event for one hook, with what goes wrong on purpose; mail is never spoilt."""
    if hooks.is_mail(hook):
        return [_notice(hook, told, settings)]
    fault = faults.take(faults.HOOK, told["topic"])
    kind = fault.kind if fault else ""
    if kind == FaultKind.HOOK_LOST or settings.hooks_lost:
        return [_notice(hook, told, settings, mishap=FaultKind.HOOK_LOST, done=True)]
    times = 2 if kind == FaultKind.HOOK_TWICE else settings.hook_times
    notices = [_notice(hook, told, settings) for _time in range(times)]
    for notice in notices if fault else ():
        _spoil(notice, fault)
    return notices


def _notice(
    hook: EconnectHook, told: dict[str, Any], settings: EconnectSwitches, **more: Any
) -> EconnectNotice:
    due_at = clock.now() + timedelta(seconds=settings.hook_delay_seconds)
    return EconnectNotice(hook=hook, topic=told["topic"], event=told, due_at=due_at, **more)


def _spoil(notice: EconnectNotice, fault: Fault | None) -> None:
    if fault is None:
        return
    notice.mishap, notice.seconds = fault.kind, fault.seconds or LATE_SECONDS
    if fault.kind == FaultKind.HOOK_LATE:
        notice.due_at += timedelta(seconds=notice.seconds)
