"""The end of a trial: what people booked meanwhile is ended with their number, the rest becomes proposals."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core import clock, queue
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.exact.models import Division
from apps.invoices.comparing import Verdict
from apps.invoices.models import Invoice, Leaving, Outcome, State, WaitsFor
from apps.invoices.receiving import SYSTEM
from apps.invoices.shadowing import AT_ONCE, Comparison, compare, is_fresh, ledger_at, waiting_in
from apps.posting.models import Method, Posting, PostingState, new_reference
from apps.posting.removing import tidy_up


class Refused(Exception):
    """The trial cannot end now; the text is one sentence for people."""


def go_live(administration: Administration, *, by: str) -> None:
    """End the trial: from now on each booking is proposed. Nothing is booked by this itself.

    What people booked already is ended with their number; of the others a worker makes proposals. Raises
    Refused when the administration is on no trial, or its ledger was not read lately.
    """
    division = Division.objects.filter(administration=administration).first()
    if division is None or not is_fresh(ledger_at(division)):
        raise Refused(
            _("The ledger was not read in the last hour. Read it first, so that nothing is booked twice.")
        )
    if Leaving.objects.under_way().filter(administration=administration).exists():
        raise Refused(
            _("The documents of the trial in the test division are still being matched and coded here.")
        )
    with transaction.atomic():
        trial = Administration.objects.filter(pk=administration.pk, mode=Mode.PILOT)
        if trial.update(mode=Mode.PROPOSE) != 1:
            raise Refused(_("This administration is not on pilot."))
        administration.mode = Mode.PROPOSE
        administration.save(update_fields=["mode"])  # for its history: an update writes none
        queue.ring("went_live", administration.pk)
    settle(administration, by=by)


def settle(administration: Administration, *, by: str = SYSTEM) -> int:
    """End what people booked in Exact while the trial ran; return how many documents moved.

    A document of which that is not certain waits for a person instead.
    """
    division = Division.objects.select_related("app").filter(administration=administration).first()
    if division is None:
        return 0
    moved, after = 0, 0
    while rows := list(waiting_in(division).filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = rows[-1].pk
        moved += sum(_settle(one, division, by) for one in compare(rows, division) if one.found)
    return moved


def _settle(one: Comparison, division: Division, by: str) -> bool:
    try:
        if one.is_certain:
            return _end(one, division, by)
        return _doubt(one, by)
    except (Changed, IntegrityError):  # somebody else moved it, or gave the entry to another document
        return False


def _end(one: Comparison, division: Division, by: str) -> bool:
    invoice, now = one.invoice, clock.now()
    if invoice.posting is not None and not _is_given_up(invoice.posting):
        return False
    with transaction.atomic():
        posting = _adopted(invoice, one, division)
        invoice.move(
            State.DONE,
            who=by,
            why=_ended_words(one),
            at=now,
            touched=True,
            question=None,
            outcome=Outcome.BOOKED,
            posting=posting,
            exact_number=posting.exact_number,
            exact_url=posting.exact_url,
            done_at=now,
        )
    return True


def _is_given_up(posting: Posting) -> bool:
    if posting.state == PostingState.WITHDRAWN:
        return True
    return posting.state == PostingState.REFUSED and posting.cause != Cause.OUTCOME_UNCERTAIN


def _adopted(invoice: Invoice, one: Comparison, division: Division) -> Posting:
    """Return a finished posting that took the entry and wrote nothing, so that no other document takes it."""
    entry = one.found[0][0]
    plan: dict[str, Any] = {
        "steps": [],
        "look": {
            "supplier": entry.booking.supplier,
            "your_ref": entry.booking.your_ref,
            "date": entry.booking.date.isoformat() if entry.booking.date else "",
            "amount": str(entry.booking.total),
        },
    }
    posting = invoice.posting or Posting.objects.create(
        reference=new_reference(),
        division=division,
        method=Method.ENTRY,
        plan=plan,
        next_attempt_at=clock.now(),
        created_at=clock.now(),
        due_date=invoice.due_date,
    )
    url = posting.entry_url(entry.entry)
    tidy_up(posting)
    posting.finish(exact_id=str(entry.entry), number=entry.number, url=url, adopted=True, look=plan["look"])
    return posting


def _ended_words(one: Comparison) -> str:
    numbers = ", ".join(entry.number for entry, _certain in one.found)
    if one.verdict == Verdict.DOUBLE:
        return _("was booked by hand more than once: %(numbers)s") % {"numbers": numbers}
    return _("was booked by hand: %(numbers)s") % {"numbers": numbers}


def _doubt(one: Comparison, by: str) -> bool:
    invoice, entry = one.invoice, one.found[0][0]
    if not _can_be_asked(invoice):
        return False
    words = _(
        "Exact has an entry with this amount: %(number)s, reference “%(reference)s”. Is it this document?"
    )
    detail = words % {"number": entry.number, "reference": entry.booking.your_ref}
    invoice.move(
        State.ATTENTION,
        who=by,
        why=detail,
        at=clock.now(),
        cause=Cause.POSSIBLE_DOUBLE,
        detail=detail,
        question=None,  # who the vendor is does not answer this one
    )
    return True


def _can_be_asked(invoice: Invoice) -> bool:
    """Tell whether a person is to be asked; not again, nor about what was accepted or may be in Exact by us."""
    if invoice.cause == Cause.POSSIBLE_DOUBLE or Cause.POSSIBLE_DOUBLE in invoice.waived:
        return False
    if invoice.posting is not None and not _is_given_up(invoice.posting):
        return False
    return invoice.state == State.ATTENTION or invoice.waits_for == WaitsFor.PILOT
