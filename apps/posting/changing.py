"""Changing what is in Exact already: a field of an order, or of one of its lines. What somebody changed there meanwhile
is never written over.

Writing the same values twice is harmless, so after a lost answer it is looked at and, if need be, written again.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from apps.core import clock
from apps.core.http import Rejected, Temporary, Unauthorised
from apps.exact.client import Exact
from apps.exact.values import filter_guid, integer_of
from apps.posting import packages, refusals
from apps.posting.change_words import differing, ended, gone, is_equal, sentence
from apps.posting.kinds import BY_RESOURCE
from apps.posting.lookup import Unsettled
from apps.posting.models import Posting

Step = dict[str, Any]
Row = dict[str, Any]
UNDER_WAY = "changing"
AS_PLANNED = timedelta(minutes=1)  # so long it is as whoever made the plan saw it


def change(posting: Posting, step: Step, exact: Exact, renew: Callable[[], None]) -> None:
    """Write the payload of `step` over what has the id "changes", if all of "before" is still so there.

    What was planned a while ago is written only while what it belongs to is open: "while_open" of the plan,
    {"resource", "id", "ended": {field: [values]}}, is asked first.

    {"name", "resource", "changes": id, "payload": {field: value}, "before": {field: value}, "line"?: its number}.
    Nothing is sent when the values are there already. What was changed meanwhile, or is gone, refuses the posting in
    words. `renew` is called right before the write. Raises Temporary and Unauthorised when nothing was written,
    OutcomeUnknown when no answer came, Unsettled when a look after that was refused.
    """
    payload = posting.payload_of(step)
    try:
        there = _there(step, payload, exact)
        is_ended = there is not None and not is_equal(payload, there) and _is_ended(posting, exact)
    except Rejected as refusal:
        if _kept(posting, step).get("state") == UNDER_WAY:  # it says nothing about what was sent
            raise Unsettled(refusal.words) from refusal
        _refuse(posting, step, refusal.words)
        return
    except Unauthorised as error:
        packages.forbid(posting, step["name"], error)
        return
    if words := _obstacle(posting, step, payload, there):
        _refuse(posting, step, words)
    elif there is not None and is_equal(payload, there):
        posting.keep(step["name"], state="done", id=step["changes"])
    elif is_ended:
        _refuse(posting, step, ended())
    else:
        renew()
        _put(posting, step, payload, exact)


def _there(step: Step, payload: Row, exact: Exact) -> Row | None:
    kind = BY_RESOURCE.get(step["resource"])
    key = kind.key if kind else "ID"
    fields = tuple(dict.fromkeys((key, *payload, *step["before"])))
    rows = exact.find(step["resource"], filter=f"{key} eq {filter_guid(step['changes'])}", select=fields)
    return rows[0] if rows else None


def _is_ended(posting: Posting, exact: Exact) -> bool:
    """Tell whether what is changed has ended in Exact since it was planned; no call right after that."""
    asked: Row = posting.plan.get("while_open", {})
    if not asked or clock.now() < posting.created_at + AS_PLANNED:
        return False
    kind = BY_RESOURCE[asked["resource"]]
    by_id = f"{kind.key} eq {filter_guid(asked['id'])}"
    rows = exact.find(asked["resource"], filter=by_id, select=(kind.key, *asked["ended"]))
    return not rows or any(integer_of(rows[0].get(name)) in values for name, values in asked["ended"].items())


def _obstacle(posting: Posting, step: Step, payload: Row, there: Row | None) -> str:
    """Return why nothing is written, in words; "" when nothing is in the way, or nothing is left to do."""
    if there is None:
        return gone(step)
    if is_equal(payload, there):
        return ""
    if changed := differing(step["before"], payload, there):
        return sentence(step, changed, there)
    return str(_kept(posting, step).get("said", ""))  # words that we do not know, and it was not changed


def _put(posting: Posting, step: Step, payload: Row, exact: Exact) -> None:
    name = step["name"]
    posting.keep(name, state=UNDER_WAY)
    try:
        exact.put(step["resource"], UUID(step["changes"]), payload)
    except Rejected as refusal:
        _refuse(posting, step, gone(step) if refusal.status == 404 else refusal.words)
    except (Temporary, Unauthorised) as error:
        posting.keep(name, state="unsent")
        packages.forbid(posting, name, error)
    else:
        posting.keep(name, state="done", id=step["changes"])


def _kept(posting: Posting, step: Step) -> Row:
    kept: Row = posting.steps.get(step["name"], {})
    return kept


def _refuse(posting: Posting, step: Step, words: str) -> None:
    posting.keep(step["name"], state="refused", said="")
    posting.refuse(cause=refusals.cause_of(words), words=words)
