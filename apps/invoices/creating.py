"""A new supplier in Exact for a vendor that has none: asked by a person, written by a posting.

The row of models.CardWrite tells how far it is; what it leads to is `answering`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.exact.models import Division
from apps.invoices import card_checks
from apps.invoices.card_books import card_with_number_of, hindrance, namesakes, twin_words
from apps.invoices.card_fields import BANK_FIELDS, Values
from apps.invoices.card_plans import supplier_plan
from apps.invoices.models import CardAct, CardWrite
from apps.invoices.reviewing import Refused
from apps.people.models import User
from apps.posting.models import Method, Posting, PostingState, new_reference
from apps.vendors.models import Question


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
    given = card_checks.cleaned(values)
    if earlier and earlier.is_made:
        kept = {name: value for name, value in earlier.values.items() if name not in BANK_FIELDS}
        given = {**kept, **{name: given[name] for name in BANK_FIELDS if name in given}}
    elif wrong := card_checks.refusals(given):
        raise Refused(next(iter(wrong.values())))
    elif twin := card_with_number_of(given, division):
        raise Refused(twin_words(twin))
    try:
        with transaction.atomic():
            # One at a time in an administration: another question may be about the same vendor.
            Administration.objects.select_for_update(no_key=True).get(pk=question.administration_id)
            if not earlier and _is_made_for_another(question, given["name"]):
                raise Refused(_under_way())
            write = _again(earlier, given, by) if earlier else _begin(question, division, given, by)
            queue.ring("division_due", division.pk)
    except IntegrityError as error:  # another click was first
        raise Refused(_under_way()) from error
    return write


def state_of(questions: Iterable[Question]) -> dict[int, CardWrite]:
    """Return how the new supplier of each of `questions` stands, by question; one query.

    Without one there is none; so is what ended with nothing left to do.
    """
    return CardWrite.objects.last_of(questions, CardAct.CREATE)


def _is_made_for_another(question: Question, name: str) -> bool:
    """Tell whether a card of this name is on its way: one vendor asks twice when its documents name other numbers."""
    others = CardWrite.objects.under_way().filter(act=CardAct.CREATE, name__iexact=name)
    others = others.filter(administration=question.administration).exclude(
        posting__state=PostingState.REFUSED
    )
    return others.first() is not None


def _begin(question: Question, division: Division, values: Values, by: User) -> CardWrite:
    reference = new_reference()
    plan = _plan(values, division, reference)
    posting = Posting.objects.begin(division, Method.SUPPLIER, plan, reference=reference)
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


def _plan(values: Values, division: Division, reference: str) -> dict[str, Any]:
    return supplier_plan(values, reference=reference, known=namesakes(values["name"], division))


def _under_way() -> str:
    return _("This supplier is being created in Exact already.")
