"""Reading what was handed on as orders, receipt by receipt. What fails does not stop what lies behind it."""

import logging
from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext as _

from apps.core.setting_aside import OUTAGE, our_fault
from apps.intake.models import Part, PartOutcome
from apps.intake.order import OrderKind
from apps.orders.receiving import Read, Received, read, receive

log = logging.getLogger(__name__)


def read_parts(receipt: int | None = None) -> Iterator[Received]:
    """Read and store the orders that were handed on (of one receipt, or all); yield what became of each.

    In a receipt orders go before answers, which may be about them, and what nothing can be read of goes last.
    """
    parts = Part.objects.orders_to_read().select_related("receipt__administration", "original")
    if receipt is not None:
        parts = parts.filter(receipt=receipt)
    for _receipt, group in groupby(parts.order_by("receipt", "pk"), lambda part: part.receipt_id):
        for found in sorted(filter(None, map(_read_safely, group)), key=_rank):
            yield _receive_safely(found)


def _rank(found: Read) -> int:
    if found.document is None:
        return 2
    return 0 if found.document.kind is OrderKind.ORDER else 1


def _read_safely(part: Part) -> Read | None:
    try:
        return read(part)
    except OUTAGE:
        raise
    except Exception as error:  # a poisoned file must not stop those behind it
        _reject(part, error)
    return None


def _receive_safely(found: Read) -> Received:
    try:
        return receive(found.part, found)
    except OUTAGE:
        raise
    except Exception as error:
        _reject(found.part, error)
    return Received(found.part, found.document)


def _reject(part: Part, error: Exception) -> None:
    """Reject a part: bytes that the storage lost are a reason, and so is a fault of ours."""
    if isinstance(error, FileNotFoundError):
        reason = _("The bytes are no longer in the archive.")
    else:
        log.exception("Part %s could not be received", part.pk)
        reason = our_fault(error)
    part.settle(PartOutcome.REJECTED, reason=reason)
