"""Taking something of ours out of Exact again. What is not ours, or was processed, stays."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.http import Rejected, Temporary, Unauthorised
from apps.exact.client import Exact
from apps.exact.values import filter_guid, integer_of
from apps.posting import refusals
from apps.posting.models import ENTRY, Posting

PROCESSED = 50  # PurchaseEntries.Status (Exact 4.4)
# By resource: its key, and the field in which our reference stands.
_FIELDS = {
    "purchaseentry/PurchaseEntries": ("EntryID", "ExternalLinkReference"),
    "documents/Documents": ("ID", "Subject"),
}


def remove(posting: Posting, step: dict[str, Any], exact: Exact, renew: Callable[[], None]) -> None:
    """Remove what `step` names ("removes": its id, "ours": our reference), unless it is gone already.

    It is looked at first, so that doing it twice is harmless and nothing is removed that does not carry our
    reference. `renew` is called right before the removal. An entry that may not be removed refuses the posting;
    a document that may not is left behind, and said so. Raises Temporary and Unauthorised when nothing was done,
    OutcomeUnknown when no answer came.
    """
    name = step["name"]
    there = _look(step, exact)
    if there is None:
        posting.keep(name, state="done")
        return
    said = posting.steps.get(name, {}).get("said")  # Exact answered in words we do not know, and it is there
    if words := said or _objection(step, there):
        _stays(posting, step, words)
        return
    renew()
    posting.keep(name, state="started")
    try:
        exact.delete(step["resource"], UUID(step["removes"]))
    except Rejected as refusal:
        if refusal.status != 404:
            _stays(posting, step, refusal.words)
            return
    except (Temporary, Unauthorised) as error:
        posting.keep(name, state="unsent")
        if isinstance(error, Temporary) or error.status != 403 or error.reason:
            raise
        _stays(posting, step, str(error))  # this user may not remove such a thing; everything else goes on
        return
    posting.keep(name, state="done")


def _look(step: dict[str, Any], exact: Exact) -> dict[str, Any] | None:
    key, mark = _FIELDS[step["resource"]]
    select = (key, mark, "Status") if step["name"] == ENTRY else (key, mark)
    rows = exact.find(step["resource"], filter=f"{key} eq {filter_guid(step['removes'])}", select=select)
    return rows[0] if rows else None


def _objection(step: dict[str, Any], there: dict[str, Any]) -> str:
    _key, mark = _FIELDS[step["resource"]]
    if step["ours"] not in (there.get(mark) or ""):
        return _("What is there does not carry our reference any more, so it stays.")
    if integer_of(there.get("Status")) == PROCESSED:
        return _("Exact has processed this entry. Correct it there.")
    return ""


def _stays(posting: Posting, step: dict[str, Any], words: str) -> None:
    if step["name"] == ENTRY:
        posting.keep(ENTRY, state="refused")
        posting.refuse(cause=refusals.cause_of(words), words=words)
        return
    posting.left_behind = UUID(step["removes"])
    posting.save(update_fields=["left_behind"])
    posting.keep(step["name"], state="left", said=words)
