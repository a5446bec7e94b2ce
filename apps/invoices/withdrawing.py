"""Taking back what was booked: entry and document leave Exact, and the document returns to the queue."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock, queue
from apps.core.causes import Cause
from apps.invoices.models import InExact, Invoice, Outcome, State
from apps.posting.models import DOCUMENT, ENTRY, Method, Posting, PostingState

DOCUMENTS, ENTRIES = "documents/Documents", "purchaseentry/PurchaseEntries"


def hindrance(invoice: Invoice) -> str:
    """Return why what `invoice` became in Exact cannot be taken back, in words; "" when it can be tried.

    Whether Exact has processed the entry meanwhile is asked of Exact itself, before anything is removed.
    """
    posting = invoice.posting
    if invoice.state != State.DONE or posting is None:
        return _("Only what was booked can be taken back.")
    if posting.adopted:
        return _("This was not booked by Postkamer, so it is not removed here. Change it in Exact.")
    if invoice.in_exact == InExact.PROCESSED:
        return _("Exact has processed this entry. Correct it there.")
    if invoice.in_exact == InExact.DELETED:
        return _("The entry is no longer in Exact. Take the document up again instead.")
    return ""


def withdraw(invoice: Invoice, *, by: str) -> None:
    """Have entry and document of a booked `invoice` removed; it waits for that. See `hindrance` for when not.

    Raises core.transitions.Changed when the document moved since it was read.
    """
    posting = invoice.posting
    if posting is None:
        raise ValueError(f"{invoice} was never booked.")
    with transaction.atomic():
        removal = _removal(posting, outcome=invoice.outcome)
        invoice.move(
            State.POSTING,
            who=by,
            why=_("taken back: %(number)s is removed from Exact") % {"number": invoice.exact_number},
            at=clock.now(),
            touched=True,
            removal=removal,
            outcome="",
            done_at=None,
        )
        queue.ring("division_due", posting.division_id)


def _removal(posting: Posting, **plan: Any) -> Posting:
    """Return a posting that removes what `posting` made, the entry before the document it hangs on."""
    steps = []
    if posting.method == Method.ENTRY and posting.exact_id:
        steps.append(step(ENTRY, ENTRIES, str(posting.exact_id), posting))
    if document := posting.steps.get(DOCUMENT, {}).get("id"):
        steps.append(step(DOCUMENT, DOCUMENTS, document, posting))
    return posting.further(Method.REMOVAL, {"steps": steps, **plan})


def step(name: str, resource: str, removes: str, posting: Posting) -> dict[str, Any]:
    """Return the step that removes what has the id `removes` in Exact, if it carries the reference of `posting`."""
    return {"name": name, "resource": resource, "removes": removes, "ours": posting.reference}


def tidy(invoice: Invoice) -> str:
    """Have the document removed that a refused booking left in Exact; return words about it, "" when there is none.

    For a document that will not be booked there any more: it is put aside, or belongs to other books. In the
    transaction of whoever decides that.
    """
    posting = invoice.posting
    is_left = posting is not None and posting.state == PostingState.REFUSED and posting.exact_id is None
    if posting is None or not is_left or DOCUMENT not in posting.steps:
        return ""
    removal = _removal(posting)
    if not removal.plan["steps"]:
        removal.delete()
        return ""
    posting.steps = {}
    posting.save(update_fields=["steps"])
    queue.ring("division_due", posting.division_id)
    return _("its document is removed from Exact")


def settle(invoice: Invoice) -> bool:
    """Bring a document that is being taken back to what its removal says; False when none is under way."""
    removal = invoice.removal
    if removal is None:
        return False
    if removal.state == PostingState.DONE:
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
    if removal.left_behind:
        said = removal.steps[DOCUMENT]["said"]
        why = _("%(number)s is removed from Exact, but its document is still there: %(words)s") % {
            "number": invoice.exact_number,
            "words": said,
        }
    give_back(invoice, who="Exact", why=why)


def give_back(invoice: Invoice, *, who: str, why: str) -> None:
    """Return a document whose booking is not in Exact any more to the queue, as a proposal."""
    with transaction.atomic():
        if invoice.posting:
            invoice.posting.withdraw()
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
            in_exact_at=None,
            in_exact_seen=False,
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
