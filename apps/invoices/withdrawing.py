"""Taking back what was booked: entry and document leave Exact, and the document returns to the queue."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients.models import Mode
from apps.core import clock, queue
from apps.core.causes import Cause
from apps.invoices.models import InExact, Invoice, Outcome, State
from apps.posting.kinds import KINDS, MADE_BY
from apps.posting.models import DOCUMENT, RESULTS, Method, Posting, PostingState
from apps.posting.removing import DOCUMENTS, leave, leavings, step


def hindrance(invoice: Invoice) -> str:
    """Return why what `invoice` became in Exact cannot be taken back, in words; "" when it can be tried.

    Whether Exact has processed the entry meanwhile is asked of Exact itself, before anything is removed.
    """
    posting = invoice.posting
    if invoice.state != State.DONE or posting is None:
        return _("Only what was booked can be taken back.")
    if is_on_trial(invoice):
        return _("On pilot nothing is written into Exact. End the pilot first.")
    if posting.method == Method.MAILBOX:
        return _(
            "What lies in the digital mailbox cannot be taken back: what was sent stays sent. Reject it in Exact."
        )
    if posting.adopted:
        return _("This was not booked by Postkamer, so it is not removed here. Change it in Exact.")
    if invoice.in_exact == InExact.PROCESSED:
        return _("Exact has processed this entry. Correct it there.")
    if invoice.in_exact == InExact.DELETED:
        return _("The entry is no longer in Exact. Take the document up again instead.")
    return ""


def is_on_trial(invoice: Invoice) -> bool:
    """Tell whether nothing may be written into the books of `invoice` now."""
    return invoice.administration is not None and invoice.administration.mode == Mode.PILOT


def withdraw(invoice: Invoice, *, by: str) -> None:
    """Have entry and document of a booked `invoice` removed; it waits for that. See `hindrance` for when not.

    Raises core.transitions.Changed when the document moved since it was read.
    """
    posting = invoice.posting
    if posting is None:
        raise ValueError(f"{invoice} was never booked.")
    why = _("taken back: %(number)s is removed from Exact") % {"number": invoice.exact_number}
    steps, outcome = _steps(invoice, posting), invoice.outcome
    with transaction.atomic():
        invoice.move(State.POSTING, who=by, why=why, at=clock.now(), touched=True, outcome="", done_at=None)
        removal = posting.further(Method.REMOVAL, {"steps": steps, "outcome": outcome})
        Invoice.objects.filter(pk=invoice.pk).update(removal=removal)
        queue.ring("division_due", posting.division_id)


def _steps(invoice: Invoice, posting: Posting) -> list[dict[str, Any]]:
    """Remove the entry, unless somebody changed it and the page did not say so, and then the document of it."""
    document = posting.steps.get(DOCUMENT, {}).get("id")
    name = MADE_BY.get(posting.method)
    if name is None:
        return [step(DOCUMENT, DOCUMENTS, document, posting, only=True)]
    seen = {} if invoice.in_exact == InExact.CHANGED else {"as_booked": posting.plan["look"]}
    steps = [step(name, KINDS[name].resource, str(posting.exact_id), posting, **seen)]
    return [*steps, step(DOCUMENT, DOCUMENTS, document, posting)] if document else steps


def tidy(invoice: Invoice) -> str:
    """Have the document removed that a booking which is given up left in Exact; return words about it, "" without.

    For a document that will not be booked there any more: it is put aside, or belongs to other books. In the
    transaction of whoever decides that. On pilot nothing is written: there it is only counted as left behind.
    """
    posting = invoice.posting
    if posting is None or posting.state not in (PostingState.REFUSED, PostingState.WITHDRAWN):
        return ""
    steps = leavings(posting)
    if not steps:
        return ""
    removal = posting.further(Method.REMOVAL, {"steps": steps})
    posting.steps = {}
    posting.save(update_fields=["steps"])
    if is_on_trial(invoice):
        removal.refuse(cause=Cause.REJECTED_BY_EXACT, words=_("On pilot nothing is written into Exact."))
        leave(removal)
        return _("its document stays in Exact")
    queue.ring("division_due", posting.division_id)
    return _("its document is removed from Exact")


def settle(invoice: Invoice) -> bool:
    """Bring a document that is being taken back to what its removal says; False when none is under way."""
    removal = invoice.removal
    if removal is None:
        return False
    is_gone = any(removal.steps.get(name, {}).get("state") == "done" for name in RESULTS)
    if removal.state == PostingState.DONE or (removal.state == PostingState.REFUSED and is_gone):
        _returned(invoice, removal)
    elif removal.state == PostingState.REFUSED:
        _stays(invoice, removal)
    elif removal.state == PostingState.UNCLEAR and invoice.state == State.POSTING:
        invoice.move(
            State.UNCERTAIN,
            who="Exact",
            why=removal.words,
            at=clock.now(),
            cause=Cause.OUTCOME_UNCERTAIN,
            detail=removal.words,
        )
    return True


def _returned(invoice: Invoice, removal: Posting) -> None:
    why = _("%(number)s is removed from Exact") % {"number": invoice.exact_number}
    kept = removal.steps.get(DOCUMENT, {})
    if kept.get("state") == "left":
        said = kept.get("said") or removal.words
        why = _("%(number)s is removed from Exact, but its document is still there: %(words)s") % {
            "number": invoice.exact_number,
            "words": said,
        }
    give_back(invoice, who="Exact", why=why, with_document=kept.get("state") == "done")


def give_back(invoice: Invoice, *, who: str, why: str, with_document: bool = False) -> None:
    """Return a document whose booking is not in Exact any more to the queue, as a proposal.

    `with_document`: its document is not there any more either.
    """
    with transaction.atomic():
        if invoice.posting:
            invoice.posting.withdraw(with_document=with_document)
        invoice.move(
            State.PROPOSED,
            who=who,
            why=why,
            at=clock.now(),
            touched=True,
            removal=None,
            outcome="",
            done_at=None,
            exact_number="",
            exact_url="",
            in_exact=InExact.NOTHING,
            in_exact_detail="",
            in_exact_differences=[],
            in_exact_at=None,
            in_exact_seen=False,
            to_correct="",
        )


def _stays(invoice: Invoice, removal: Posting) -> None:
    """End a removal that Exact refused: the booking stands as it did."""
    posting = invoice.posting
    invoice.move(
        State.DONE,
        who="Exact",
        why=_("could not be taken back: %(words)s") % {"words": removal.words or _("refused")},
        at=clock.now(),
        removal=None,
        outcome=removal.plan.get("outcome") or Outcome.BOOKED,
        done_at=posting.finished_at if posting and posting.finished_at else clock.now(),
    )
