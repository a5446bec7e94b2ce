"""Subscriptions to webhooks, and bringing the notifications to whoever asked for them (Exact facts 7)."""

import logging
from datetime import timedelta
from threading import Thread
from uuid import uuid4

from django.db import DatabaseError, connections

from apps.core import clock
from apps.sandbox import direct, outward, transport
from apps.sandbox.exact import payload, store
from apps.sandbox.exact.calling import Calling
from apps.sandbox.exact.errors import Problem, Refused, objection
from apps.sandbox.exact.outbox import SUBSCRIPTIONS, TOPICS
from apps.sandbox.models import Delivery, Row, Switches

log = logging.getLogger(__name__)
AGAIN = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
)  # number and spacing are guesses [G]
_BATCH = 500
_ANY_DUE = "SELECT 1 FROM sandbox_delivery WHERE done = 0 AND due_at <= %s LIMIT 1"


def knock(call: Calling) -> None:
    """Send an empty POST to the address of a subscription that is asked for, before it is made.

    Raises Refused (500) unless that answers 2xx. Everything else about the subscription is left to `create`.
    """
    if call.resource.path != SUBSCRIPTIONS or call.request.method != "POST":
        return
    sent = payload.parse(call.request.body)
    url = sent.get("CallbackURL")
    if not url or not isinstance(url, str) or _problem(call, sent.get("Topic")):
        return
    status, words = outward.post(url, b"", alone=_is_alone(call))
    if not 200 <= status < 300:
        raise Refused(500, f"Invalid: Post to callback URL endpoint returns {status} {words}".rstrip())


def create(call: Calling, sent: dict[str, object]) -> Row:
    """Keep a subscription of the calling app; raises Objection for an unknown topic and for a second one."""
    problem = _problem(call, sent["Topic"])
    if problem:
        raise objection(problem)
    made = {
        "ID": str(uuid4()),
        "UserID": call.grant.user.user_id,
        **sent,
        "ClientID": call.grant.app.client_id,
    }
    return store.put(SUBSCRIPTIONS, call.division, made)


def deliver_due(*, alone: bool = False) -> int:
    """Send what is due, and return how many deliveries were tried. `alone`: the product is another process."""
    return sum(1 for delivery in _claimed() if _deliver(delivery, alone=alone))


def after_call(*, alone: bool) -> None:
    """Send what is due after a call, which neither fails nor waits for it: over the wire it goes by a thread."""
    try:
        claimed = _claimed()
        for delivery in claimed:
            if outward.is_here(delivery.url, alone=alone):
                _deliver(delivery, alone=alone)
    except DatabaseError:
        log.exception("Webhooks could not be looked after; they are at the next call.")
        return
    away = [delivery for delivery in claimed if not outward.is_here(delivery.url, alone=alone)]
    if away:
        Thread(target=_deliver_away, args=(away,), daemon=True).start()


def _problem(call: Calling, topic: object) -> Problem | None:
    if topic not in TOPICS:
        return Problem("invalid", "Topic")
    made = store.rows(SUBSCRIPTIONS, call.division)
    ours = [row for row in made if row.data["ClientID"] == call.grant.app.client_id]
    return Problem("known") if any(row.data["Topic"] == topic for row in ours) else None


def _is_alone(call: Calling) -> bool:
    return bool(call.request.META.get(transport.STANDALONE))


def _claimed() -> list[Delivery]:
    """Take what is due: each attempt is counted before it is made, by one process."""
    if direct.one(_ANY_DUE, [direct.moment(clock.now())]) is None:
        return []
    due = Delivery.objects.filter(done=False, due_at__lte=clock.now())
    is_reversed = Switches.objects.filter(pk=1, webhooks_reversed=True).exists()
    found = []
    for delivery in due.order_by("-pk" if is_reversed else "pk")[:_BATCH]:
        again_at = clock.now() + AGAIN[min(delivery.attempts, len(AGAIN) - 1)]
        same = Delivery.objects.filter(pk=delivery.pk, done=False, attempts=delivery.attempts)
        if same.update(attempts=delivery.attempts + 1, due_at=again_at) == 1:
            delivery.attempts += 1
            found.append(delivery)
    return found


def _deliver(delivery: Delivery, *, alone: bool) -> bool:
    status, _words = outward.post(delivery.url, delivery.body.encode(), alone=alone)
    done = 200 <= status < 300 or delivery.attempts > len(AGAIN)
    return Delivery.objects.filter(pk=delivery.pk).update(status=status, done=done) == 1


def _deliver_away(deliveries: list[Delivery]) -> None:
    try:
        for delivery in deliveries:
            _deliver(delivery, alone=True)
    finally:
        connections.close_all()
