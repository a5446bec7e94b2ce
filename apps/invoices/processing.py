"""What the worker does when its bell rings: read what was kept, code what was received."""

import logging
from itertools import groupby

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core.setting_aside import OUTAGE
from apps.intake.models import Part
from apps.invoices import answers
from apps.invoices.coding_safely import code_safely
from apps.invoices.going_live import settle
from apps.invoices.models import Invoice, Leaving, State, WaitsFor
from apps.invoices.reading_parts import open_messages, read_parts
from apps.invoices.starting_again import go_on

log = logging.getLogger(__name__)


def process(receipt: int | None = None) -> int:
    """Read every unread part (of one receipt, or all) and code every received document; return how many parts.

    Safe to run in many processes at once: each part is settled once, each document moved once.
    """
    count = 0
    open_messages(receipt)
    for _receipt, group in groupby(read_parts(receipt), lambda one: one.part.receipt_id):
        read = list(
            group
        )  # all of it before anything is coded: what belongs to an e-invoice may come behind it
        count += len(read)
        for received in read:
            if received.invoice and received.invoice.administration_id:
                if len(read) > 1:  # what came with it was told to the row
                    received.invoice.refresh_from_db()
                code_one(received.invoice)
    if receipt is None:
        end_tests()
        answers.follow_all()
        answers.go_on()
        code_received()  # what a worker that died left between reading and coding
        end_pilots()
    return count


def end_tests(division: int | None = None) -> int:
    """Bring what a test division left on (to one division, or all) as far as can be; return how many were coded."""
    leavings = Leaving.objects.under_way().select_related("administration", "test")
    if division is not None:
        leavings = leavings.filter(administration__division=division)
    return sum(_end_test_safely(leaving) for leaving in leavings)


def _end_test_safely(leaving: Leaving) -> int:
    try:
        return _end_test(leaving) if go_on(leaving) else 0
    except OUTAGE:
        raise
    except (
        Exception
    ):  # it is tried again in a minute; nothing of the administration is booked before it ended
        log.exception("The trial of %s could not be ended", leaving)
        return 0


def _end_test(leaving: Leaving) -> int:
    """Code what waits in the real division. What people booked there themselves is never booked again.

    As on pilot, also when somebody did not wait for it: so what people may have booked is asked about first.
    """
    waiting = Invoice.objects.filter(administration=leaving.administration_id, state=State.RECEIVED)
    moved = 0
    for invoice in waiting.select_related("administration", "double_of").order_by("pk"):
        moved += code_safely(invoice, mode=Mode.PILOT)
    administration = Administration.objects.get(pk=leaving.administration_id)
    if administration.mode != Mode.PILOT:
        settle(administration)
    leaving.end()
    return moved


def end_pilots() -> int:
    """Decide anew about what waits for the end of a pilot that has ended; return how many documents moved."""
    waiting = Invoice.objects.filter(state=State.READY, waits_for=WaitsFor.PILOT)
    waiting = waiting.exclude(administration__mode=Mode.PILOT)
    waiting = waiting.exclude(administration__in=Leaving.objects.under_way().values("administration"))
    ended = Administration.objects.filter(pk__in=waiting.values("administration"))
    moved = sum(_settle_safely(administration) for administration in ended)
    for invoice in waiting.select_related("administration"):
        moved += code_safely(invoice, why=_("the pilot has ended"))
    return moved


def _settle_safely(administration: Administration) -> int:
    """End what people booked during the pilot; what fails here is a proposal that a person sees."""
    try:
        return settle(administration)
    except OUTAGE:
        raise
    except Exception:
        log.exception("The pilot of %s could not be settled", administration.slug)
        return 0


def code_received() -> int:
    """Code the documents in RECEIVED that have an administration; return how many moved.

    Not while other parts of the same arrival are unread: they may belong to the document.
    """
    waiting = Invoice.objects.filter(state=State.RECEIVED, administration__isnull=False)
    unread = Part.objects.unread().filter(receipt=OuterRef("part__receipt"))
    waiting = waiting.exclude(Exists(unread))
    waiting = waiting.exclude(administration__in=Leaving.objects.under_way().values("administration"))
    moved = 0
    for invoice in waiting.select_related("administration", "double_of").order_by("pk"):
        moved += code_one(invoice)
    return moved


def code_one(invoice: Invoice) -> bool:
    """Code one received document; False when it is past that, or another process moved it meanwhile.

    One whose administration just left a test division waits until the real one was read.
    """
    if invoice.state != State.RECEIVED:
        return False
    held = Leaving.objects.under_way().values("administration")
    # It is wanted next with its division, so all for one query.
    ready = Administration.objects.filter(invoices=invoice.pk).exclude(pk__in=held)
    invoice.administration = ready.select_related("division").first()
    return invoice.administration is not None and code_safely(invoice)
