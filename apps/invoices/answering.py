"""Going on with what was written on cards in Exact: a new one is read into the mirror, and is the answer then.

Whatever happens on the way, this goes on from what the rows say: it may run twice, at once, and after a kill.
"""

import logging
from datetime import datetime

from django.utils.translation import gettext as _

from apps.core.setting_aside import OUTAGE
from apps.exact import syncing
from apps.exact.models import Relation
from apps.invoices import reviewing
from apps.invoices.models import CardAct, CardWrite, Invoice, State
from apps.invoices.receiving import SYSTEM
from apps.invoices.reviewing import Refused
from apps.posting.models import Posting, PostingState
from apps.vendors.models import Origin

log = logging.getLogger(__name__)
CARDS, BANK_ACCOUNTS = "relations", "bank_accounts"  # the mirrors of what was written


def settle(division: int | None = None) -> int:
    """Go on with what postings have finished, in a division (its key) or everywhere; return how many came to their end.

    The card is read into the mirror at once; when it is there, it is the answer, and its documents move on.
    """
    rows = CardWrite.objects.told().select_related(
        "posting__division", "question__administration", "asked_by"
    )
    if division is not None:
        rows = rows.filter(posting__division=division)
    return sum(_settle_safely(row) for row in rows.order_by("pk"))


def _settle_safely(write: CardWrite) -> bool:
    """Go on with one; a fault of ours in it does not stop those behind it, and is met again in a minute."""
    try:
        return _settle(write)
    except OUTAGE:
        raise
    except Exception:
        log.exception("The new supplier %s could not be gone on with", write.pk)
        return False


def _settle(write: CardWrite) -> bool:
    posting = write.posting
    if posting.state != PostingState.DONE:
        remark = posting.words if write.act == CardAct.ENRICH else ""
        return _is_given_up(write) and write.end(remark=remark)
    if posting.finished_at is None or _is_to_be_read(posting, posting.finished_at):
        return False
    if write.act == CardAct.ENRICH:
        return write.end(remark=_left_out(posting))
    cards = Relation.objects.filter(division=posting.division_id)
    relation = cards.filter(exact_id=str(posting.exact_id)).first()
    if relation is None:
        return write.end(
            remark=_("The new card is not in Exact any more. Choose another one, or make it again.")
        )
    said = " ".join(filter(None, [_answer(write, relation), _left_out(posting)]))
    return write.end(relation=relation.exact_id, remark=said)


def _is_to_be_read(posting: Posting, since: datetime) -> bool:
    """Have the cards and their accounts read; the accounts are not waited for when Exact refuses them."""
    behind = syncing.behind(posting.division, (CARDS, BANK_ACCOUNTS), since)
    return CARDS in behind or behind.get(BANK_ACCOUNTS, False)


def _answer(write: CardWrite, relation: Relation) -> str:
    """Answer the question with the new card; return why that was not possible, in words."""
    question = write.question
    if question is None:  # it was withdrawn: the administration changed its division
        return ""
    if question.answered_at is None:
        if write.asked_by is None:
            return _("Card %(card)s is in Exact: choose it.") % {"card": relation}
        try:
            reviewing.map_vendor(question, relation, by=write.asked_by, origin=Origin.CREATED)
        except Refused as refusal:
            question.refresh_from_db()
            if question.answered_at is None:
                return str(refusal)
    if question.supplier == relation.exact_id:  # who answered may have been killed before all of them moved
        waiting = Invoice.objects.filter(question=question, state=State.ATTENTION)
        reviewing.retry_all(waiting.select_related("administration", "posting"), by=SYSTEM)
    return ""


def _is_given_up(write: CardWrite) -> bool:
    """Tell whether nobody can mend what was refused any more: its question is gone or answered otherwise."""
    return write.act == CardAct.ENRICH or write.question is None or write.question.answered_at is not None


def _left_out(posting: Posting) -> str:
    """Return what was not written after all, in words."""
    return " ".join(step["said"] for step in posting.steps.values() if step.get("said"))
