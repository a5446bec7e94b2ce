"""Reading what came in: messages are opened, then each part is read. What fails does not stop what lies behind it."""

import logging
from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from apps.core.setting_aside import OUTAGE, our_fault
from apps.intake import opening, order_papers, releasing, scanning
from apps.intake.models import Part, PartOutcome, Receipt
from apps.invoices import enclosing
from apps.invoices.receiving import Received, receive

log = logging.getLogger(__name__)
# E-invoices first, whatever they are called: a PDF beside one belongs to it.
_PAPERS = reduce(or_, (Q(filename__iendswith=one) for one in order_papers.PAPERS))
_PAPERS_LAST = Case(
    When(filename__iendswith=".xml", then=Value(0)),
    When(_PAPERS, then=Value(2)),
    default=Value(1),
    output_field=IntegerField(),
)


def open_messages(receipt: int | None = None) -> None:
    """Open every unopened message (of one receipt, or all). One over which we stumble is rejected with the reason."""
    keys = [receipt] if receipt is not None else opening.unopened()
    for found in Receipt.objects.filter(pk__in=keys).select_related("message").order_by("pk"):
        try:
            opening.open_message(found)
        except OUTAGE:
            raise
        except Exception as error:
            log.exception("Receipt %s could not be opened", found.pk)
            opening.give_up(found, our_fault(error))


def read_parts(receipt: int | None = None) -> Iterator[Received]:
    """Read the unread parts, receipt by receipt, and yield what became of each."""
    parts = Part.objects.unread().select_related("receipt__administration", "original")
    parts = parts.order_by("receipt", _PAPERS_LAST, "pk")
    if receipt is not None:
        parts = parts.filter(receipt=receipt)
    for part in parts:
        yield receive_safely(part)


def receive_safely(part: Part) -> Received:
    """Receive `part`; bytes that the storage lost are a reason, not a crash, and so is a fault of ours.

    It stays unread while its sender waits to be let in, or the virus scanner is away for it or for an e-invoice beside
    it; a PDF or picture also while an order beside it is not settled. One that came with an e-invoice is kept with
    that. Raises only what is wrong with the database.
    """
    try:
        if not releasing.admits(part, part.receipt.administration) or not scanning.is_clean(part):
            return Received(part)
        if _waits_for_an_e_invoice(part) or order_papers.waits_for_an_order(part):
            return Received(part)
        return Received(part) if enclosing.enclose(part) else receive(part)
    except OUTAGE:
        raise
    except FileNotFoundError:
        reason = _("The bytes are no longer in the archive.")
    except Exception as error:  # a poisoned file must not stop those behind it
        log.exception("Part %s could not be received", part.pk)
        reason = our_fault(error)
    part.settle(PartOutcome.REJECTED, reason=reason)
    return Received(part)


def _waits_for_an_e_invoice(part: Part) -> bool:
    """Tell whether an e-invoice beside it is still unread: alone, a paper would be rejected for want of it."""
    if part.filename.casefold().endswith(".xml"):
        return False
    beside = Part.objects.unread().filter(receipt=part.receipt_id, filename__iendswith=".xml")
    return beside.exclude(pk=part.pk).exists()
