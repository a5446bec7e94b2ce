"""Bringing documents on their way to what their postings say."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact.models import Division
from apps.intake.enclosures import PAGE
from apps.invoices import autonomy, withdrawing
from apps.invoices.models import SENT, Invoice, Outcome, State, WaitsFor
from apps.invoices.receiving import SYSTEM
from apps.posting.models import Method, Posting, PostingState

GIVEN_BACK = timedelta(minutes=5)  # until it is planned anew: whoever mends the mailbox wakes it at once


def collect(division: Division) -> None:
    """Bring the documents under way in `division` to what their postings say."""
    told = Q(posting__finished_at__isnull=False) | Q(posting__state=PostingState.UNCLEAR, state=State.POSTING)
    under_way = Invoice.objects.filter(told, posting__division=division, state__in=SENT)
    for invoice in under_way.select_related("posting", "removal"):
        try:
            if not withdrawing.settle(invoice):
                _take_back(invoice)
        except Changed:
            continue  # another process took it back


def _take_back(invoice: Invoice) -> None:
    posting = invoice.posting
    if posting is None:
        return
    if posting.state == PostingState.DONE:
        _booked(invoice, posting)
    elif posting.state == PostingState.WITHDRAWN and posting.method == Method.MAILBOX:  # given back unsent
        waits = {"waits_for": WaitsFor.MAILBOX, "waits_until": clock.now() + GIVEN_BACK}
        why = posting.words
        invoice.move(State.READY, who=SYSTEM, why=why, at=clock.now(), detail=why, **waits)
    elif posting.state == PostingState.REFUSED:
        why = posting.words or _("refused")
        invoice.move(
            State.ATTENTION, who="Exact", why=why, at=clock.now(), cause=posting.cause, detail=posting.words
        )
    elif posting.state == PostingState.UNCLEAR and invoice.state == State.POSTING:
        invoice.move(
            State.UNCERTAIN,
            who="Exact",
            why=posting.words,
            at=clock.now(),
            cause=Cause.OUTCOME_UNCERTAIN,
            detail=posting.words,
        )


@transaction.atomic  # the move and the count, or neither: so no booking counts twice, and none is forgotten
def _booked(invoice: Invoice, posting: Posting) -> None:
    why = _("was already in Exact: %(number)s") if posting.adopted else _("booked as %(number)s")
    outcome = Outcome.BOOKED
    if posting.method == Method.DOCUMENT:
        why, outcome = _("handed over as document %(number)s"), Outcome.HANDED_OVER
    elif posting.method == Method.MAILBOX:
        why, outcome = (
            _("delivered into the digital mailbox with the mark %(reference)s"),
            Outcome.HANDED_OVER,
        )
    invoice.move(
        State.DONE,
        who="Exact",
        why=why % {"number": posting.exact_number, "reference": posting.reference},
        findings=[*invoice.findings, *_left_out(invoice, posting)],
        at=clock.now(),
        outcome=outcome,
        exact_number=posting.exact_number,
        exact_url=posting.exact_url,
        done_at=posting.finished_at,
    )
    autonomy.count(invoice)


def _left_out(invoice: Invoice, posting: Posting) -> list[dict[str, Any]]:
    is_left = posting.steps.get(PAGE, {}).get("state") == "left"
    is_said = any(one["code"] == "page_not_made" for one in invoice.findings)
    return [{"code": "page_not_made", "values": {}, "cause": ""}] if is_left and not is_said else []
