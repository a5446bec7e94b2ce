"""What follows from answers about vendors: documents move on; taken back, they are asked again or to be corrected."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients.models import Mode
from apps.core import clock, queue
from apps.core.transitions import Changed
from apps.invoices import autonomy, four_eyes
from apps.invoices.coding_safely import code_safely
from apps.invoices.done import keep
from apps.invoices.models import SENT, Invoice, Invoices, State
from apps.invoices.receiving import SYSTEM
from apps.people.models import User
from apps.vendors.models import Mapping, Question

REQUEUED = (State.RECEIVED, State.ATTENTION, State.PROPOSED, State.READY)
IN_EXACT = (*SENT, State.DONE)


@dataclass(frozen=True, slots=True)
class Unlearned:
    """How many documents returned to the queue, and how many are in Exact (or on their way) and to be corrected."""

    requeued: int = 0
    flagged: int = 0


def follow(question: Question, *, who: str, why: str = "", coded_by: User | None = None) -> int:
    """Let the documents that asked `question` move on, now that it is answered; return how many did.

    `coded_by`: who answered it, and so had the first look at them.
    """
    moved = 0
    for invoice in Invoice.objects.filter(question=question, state=State.ATTENTION):
        first = four_eyes.mapped(invoice, coded_by) if coded_by else {}
        if code_safely(invoice, who=who, why=why, touched=True, **first):
            moved += invoice.question_id is None
    return moved


def follow_all() -> int:
    """Follow the answers that a worker which died left unfollowed; return how many documents moved on."""
    left = Question.objects.filter(answered_at__isnull=False, invoices__state=State.ATTENTION).distinct()
    left = left.select_related("answered_by")
    return sum(follow(question, who=SYSTEM, coded_by=question.answered_by) for question in left)


def touched(mapping: Mapping) -> Invoices:
    """Return the documents whose supplier `mapping` decided, the newest first."""
    rows: Invoices = Invoice.objects.filter(mapping=mapping)
    return rows.order_by("-pk")


def unlearn(mapping: Mapping, *, by: User) -> Unlearned:
    """Take `mapping` back: it decides nothing more, and what it decided is asked again or flagged.

    A worker that dies here leaves nothing behind: `go_on` finishes what was begun. Twice does no more than once.
    """
    with transaction.atomic():
        mapping.take_back(by=by)
        autonomy.fall_back(
            mapping.administration,
            mapping.supplier,
            mapping.supplier_name,
            why=_("a mapping to it was taken back"),
            by=by,
        )
        queue.ring("mapping_taken_back", mapping.pk)
    return go_on(mapping, who=str(by))


def go_on(mapping: Mapping | None = None, *, who: str = SYSTEM) -> Unlearned:
    """Finish what taking back (one mapping, or whichever) left to do; return how much that was."""
    left = Invoice.objects.filter(mapping__forgotten_at__isnull=False)
    if mapping is not None:
        left = left.filter(mapping=mapping)
    rows = left.select_related("administration", "mapping", "posting", "double_of").order_by("pk")
    requeued = sum(_ask_again(invoice, who) for invoice in rows.filter(state__in=REQUEUED))
    flagged = sum(
        flag(invoice, _words(invoice), who)
        for invoice in rows.filter(state__in=IN_EXACT, to_correct="", mapping__superseded=False)
    )
    return Unlearned(requeued, flagged)


def _ask_again(invoice: Invoice, who: str) -> bool:
    """Match it anew; False when a person acted in this very moment, and then the sweeper looks again.

    What a person took back is not booked by itself, although a number may lead to the same card: it was perhaps
    filled in there with the mapping. Nor is it to be corrected any more, when Exact refused it since it was flagged.
    """
    administration, mapping = invoice.administration, invoice.mapping
    is_automatic = administration is not None and administration.mode == Mode.AUTOMATIC
    mode = Mode.PROPOSE if is_automatic and mapping and not mapping.superseded else ""
    return code_safely(invoice, who=who, why=_words(invoice), mode=mode, touched=True, to_correct="")


def flag(invoice: Invoice, words: str, who: str) -> bool:
    """Say that what is in Exact, or on its way there, is to be corrected: `words` say why. False: it moved."""
    try:
        if invoice.state == State.DONE:
            keep(
                invoice, who=who, why=words, to_correct=words, in_exact_at=invoice.in_exact_at or clock.now()
            )
            return True
        with transaction.atomic():
            same = Invoice.objects.filter(pk=invoice.pk, state=invoice.state, version=invoice.version)
            return bool(same.update(to_correct=words, in_exact_at=clock.now()))
    except Changed:
        return False


def _words(invoice: Invoice) -> str:
    mapping = invoice.mapping
    return _("the mapping to %(supplier)s was taken back") % {
        "supplier": mapping.supplier_name if mapping else invoice.supplier_name
    }
