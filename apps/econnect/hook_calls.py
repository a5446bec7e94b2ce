"""What eConnect told us through the hook: kept before it is answered, and worked on later.

Losing a call means losing a document unless somebody else tells of it (eConnect facts 1), so nothing is looked into
before it is kept. Doubled, late and reordered calls lead to the same rows.
"""

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.econnect import hook_signature
from apps.econnect.announcing import Announcement, announce
from apps.econnect.hook_signature import Told
from apps.econnect.models import Account, Family, HookCall

log = logging.getLogger(__name__)
KEPT = timedelta(days=120)  # longer than eConnect keeps any document
ERROR = "InvoiceReceivedError"
FAMILIES = {"InvoiceReceived": Family.INVOICE, ERROR: Family.INVOICE, "OrderReceived": Family.ORDER}
CROWD = timedelta(seconds=5)
BATCH = 1_000


def receive(account: Account, body: bytes, header: str) -> bool:
    """Keep the call in the raw `body`; False for one that is kept already, as a replay is.

    Raises hook_signature.Forged, Malformed or Stale, and then nothing is kept.
    """
    secrets = (account.hook_secret, account.hook_former_secret)
    told = hook_signature.read(body, header, secrets=secrets, now=clock.now())
    if told.secret == 0 and account.hook_former_secret:
        _retire_former_secret(account)
    _call, is_new = HookCall.objects.get_or_create(
        account=account,
        digest=told.digest,
        defaults={
            "body": told.body,
            "topic": told.topic,
            "party_id": told.party_id,
            "document_id": told.document_id,
            "sent_on": told.sent_on,
            "received_at": clock.now(),
        },
    )
    return is_new


def is_first_of_many(account: Account) -> bool:
    """Tell whether the call that was just kept came alone so far, for one bell is enough for a crowd of them."""
    crowd = HookCall.objects.filter(account=account, handled_at=None, received_at__gt=clock.now() - CROWD)
    return len(crowd.values_list("pk")[:2]) < 2


def handle() -> int:
    """Turn the calls that nobody worked on into documents to fetch, oldest first; return how many there were."""
    waiting = HookCall.objects.filter(handled_at=None).select_related("account").order_by("received_at", "pk")
    calls = list(waiting[:BATCH])
    for call in calls:
        try:
            _handle(call)
        except DatabaseError:  # one that cannot be stored must not hold up the others
            log.exception("Hook call %s could not be worked on", call.pk)
    return len(calls)


def prune() -> None:
    """Remove old calls that were worked on."""
    HookCall.objects.filter(received_at__lt=clock.now() - KEPT, handled_at__isnull=False).delete()


def _handle(call: HookCall) -> None:
    with transaction.atomic():
        outcome = _outcome(call, hook_signature.parsed(call.body.encode()))
        still = HookCall.objects.filter(pk=call.pk, handled_at=None)
        still.update(handled_at=clock.now(), outcome=outcome[:200])


def _outcome(call: HookCall, told: Told) -> str:
    family = FAMILIES.get(told.topic)
    if family is None:
        return _("not for us yet")
    if not told.document_id or not told.party_id:
        return _("it names no document of a party")
    announcement = Announcement(
        party_id=told.party_id,
        document_id=told.document_id,
        family=family,
        sender=told.sender,
        number=told.number,
        trouble=_trouble(told) if told.topic == ERROR else "",
    )
    _inbound, is_new = announce(call.account, announcement)
    return _("announced") if is_new else _("known already")


def _trouble(told: Told) -> str:
    return told.message or _("eConnect received a document that it cannot handle, and does not say why.")


def _retire_former_secret(account: Account) -> None:
    """eConnect signs with the new secret: the former one is taken no longer."""
    with transaction.atomic():
        row = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        if row.hook_secret == account.hook_secret:
            Account.objects.filter(pk=row.pk).update(hook_former_secret="")
