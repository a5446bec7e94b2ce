"""Writing cards into Exact: a new relation, an account number of one, the fields that one lacks, a new item and its
link with a supplier. Each looks first, before it is sent for the first time as well as after an answer that never came.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.clients.models import Administration, Mode
from apps.core.causes import Cause
from apps.core.http import Rejected, Temporary, Unauthorised
from apps.exact.client import Exact
from apps.exact.values import text_of
from apps.posting import card_lookup, items
from apps.posting.card_lookup import FoundCard, plain
from apps.posting.lookup import Unsettled, demand_settled, taken_by_others
from apps.posting.models import ACCOUNT, Posting

Step = dict[str, Any]
Row = dict[str, Any]


def write(posting: Posting, step: Step, exact: Exact, renew: Callable[[], None]) -> None:
    """Do one step of a card: nothing is sent for what is there already. `renew` is called right before a write.

    What Exact refuses, or does not let this user do, refuses the posting, so that bookings behind it go on. Raises
    Temporary and Unauthorised when nothing was written, OutcomeUnknown when no answer came, Unsettled when an
    earlier write got none and it is too early to say, or Exact would not let us look.
    """
    was_sent = posting.steps.get(step["name"], {}).get("state") == "started"
    try:
        payload = _to_send(posting, step, exact, renew, was_sent=was_sent)
    except (Rejected, Unauthorised) as refusal:
        if isinstance(refusal, Unauthorised) and not _is_forbidden(refusal):
            raise
        if was_sent:  # a look that is refused says nothing about what was sent
            raise Unsettled(str(refusal)) from refusal
        _refuse(posting, str(refusal))
        return
    if not payload:
        return
    if said := posting.steps.get(step["name"], {}).get(
        "said"
    ):  # words that we do not know, and nothing is there
        posting.keep(step["name"], state="refused", said="")
        _refuse(posting, said)
        return
    if Administration.objects.filter(division=posting.division_id, mode=Mode.PILOT).exists():
        _refuse(posting, _("On pilot nothing is written into Exact."))
        return
    renew()
    _send(posting, step, payload, exact)


def finish(posting: Posting) -> None:
    """Finish a posting of a new supplier: its result is the card."""
    kept = posting.steps[ACCOUNT]
    posting.finish(
        exact_id=kept["id"], number=kept.get("number", ""), url="", adopted=bool(kept.get("adopted"))
    )


def _to_send(posting: Posting, step: Step, exact: Exact, renew: Callable[[], None], *, was_sent: bool) -> Row:
    """Return what is still to be sent. Nothing: it is there and kept, or it stands in the way and refused."""
    payload = posting.payload_of(step)
    if "fills" in step:
        return _gaps(posting, step, payload, exact)
    match step["resource"]:
        case items.ITEMS:
            is_settled = items.is_item_there(posting, step, payload, exact, was_sent=was_sent)
        case items.SUPPLIER_ITEMS:
            is_settled = items.is_link_there(posting, step, payload, renew)
        case card_lookup.ACCOUNTS:
            is_settled = _is_card_there(posting, step, payload, exact, was_sent=was_sent)
        case _:
            is_settled = _is_account_there(posting, step, payload, exact)
    if is_settled:
        return {}
    if was_sent:
        demand_settled(posting)
    return payload


def _is_card_there(posting: Posting, step: Step, payload: Row, exact: Exact, *, was_sent: bool) -> bool:
    """Look for the card. Somebody else's with its number is in the way; after a lost answer it is the result."""
    known = posting.plan["look"].get("known", ())
    found = card_lookup.card_like(payload, exact, by_name=was_sent, known=known)
    if found is None:
        return False
    if not found.ours and (not was_sent or taken_by_others(posting, [found.exact_id])):
        posting.refuse(cause=Cause.POSSIBLE_DOUBLE, words=_in_the_way(found))
        return True
    adopted = {} if found.ours else {"adopted": "yes"}
    posting.keep(step["name"], state="done", id=found.exact_id, number=found.code, **adopted)
    return True


def _in_the_way(found: FoundCard) -> str:
    words = _(
        "Exact has a card with this number already: %(code)s %(name)s. Choose that card, or correct the number."
    )
    return words % {"code": found.code, "name": found.name}


def _is_account_there(posting: Posting, step: Step, payload: Row, exact: Exact) -> bool:
    """Look at the accounts of the card. One that has another account already does not get this one beside it."""
    accounts = card_lookup.accounts_of(payload["Account"], exact)
    if same := accounts.get(plain(payload["BankAccount"])):
        posting.keep(step["name"], state="done", id=same)
    elif accounts:
        said = _("The card has another account number by now, so this one was not added.")
        posting.keep(step["name"], state="left", said=said)
    return bool(accounts)


def _gaps(posting: Posting, step: Step, payload: Row, exact: Exact) -> Row:
    """Return what the card still lacks: what somebody filled in meanwhile is not overwritten."""
    gaps = card_lookup.lacking(step["fills"], payload, exact)
    if gaps is None:
        _refuse(posting, _("This card is not in Exact any more."))
    elif not gaps:
        posting.keep(step["name"], state="done", id=step["fills"])
    return gaps or {}


def _send(posting: Posting, step: Step, payload: Row, exact: Exact) -> None:
    name = step["name"]
    posting.keep(name, state="started")
    try:
        kept = _put_or_post(step, payload, exact)
    except Rejected as refusal:
        if items.says_link_exists(step, refusal.words):
            posting.keep(name, state="left", said=refusal.words)
            return
        posting.keep(name, state="refused")
        _refuse(posting, refusal.words)
    except (Temporary, Unauthorised) as error:
        posting.keep(name, state="unsent")  # nothing was written, so nothing is to be looked for
        if not _is_forbidden(error):
            raise
        _refuse(posting, str(error))
    else:
        posting.keep(name, state="done", **kept)


def _put_or_post(step: Step, payload: Row, exact: Exact) -> dict[str, str]:
    if "fills" in step:
        exact.put(step["resource"], UUID(step["fills"]), payload)
        return {"id": step["fills"]}
    answer = exact.post(step["resource"], payload)
    return {"id": str(answer["ID"]), "number": text_of(answer.get("Code"))}


def _refuse(posting: Posting, words: str) -> None:
    posting.refuse(cause=Cause.REJECTED_BY_EXACT, words=words)


def _is_forbidden(error: Exception) -> bool:
    """Tell whether this user may not do this to cards, while everything else goes on."""
    return isinstance(error, Unauthorised) and error.status == 403 and not error.reason
