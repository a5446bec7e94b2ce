"""One attempt to tell a hook something: by mail, or by a signed call."""

from datetime import timedelta

from apps.core import clock
from apps.sandbox import outward
from apps.sandbox.econnect import hooks, mailing, payload, switches, telling
from apps.sandbox.models import EconnectDocument, EconnectHook, EconnectMail, EconnectNotice, FaultKind

_MAILED = 200


def make(hook: EconnectHook, notice: EconnectNotice, *, alone: bool) -> int:
    """Tell a hook something, and return the status of its answer; 0 when nobody answered."""
    if hooks.is_mail(hook):
        return _mail(hook, notice)
    url, secret = hooks.address(hook)
    content = payload.body(notice.event, hook.hook_id, clock.now() - _back(notice))
    signed = payload.signature(content, f"not {secret}" if _is_badly_signed(notice) else secret)
    status, _words = outward.post(url, content, alone=alone, headers={payload.SIGNATURE: signed})
    return status


def is_single(notice: EconnectNotice) -> bool:
    """Tell whether a notice is sent once, whatever comes of it: a test message."""
    return notice.topic == telling.PING


def _is_first(notice: EconnectNotice) -> bool:
    return notice.attempts == 0  # as it was before this attempt was counted


def _back(notice: EconnectNotice) -> timedelta:
    armed = notice.mishap == FaultKind.HOOK_STALE and _is_first(notice)
    return timedelta(seconds=notice.seconds if armed else switches.current().hooks_stale_seconds)


def _is_badly_signed(notice: EconnectNotice) -> bool:
    armed = notice.mishap == FaultKind.HOOK_BAD_SIGNATURE and _is_first(notice)
    return armed or switches.current().hooks_badly_signed


def _mail(hook: EconnectHook, notice: EconnectNotice) -> int:
    to = hook.action[len(hooks.MAILTO) :].partition("?")[0]
    content = _attached(notice) if switches.current().mail_with_document else None
    message = mailing.written(to, notice.event, content, clock.now())
    EconnectMail.objects.create(to=to, message=message, at=clock.now())
    return _MAILED


def _attached(notice: EconnectNotice) -> bytes | None:
    document = EconnectDocument.objects.filter(document_id=notice.event["documentId"]).first()
    return bytes(document.content) if document else None
