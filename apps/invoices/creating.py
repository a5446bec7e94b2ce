"""A new supplier in Exact for a vendor that has none: asked by a person, written by a posting, then the answer.

The row of models.CardWrite tells how far it is. Whatever happens on the way, `settle` goes on from what the rows
say: it may run twice, at once, and after a kill.
"""

from collections.abc import Iterable, Mapping
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core import clock, queue
from apps.exact import syncing
from apps.exact.models import Division, Relation
from apps.invoices import card_fields, card_plans, reviewing
from apps.invoices.card_fields import BANK_FIELDS, Values
from apps.invoices.models import CardAct, CardWrite, Invoice, State
from apps.invoices.receiving import SYSTEM
from apps.invoices.reviewing import Refused
from apps.people.models import User
from apps.posting.models import Method, Posting, PostingState
from apps.vendors.models import Question

MIRRORS = ("relations", "bank_accounts")


def hindrance(administration: Administration) -> str:
    """Return why nothing can be written on the cards of `administration`, in words; "" when it can be tried."""
    if not Division.objects.filter(administration=administration).exists():
        return _("No division of Exact is linked yet.")
    if administration.mode == Mode.PILOT:
        return _(
            "On pilot nothing is written into Exact. End the pilot first, or make the card in Exact yourself."
        )
    return ""


def create(question: Question, values: Mapping[str, str], *, by: User) -> CardWrite:
    """Have a supplier with `values` made in Exact as the answer to `question`; nothing is sent in this moment.

    What Exact refused before is sent again with these values; once the card itself is there, only its account
    number is taken from them. Raises reviewing.Refused, in words, when it cannot be, is under way already, or
    there is a card with such a number.
    """
    if words := hindrance(question.administration):
        raise Refused(words)
    if question.answered_at is not None:
        raise Refused(_("A colleague answered this question just now."))
    division = Division.objects.get(administration=question.administration)
    earlier = CardWrite.objects.under_way().filter(question=question, act=CardAct.CREATE).first()
    given = card_fields.cleaned(values)
    if earlier and earlier.is_made:
        kept = {name: value for name, value in earlier.values.items() if name not in BANK_FIELDS}
        given = {**kept, **{name: given[name] for name in BANK_FIELDS if name in given}}
    elif wrong := card_fields.refusals(given):
        raise Refused(next(iter(wrong.values())))
    elif twin := card_with_number_of(given, division):
        raise Refused(_twin_words(twin))
    try:
        with transaction.atomic():
            write = _again(earlier, given, by) if earlier else _begin(question, division, given, by)
            queue.ring("division_due", division.pk)
    except IntegrityError as error:  # another click was first
        raise Refused(_under_way()) from error
    return write


def card_with_number_of(values: Values, division: Division) -> Relation | None:
    """Return a card of `division` with the same VAT, company or government number; None when there is none."""
    wanted = {(name, values[name]) for name in ("vat", "kvk", "oin") if values.get(name)}
    columns = ("pk", "country", "vat_number", "chamber_of_commerce", "oin")
    cards = Relation.objects.filter(division=division).values_list(*columns) if wanted else []
    for pk, country, vat, kvk, oin in cards:
        card = card_fields.cleaned({"country": country, "vat": vat, "kvk": kvk, "oin": oin})
        if wanted & set(card.items()):
            return Relation.objects.defer("raw").get(pk=pk)
    return None


def state_of(questions: Iterable[Question]) -> dict[int, CardWrite]:
    """Return how the new supplier of each of `questions` stands, by question; one query.

    Without one there is none; so is what ended with nothing left to do.
    """
    rows = CardWrite.objects.about(questions, CardAct.CREATE)
    return {row.question_id: row for row in rows if row.question_id}


def settle(division: int | None = None) -> int:
    """Go on with what postings have finished, in a division (its key) or everywhere; return how many came to their end.

    The card is read into the mirror at once; when it is there, it is the answer, and its documents move on.
    """
    rows = CardWrite.objects.told().select_related(
        "posting__division", "question__administration", "asked_by"
    )
    if division is not None:
        rows = rows.filter(posting__division=division)
    return sum(_settle(row) for row in rows.order_by("pk"))


