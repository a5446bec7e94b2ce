"""Going on with new items: one is read into the mirror, and is the answer to its question then.

Whatever happens on the way, this goes on from what the rows say: it may run twice, at once, and after a kill.
"""

import logging

from django.utils.translation import gettext as _

from apps.core.setting_aside import OUTAGE
from apps.exact import syncing
from apps.exact.models import Item
from apps.items import answering
from apps.orders.models import ItemWrite
from apps.posting.models import PostingState

log = logging.getLogger(__name__)
MIRRORS = ("items", "supplier_items")  # of what was written


def settle(division: int | None = None) -> int:
    """Go on with what postings have finished, in a division (its key) or everywhere; return how many came to an end.

    The item is read into the mirror at once; when it is there, it is the answer, and its orders move on.
    """
    rows = ItemWrite.objects.told().select_related(
        "posting__division", "question__administration", "asked_by"
    )
    if division is not None:
        rows = rows.filter(posting__division=division)
    return sum(_settle_safely(row) for row in rows.order_by("pk"))


def _settle_safely(write: ItemWrite) -> bool:
    """Go on with one; a fault of ours in it does not stop those behind it, and is met again in a minute."""
    try:
        return _settle(write)
    except OUTAGE:
        raise
    except Exception:
        log.exception("The new item %s could not be gone on with", write.pk)
        return False


def _settle(write: ItemWrite) -> bool:
    posting = write.posting
    is_moot = write.question is None or write.question.answered_at is not None
    if posting.state != PostingState.DONE:
        # nobody can mend what was refused any more
        return is_moot and write.end(remark=_unused(write) if _is_made(write) else "")
    if posting.finished_at is None or syncing.behind(posting.division, MIRRORS, posting.finished_at):
        return False
    item = Item.objects.filter(division=posting.division_id, exact_id=str(posting.exact_id)).first()
    if item is None:
        return write.end(
            remark=_("The new item is not in Exact any more. Choose another one, or make it again.")
        )
    if write.question and not is_moot:
        if write.asked_by is None:
            return write.end(
                item=item.exact_id, remark=_("Item %(code)s is in Exact: choose it.") % {"code": item}
            )
        answering.answer(write.question, item, by=write.asked_by)
    is_unused = write.question is None or write.question.item != item.exact_id
    return write.end(item=item.exact_id, remark=_unused(write) if is_moot and is_unused else "")


def _is_made(write: ItemWrite) -> bool:
    return bool(write.posting.steps.get("item", {}).get("state") == "done")


def _unused(write: ItemWrite) -> str:
    words = _(
        "Item %(code)s was made in Exact, and then another one was chosen. Remove it there, or keep it."
    )
    return words % {"code": write.code}
