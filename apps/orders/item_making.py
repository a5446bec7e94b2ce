"""A new item in Exact for a line that means none of those there: asked by a person, written by a posting.

The row of models.ItemWrite tells how far it is; what it leads to is `item_settling`.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core import clock, queue
from apps.exact.models import Division
from apps.items.models import ItemQuestion
from apps.orders.item_plans import NewItem, item_plan, wrong_with
from apps.orders.models import ItemWrite
from apps.orders.refused import Refused
from apps.people.models import User
from apps.posting.models import Method, Posting, PostingState, new_reference


def make(question: ItemQuestion, item: NewItem, *, by: User) -> ItemWrite:
    """Have `item` made in Exact as the answer to `question`; nothing is sent in this moment.

    What Exact refused before is sent again with these values; what was made of it stays made and is looked for. Raises
    Refused, in words, when it cannot be, or is under way already.
    """
    administration = question.administration
    division = Division.objects.filter(administration=administration).first()
    if division is None or administration.mode == Mode.PILOT:
        raise Refused(hindrance(administration))
    if question.answered_at is not None:
        raise Refused(_("A colleague answered this question just now."))
    earlier = ItemWrite.objects.under_way().filter(question=question).select_related("posting").first()
    wrong = wrong_with(item, division)
    if earlier and earlier.posting.steps.get("item", {}).get("state") == "done":
        wrong.pop("code", None)  # it is there because we made it
    if wrong:
        raise Refused(next(iter(wrong.values())))
    try:
        with transaction.atomic():
            # One at a time in an administration: another question may be about the same item.
            Administration.objects.select_for_update(no_key=True).get(pk=administration.pk)
            if not earlier and _is_made_for_another(question, item):
                raise Refused(_under_way())
            write = _again(earlier, item, by) if earlier else _begin(question, division, item, by)
            queue.ring("division_due", division.pk)
    except IntegrityError as error:  # another click was first
        raise Refused(_under_way()) from error
    return write


def hindrance(administration: Administration) -> str:
    """Return why no item can be made for `administration` now, in words; "" when one can."""
    if administration.mode == Mode.PILOT:
        return _("On pilot nothing is written into Exact. End the pilot first.")
    if not Division.objects.filter(administration=administration).exists():
        return _("No division of Exact is linked yet.")
    return ""


def _is_made_for_another(question: ItemQuestion, item: NewItem) -> bool:
    others = ItemWrite.objects.under_way().filter(administration=question.administration)
    others = others.filter(code__iexact=item.code.strip())
    return others.exclude(posting__state=PostingState.REFUSED).exists()


def _begin(question: ItemQuestion, division: Division, item: NewItem, by: User) -> ItemWrite:
    reference = new_reference()
    plan = item_plan(item, question, division, reference=reference)
    posting = Posting.objects.begin(division, Method.ITEM, plan, reference=reference)
    return ItemWrite.objects.create(
        administration=question.administration,
        question=question,
        posting=posting,
        code=item.code.strip(),
        values=item.as_json(),
        asked_by=by,
        asked_at=clock.now(),
    )


def _again(write: ItemWrite, item: NewItem, by: User) -> ItemWrite:
    """Send what was refused again: the same posting, so that what was done stays done and is looked for."""
    posting, question = write.posting, write.question
    if question is None:
        raise Refused(_under_way())
    plan = item_plan(item, question, posting.division, reference=posting.reference)
    hit = Posting.objects.filter(pk=posting.pk, state=PostingState.REFUSED).update(
        state=PostingState.WAITING,
        plan=plan,
        attempts=0,
        looks=0,
        words="",
        cause="",
        finished_at=None,
        next_attempt_at=clock.now(),
    )
    if hit != 1:
        raise Refused(_under_way())
    write.code, write.values, write.asked_by, write.asked_at = (
        item.code.strip(),
        item.as_json(),
        by,
        clock.now(),
    )
    write.save(update_fields=["code", "values", "asked_by", "asked_at"])
    write.posting.refresh_from_db()
    return write


def _under_way() -> str:
    return _("This item is being made in Exact already.")