def _settle(write: CardWrite) -> bool:
    posting = write.posting
    if posting.state != PostingState.DONE:
        remark = posting.words if write.act == CardAct.ENRICH else ""
        return _is_given_up(write) and write.end(remark=remark)
    if posting.finished_at is None or not syncing.read_since(posting.division, MIRRORS, posting.finished_at):
        return False
    if write.act == CardAct.ENRICH:
        return write.end(remark=_left_out(posting))
    relation = Relation.objects.filter(division=posting.division_id, exact_id=posting.exact_id).first()
    if relation is None:
        return write.end(
            remark=_("The new card is not in Exact any more. Choose another one, or make it again.")
        )
    said = " ".join(filter(None, [_answer(write, relation), _left_out(posting)]))
    return write.end(relation=relation.exact_id, remark=said)


def _answer(write: CardWrite, relation: Relation) -> str:
    """Answer the question with the new card; return why that was not possible, in words."""
    question = write.question
    if question is None:  # it was withdrawn: the administration changed its division
        return ""
    if question.answered_at is None and write.asked_by:
        try:
            reviewing.map_vendor(question, relation, by=write.asked_by)
        except Refused as refusal:
            question.refresh_from_db()
            if question.answered_at is None:
                return str(refusal)
        else:
            return ""
    elif question.answered_at is None:
        return _("Card %(card)s is in Exact: choose it.") % {"card": relation}
    if (
        question.supplier == relation.exact_id
    ):  # whoever answered may have been killed before all of them moved
        waiting = Invoice.objects.filter(question=question, state=State.ATTENTION)
        reviewing.retry_all(waiting.select_related("administration", "posting"), by=SYSTEM)
    return ""


def _is_given_up(write: CardWrite) -> bool:
    """Tell whether nobody can mend what was refused any more: its question is gone or answered otherwise."""
    return write.act == CardAct.ENRICH or write.question is None or write.question.answered_at is not None


def _left_out(posting: Posting) -> str:
    """Return what was not written after all, in words."""
    return " ".join(step["said"] for step in posting.steps.values() if step.get("said"))


def _begin(question: Question, division: Division, values: Values, by: User) -> CardWrite:
    reference = f"PK-{uuid4().hex[:12].upper()}"
    posting = Posting.objects.create(
        reference=reference,
        division=division,
        method=Method.SUPPLIER,
        plan=_plan(values, division, reference),
        created_at=clock.now(),
        next_attempt_at=clock.now(),
    )
    return CardWrite.objects.create(
        administration=question.administration,
        question=question,
        posting=posting,
        act=CardAct.CREATE,
        name=values["name"],
        values=values,
        asked_by=by,
        asked_at=clock.now(),
    )


def _again(write: CardWrite, values: Values, by: User) -> CardWrite:
    """Send what was refused again: the same posting, so that what was done stays done and is looked for."""
    posting = write.posting
    hit = Posting.objects.filter(pk=posting.pk, state=PostingState.REFUSED).update(
        state=PostingState.WAITING,
        plan=_plan(values, posting.division, posting.reference),
        attempts=0,
        looks=0,
        words="",
        cause="",
        finished_at=None,
        next_attempt_at=clock.now(),
    )
    if hit != 1:
        raise Refused(_under_way())
    write.name, write.values, write.asked_by, write.asked_at = values["name"], values, by, clock.now()
    write.save(update_fields=["name", "values", "asked_by", "asked_at"])
    write.posting.refresh_from_db()
    return write


def _plan(values: Values, division: Division, reference: str) -> dict[str, object]:
    namesakes = Relation.objects.filter(division=division, name=values["name"])
    known = [str(key) for key in namesakes.values_list("exact_id", flat=True)]
    return card_plans.supplier_plan(values, reference=reference, known=known)


def _under_way() -> str:
    return _("This supplier is being created in Exact already.")


def _twin_words(card: Relation) -> str:
    words = _("There is a card with this number already: %(card)s. Choose that card, or correct the number.")
    if card.blocked or not card.is_supplier:
        words = _(
            "There is a card with this number already: %(card)s. It is blocked or no supplier: release it in Exact."
        )
    return words % {"card": card}
