"""Mail of senders that are not on the list: it waits, until a person lets it in or turns it away."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import queue
from apps.intake import senders
from apps.intake.models import Channel, Hold, Part, PartOutcome, Receipt


def admits(part: Part, administration: Administration | None) -> bool:
    """Tell whether `part` may be read for `administration`; if not, its whole receipt waits for a person from now on.

    Costs nothing for what is no mail. Asked before reading for the address, and after routing for the document.
    """
    if part.receipt.channel != Channel.MAIL:
        return True
    receipt = Receipt.objects.get(pk=part.receipt_id)  # a part beside this one may have held it just now
    if receipt.hold:
        return False
    if senders.is_welcome(receipt, administration):
        return True
    return not hold(receipt) and not Receipt.objects.filter(pk=receipt.pk, hold=Hold.SENDER).exists()


def hold(receipt: Receipt) -> bool:
    """Let an opened receipt wait for a person; False when nothing of it is unread, it waits already, or was let in."""
    unread = Part.objects.filter(receipt=receipt, outcome=PartOutcome.RECEIVED)
    if not unread.exists():
        return False
    waiting = Receipt.objects.filter(pk=receipt.pk, hold=Hold.NONE, released_by="", opened_at__isnull=False)
    return _changed(receipt, waiting.update(hold=Hold.SENDER), hold=Hold.SENDER)


def let_in(receipt: Receipt, by: str, *, always: bool, administration: Administration | None = None) -> bool:
    """Have a waiting receipt read after all; False when it does not wait (any more).

    `always`: its sender goes on the list of `administration`, else of the one that the receipt is for. Where neither
    is known, or the sender's address cannot be read, it is let in this once.
    """
    administration = administration or receipt.administration
    with transaction.atomic():
        held = Receipt.objects.filter(pk=receipt.pk, hold=Hold.SENDER)
        if not held.update(hold=Hold.NONE, released_by=by[:150]):
            return False
        sender = senders.address_of(receipt)
        if always and administration and sender:
            senders.allow(administration, [sender], by=by)
        queue.ring("parts_kept", receipt.pk)
    return _changed(receipt, 1, hold=Hold.NONE, released_by=by[:150])


def turn_away(receipt: Receipt, by: str, why: str) -> bool:
    """Have a waiting receipt never read: its unread parts are not for the books, for the reason `why`.

    False when it does not wait (any more).
    """
    reason = why.strip() or _("The sender is not on the list, and was turned away.")
    with transaction.atomic():
        if not Receipt.objects.filter(pk=receipt.pk, hold=Hold.SENDER).update(hold=Hold.NONE):
            return False
        unread = Part.objects.filter(receipt=receipt, outcome=PartOutcome.RECEIVED)
        unread.update(outcome=PartOutcome.IGNORED, settled_by=by[:150], reason=reason)
    return _changed(receipt, 1, hold=Hold.NONE)


def _changed(receipt: Receipt, hit: int, **values: str) -> bool:
    if hit:
        for name, value in values.items():
            setattr(receipt, name, value)
    return hit == 1
