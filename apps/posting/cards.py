"""Writing cards into Exact: a new relation, a bank account of one, the fields that one lacks. Each looks first.

Nothing makes a relation or an account unique in Exact (facts 5), so what is there is asked before anything is sent
for the first time as well as after an answer that never came. Our reference stands in the card's search code, one
of the few fields that can be both written and filtered on (facts 3.6).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.causes import Cause
from apps.core.http import Rejected, Temporary, Unauthorised
from apps.exact.client import Exact
from apps.exact.values import filter_guid, filter_text, guid_of, text_of
from apps.posting.lookup import Unsettled, demand_settled, taken_by_others
from apps.posting.models import ACCOUNT, Posting

ACCOUNTS, BANK_ACCOUNTS = "crm/Accounts", "crm/BankAccounts"
RESOURCES = (ACCOUNTS, BANK_ACCOUNTS)
MARK = "SearchCode"
NUMBERS = ("VATNumber", "ChamberOfCommerce")  # a company has one of each
_CARD = ("ID", "Code", "Name", MARK, *NUMBERS)

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
        payload = _look(posting, step, was_sent, exact)
    except (Rejected, Unauthorised) as refusal:
        if isinstance(refusal, Unauthorised) and not _is_forbidden(refusal):
            raise
        if was_sent:
            raise Unsettled(str(refusal)) from refusal
        posting.refuse(cause=Cause.REJECTED_BY_EXACT, words=str(refusal))
        return
    if payload is not None and not posting.finished_at:
        _send(posting, step, payload, exact, renew)


def finish(posting: Posting) -> None:
    """Finish a posting of a new supplier: its result is the card."""
    kept = posting.steps[ACCOUNT]
    adopted = bool(kept.get("adopted"))
    posting.finish(exact_id=kept["id"], number=kept.get("number", ""), url="", adopted=adopted)


def _look(posting: Posting, step: Step, was_sent: bool, exact: Exact) -> Row | None:
    """Return what is still to be sent, None when there is nothing: it is there, or the posting was refused."""
    payload = posting.payload_of(step)
    if "fills" in step:
        return _lacking(posting, step, payload, exact)
    is_there = _account_is_there if step["resource"] == ACCOUNTS else _bank_account_is_there
    if is_there(posting, step, payload, was_sent, exact):
        return None
    if was_sent:
        demand_settled(posting)
    return payload


def _send(posting: Posting, step: Step, payload: Row, exact: Exact, renew: Callable[[], None]) -> None:
    name = step["name"]
    if said := posting.steps.get(name, {}).get("said"):  # words that we do not know, and nothing came of it
        posting.keep(name, state="refused", said="")
        posting.refuse(cause=Cause.REJECTED_BY_EXACT, words=said)
        return
    renew()
    posting.keep(name, state="started")
    try:
        if "fills" in step:
            exact.put(step["resource"], UUID(step["fills"]), payload)
            posting.keep(name, state="done", id=step["fills"])
            return
        answer = exact.post(step["resource"], payload)
    except Rejected as refusal:
        posting.keep(name, state="refused")
        posting.refuse(cause=Cause.REJECTED_BY_EXACT, words=refusal.words)
    except (Temporary, Unauthorised) as error:
        posting.keep(name, state="unsent")  # nothing was written, so nothing is to be looked for
        if not _is_forbidden(error):
            raise
        posting.refuse(cause=Cause.REJECTED_BY_EXACT, words=str(error))
    else:
        posting.keep(name, state="done", id=str(answer["ID"]), number=text_of(answer.get("Code")))


def _is_forbidden(error: Exception) -> bool:
    """Tell whether this user may not do this to cards, while everything else goes on."""
    return isinstance(error, Unauthorised) and error.status == 403 and not error.reason


def _account_is_there(posting: Posting, step: Step, payload: Row, was_sent: bool, exact: Exact) -> bool:
    """Look for the new card. Ours is the result; another one with its number refuses, or after a lost answer is it.

    The name alone counts only after a lost answer, for a card that was not known when the plan was made.
    """
    asked = {MARK: payload[MARK], **{name: payload[name] for name in NUMBERS if payload.get(name)}}
    if was_sent:
        asked["Name"] = payload["Name"]
    rows = exact.find(ACCOUNTS, " or ".join(f"{name} eq {filter_text(asked[name])}" for name in asked), _CARD)
    known = set(posting.plan["look"].get("known", ()))
    found = next((row for row in rows if row.get(MARK) == payload[MARK]), None)
    adopted = found is None
    found = found or next((row for row in rows if _has_number_of(row, payload)), None)
    found = found or next(
        (row for row in rows if _is_namesake(row, payload) and row["ID"] not in known), None
    )
    if found is None:
        return False
    key = text_of(found["ID"])
    if adopted and (not was_sent or taken_by_others(posting, [key])):
        posting.refuse(cause=Cause.POSSIBLE_DOUBLE, words=_there_already(found))
        return True
    mark = {"adopted": "yes"} if adopted else {}
    posting.keep(step["name"], state="done", id=key, number=text_of(found.get("Code")), **mark)
    return True


def _there_already(row: Row) -> str:
    words = _(
        "Exact has a card with this number already: %(code)s %(name)s. Choose that card, or correct the number."
    )
    return words % {"code": text_of(row.get("Code")), "name": text_of(row.get("Name"))}


def _has_number_of(row: Row, payload: Row) -> bool:
    return any(payload.get(name) and text_of(row.get(name)) == payload[name] for name in NUMBERS)


def _is_namesake(row: Row, payload: Row) -> bool:
    """Tell whether a card has the same name and no number that says it is another company."""
    pairs = [(text_of(row.get(name)), payload.get(name) or "") for name in NUMBERS]
    return text_of(row.get("Name")) == payload["Name"] and not any(a and b and a != b for a, b in pairs)


def _bank_account_is_there(posting: Posting, step: Step, payload: Row, _sent: bool, exact: Exact) -> bool:
    """Look at the accounts of the card. One that has another account already does not get this one beside it."""
    of_card = f"Account eq {filter_guid(payload['Account'])}"
    rows = exact.find(BANK_ACCOUNTS, of_card, ("ID", "BankAccount"))
    if not rows:
        return False
    same = next((row for row in rows if _plain(row["BankAccount"]) == _plain(payload["BankAccount"])), None)
    if same:
        posting.keep(step["name"], state="done", id=text_of(same["ID"]))
    else:
        said = _("The card has another account number by now, so this one was not added.")
        posting.keep(step["name"], state="left", said=said)
    return True


def _plain(account: Any) -> str:
    return "".join(text_of(account).split()).upper()


def _lacking(posting: Posting, step: Step, payload: Row, exact: Exact) -> Row | None:
    """Return what of `payload` is still empty on the card: what somebody filled in meanwhile is not overwritten."""
    fields = ("ID", *payload)
    rows = exact.find(step["resource"], f"ID eq {filter_guid(step['fills'])}", fields)
    if not rows or guid_of(rows[0].get("ID")) is None:
        posting.refuse(cause=Cause.REJECTED_BY_EXACT, words=_("This card is not in Exact any more."))
        return None
    lacks = {name: value for name, value in payload.items() if not text_of(rows[0].get(name))}
    if not lacks:
        posting.keep(step["name"], state="done", id=step["fills"])
        return None
    return lacks
