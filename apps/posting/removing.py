"""Taking something of ours out of Exact again. What is not ours, was changed or processed, or is in use stays."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.http import Rejected, Temporary, Unauthorised
from apps.exact.client import Exact
from apps.exact.values import date_of, filter_guid, filter_text, text_of
from apps.posting import refusals
from apps.posting.kinds import BY_RESOURCE, KINDS, MADE_BY, Kind
from apps.posting.models import DOCUMENT, ENTRY, RESULTS, Method, Posting

SETTLED = ("done", "left")
DOCUMENTS, ENTRIES = "documents/Documents", KINDS[ENTRY].resource


def step(name: str, resource: str, removes: str | None, posting: Posting, **more: Any) -> dict[str, Any]:
    """Return the step that removes what has the id `removes` in Exact, if it carries the reference of `posting`.

    Without an id: the document whose subject carries it. `more`: "as_booked", how an entry or order must still look
    (a posting's "look"); "only", true when there is nothing to do without this.
    """
    known = {"name": name, "resource": resource, "removes": removes, "ours": posting.reference}
    if resource == DOCUMENTS and posting.method in (Method.ORDER, Method.INVOICE):
        known["used_by"] = KINDS[MADE_BY[posting.method]].resource
    return {**known, **more}


def leavings(posting: Posting) -> list[dict[str, Any]]:
    """Return the steps that remove the documents which `posting` made, or may have made, and no entry of ours has."""
    kept = posting.steps.get(DOCUMENT)
    steps = [step(DOCUMENT, DOCUMENTS, kept.get("id"), posting)] if kept and _may_be_there(kept) else []
    earlier = (one for one in posting.plan["steps"] if "removes" in one and one["resource"] == DOCUMENTS)
    undone = [one for one in earlier if posting.steps.get(one["name"], {}).get("state") not in SETTLED]
    return [*undone, *steps]


def _may_be_there(kept: dict[str, Any]) -> bool:
    return kept.get("state") in ("started", "done")


def tidy_up(posting: Posting) -> bool:
    """Have removed what `posting` left in Exact without an entry; False when there is nothing."""
    steps = leavings(posting)
    if steps:
        posting.further(Method.REMOVAL, {"steps": steps})
    return bool(steps)


def remove(posting: Posting, step: dict[str, Any], exact: Exact, renew: Callable[[], None]) -> None:
    """Remove what `step` names, unless it is gone already.

    It is looked at first, so that doing it twice is harmless and nothing is removed that does not carry our
    reference. `renew` is called right before the removal. An entry that may not be removed refuses the posting;
    a document that may not is left behind, and said so. Raises Temporary and Unauthorised when nothing was done,
    OutcomeUnknown when no answer came.
    """
    name = step["name"]
    try:
        there = _look(step, exact)
        if there:
            _demand_removable(posting, step, there, exact)
            renew()
            posting.keep(name, state="removing", id=there[_key(step)])
            exact.delete(step["resource"], UUID(there[_key(step)]))
    except _Stays as stays:
        _stays(posting, step, str(stays), in_use=stays.in_use)
        return
    except Rejected as refusal:
        if refusal.status != 404:
            _stays(posting, step, refusal.words)
            return
    except (Temporary, Unauthorised) as error:
        if posting.steps.get(name, {}).get("state") == "removing":
            posting.keep(name, state="unsent")
        if isinstance(error, Temporary) or error.status != 403 or error.reason:
            raise
        _stays(
            posting, step, str(error)
        )  # this user may not do this to such a thing; everything else goes on
        return
    posting.keep(name, state="done")


def leave(posting: Posting) -> None:
    """Give up on the documents that `posting` was to remove: they stay, and are counted as left behind."""
    for one in posting.plan["steps"]:
        is_open = posting.steps.get(one["name"], {}).get("state") not in SETTLED
        if is_open and "removes" in one and one["resource"] == DOCUMENTS:
            _leave(posting, one, "")


class _Stays(Exception):
    """What is there is not removed. `in_use`: an entry hangs on it, so it is not left behind either."""

    def __init__(self, words: str, *, in_use: bool = False) -> None:
        super().__init__(words)
        self.in_use = in_use


def _key(step: dict[str, Any]) -> str:
    kind = BY_RESOURCE.get(step["resource"])
    return kind.key if kind else "ID"


def _look(step: dict[str, Any], exact: Exact) -> dict[str, Any] | None:
    kind = BY_RESOURCE.get(step["resource"])
    by_id = f"{_key(step)} eq {filter_guid(step['removes'])}" if step["removes"] else ""
    by_mark = f"substringof({filter_text(step['ours'])},Subject) eq true"
    rows = exact.find(
        step["resource"], filter=by_id or by_mark, select=kind.fields if kind else ("ID", "Subject")
    )
    return rows[0] if rows else None


def _demand_removable(posting: Posting, step: dict[str, Any], there: dict[str, Any], exact: Exact) -> None:
    kind = BY_RESOURCE.get(step["resource"])
    is_ours = kind.bears(there, step["ours"]) if kind else step["ours"] in (there.get("Subject") or "")
    if not is_ours:
        raise _Stays(_("What is there does not carry our reference any more, so it stays."))
    if kind and kind.is_closed(there):
        raise _Stays(str(kind.processed))
    if said := posting.steps.get(step["name"], {}).get(
        "said"
    ):  # words that we do not know, and it is there still
        raise _Stays(said)
    if kind and step.get("as_booked") and not _is_as_booked(step["as_booked"], there, kind):
        raise _Stays(str(kind.changed))
    if step["resource"] == DOCUMENTS and _is_in_use(step, there, exact):
        raise _Stays(_("An entry in Exact hangs on this document, so it stays."), in_use=True)


def _is_as_booked(look: dict[str, Any], there: dict[str, Any], kind: Kind) -> bool:
    day = date_of(there.get(kind.date))
    return (
        text_of(there.get("Supplier")) == look["supplier"]
        and text_of(there.get("YourRef")) == look["your_ref"].strip()
        and (day is not None and day.isoformat() == look["date"])
        and kind.total_of(there) == Decimal(look["amount"])
    )


def _is_in_use(step: dict[str, Any], document: dict[str, Any], exact: Exact) -> bool:
    """Tell whether an entry, or what else the posting would have made, hangs on a document."""
    hanging = f"Document eq {filter_guid(document['ID'])}"
    kinds = (BY_RESOURCE[resource] for resource in dict.fromkeys((ENTRIES, step.get("used_by", ENTRIES))))
    return any(exact.find(kind.resource, filter=hanging, select=(kind.key,)) for kind in kinds)


def _stays(posting: Posting, step: dict[str, Any], words: str, *, in_use: bool = False) -> None:
    if step["name"] in RESULTS or step.get("only"):
        posting.keep(step["name"], state="refused")
        posting.refuse(cause=refusals.cause_of(words), words=words)
    else:
        _leave(posting, step, words, in_use=in_use)


def _leave(posting: Posting, step: dict[str, Any], words: str, *, in_use: bool = False) -> None:
    posting.keep(step["name"], state="left", said=words)
    exact_id = step["removes"] or posting.steps[step["name"]].get("id")
    if exact_id and not in_use:
        posting.left_behind = UUID(exact_id)
        posting.save(update_fields=["left_behind"])
