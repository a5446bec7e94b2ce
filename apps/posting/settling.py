"""What is in Exact becomes the result of a posting, or the reason why it is refused."""

from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _

from apps.core.causes import Cause
from apps.core.http import Rejected, Unauthorised
from apps.exact.client import Exact
from apps.posting import lookup, packages, refusals, removing
from apps.posting.kinds import KINDS, MADE_BY, Kind
from apps.posting.lookup import Found
from apps.posting.models import ENTRY, IN_LEDGER, Posting


def is_settled_before(posting: Posting, exact: Exact) -> bool:
    """Settle `posting` by what somebody wrote by hand, before anything is written; False when there is nothing.

    An entry is looked for in the ledger. Of an order and a purchase invoice Exact refuses no second one like it
    (Exact facts 5), so it is asked. Raises Temporary, and Unauthorised when the connection as a whole may not.
    """
    name = MADE_BY.get(posting.method, "")
    if name != ENTRY and posting.steps.get(name, {}).get("state") == "started":
        return False  # its own step looks, for it may be ours
    there = lookup.in_ledger(posting) if posting.method in IN_LEDGER else None
    if there and lookup.is_there(there, exact):  # the mirror may show what was deleted since
        _take(posting, KINDS[ENTRY], there)
        return True
    if not name or KINDS[name].is_unique:
        return False
    return packages.is_refused_unasked(posting, name) or _is_asked_and_settled(posting, name, exact)


def _is_asked_and_settled(posting: Posting, name: str, exact: Exact) -> bool:
    try:
        return is_settled(posting, KINDS[name], exact)
    except Rejected as refusal:  # what may be there twice is not written unseen
        posting.refuse(cause=refusals.cause_of(refusal.words), words=refusal.words)
    except Unauthorised as error:
        packages.forbid(posting, name, error)
    return True


def is_settled(posting: Posting, kind: Kind, exact: Exact) -> bool:
    """Look for what `posting` makes and settle it by that; False when Exact has none like it. Raises what `exact` does.

    One with the same number that is not the same is in the way only where the plan says so ("look": "unique").
    """
    there = lookup.in_exact(posting, kind, exact)
    if there is None:
        return False
    if there.ours or there.same:
        _take(posting, kind, there)
        return True
    if there.numbered and posting.plan["look"].get("unique"):
        words = _(
            "Exact has this number of this supplier already, as %(number)s, with another date or amount."
        )
        posting.refuse(cause=Cause.POSSIBLE_DOUBLE, words=words % {"number": there.number})
        return True
    return False


def adopt(posting: Posting, kind: Kind, found: Found) -> None:
    """Take what is in Exact as the result of `posting`; `adopted` says when it was not we who wrote it.

    A document that we made for it already goes, unless that entry or order hangs on it.
    """
    if not found.ours:
        removing.tidy_up(posting)
    finish(posting, kind, found.exact_id, found.number, adopted=not found.ours)


def finish(posting: Posting, kind: Kind, exact_id: str, number: str, *, adopted: bool) -> None:
    """Finish a posting with its result: its id and number in Exact, and where it opens there."""
    posting.finish(exact_id=exact_id, number=number, url=kind.opens_at(posting, exact_id), adopted=adopted)


def refuse(posting: Posting, step: dict[str, Any], words: str, exact: Exact) -> None:
    """Refuse `posting` with Exact's words about `step`, unless they say that it is there and a look finds it."""
    posting.keep(step["name"], state="refused")
    cause = refusals.cause_of(words)
    kind = KINDS.get(step["name"])
    if kind and refusals.says_it_exists(words):
        with suppress(Rejected):
            if is_settled(posting, kind, exact):
                return
        # An order number that we sent is of an order that is there; any other number says nothing.
        is_sent = kind.number in step["payload"] and not kind.is_unique
        is_numbering = refusals.is_about_numbering(words) and not is_sent
        cause = Cause.REJECTED_BY_EXACT if is_numbering else Cause.POSSIBLE_DOUBLE
    posting.refuse(cause=cause, words=words)


def _take(posting: Posting, kind: Kind, there: Found) -> None:
    """Take what is there as the result, unless another document of ours became it: then it is a double."""
    if not there.taken:
        adopt(posting, kind, there)
        return
    words = _("Exact has this number, date and amount already, as %(number)s: another document became that.")
    posting.refuse(cause=Cause.POSSIBLE_DOUBLE, words=words % {"number": there.number})
