"""Doing the steps of one posting: each is kept before the next, and no write is repeated without a look."""

import logging
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from django.conf import settings

from apps.core.http import Rejected, Temporary, Unauthorised
from apps.exact.client import Exact
from apps.intake.enclosures import PAGE, content_of
from apps.intake.models import Original
from apps.posting import (
    cards,
    changing,
    closing,
    items,
    lookup,
    mailboxes,
    mailing,
    packages,
    removing,
    settling,
)
from apps.posting.card_lookup import ACCOUNTS, BANK_ACCOUNTS
from apps.posting.kinds import KINDS
from apps.posting.lookup import Unsettled
from apps.posting.models import DOCUMENT, MAKES_NOTHING, MESSAGE, Method, Posting
from apps.posting.recording import recorded
from apps.posting.removing import SETTLED

log = logging.getLogger(__name__)
ATTACHMENTS = (lookup.ATTACHMENTS, lookup.MESSAGE_FILES)
MAILBOX = (lookup.MESSAGES, lookup.MESSAGE_FILES)
CARDS = (ACCOUNTS, BANK_ACCOUNTS, items.ITEMS, items.SUPPLIER_ITEMS)


def carry_out(posting: Posting, exact: Exact, renew: Callable[[], None]) -> None:
    """Do what is left of `posting` and finish or refuse it. `renew` is called right before each write: it extends the
    division's lease, and raises when that was lost.

    Raises Temporary and Unauthorised when nothing was written, OutcomeUnknown when a write stayed without an
    answer, Unsettled when an earlier one did and it is too early to say, or Exact would not let us look; of a mail
    mailing.NotNow and mailing.Unseen besides.
    """
    exact, renew = recorded(exact, posting), closing.guarded(posting, renew)
    if settling.is_settled_before(posting, exact):
        return
    for step in posting.plan["steps"]:
        if posting.steps.get(step["name"], {}).get("state") not in SETTLED:
            _act_of(step)(posting, step, exact, renew)
        if posting.finished_at:
            return
    if posting.method == Method.DOCUMENT:
        _hand_over(posting)
    elif posting.method == Method.MAILBOX:
        posting.finish(exact_id=posting.steps.get(MESSAGE, {}).get("id"), number="", url="", adopted=False)
    elif posting.method == Method.SUPPLIER:
        cards.finish(posting)
    elif posting.method == Method.ITEM:
        items.finish(posting)
    elif posting.method in MAKES_NOTHING:
        posting.finish(exact_id=None, number="", url="", adopted=False)


def _act_of(step: dict[str, Any]) -> Callable[[Posting, dict[str, Any], Exact, Callable[[], None]], None]:
    if "removes" in step:
        return removing.remove
    if "mails" in step:
        return mailing.send
    if "changes" in step:
        return changing.change
    return cards.write if step["resource"] in CARDS else _do


def _do(posting: Posting, step: dict[str, Any], exact: Exact, renew: Callable[[], None]) -> None:
    payload = posting.payload_of(step)
    kept = posting.steps.get(step["name"], {})
    if kept.get("state") == "started":
        if _found_again(posting, step, payload, exact):
            return
        if said := kept.get("said"):  # Exact answered in words we do not know, and nothing is there
            posting.keep(step["name"], said="")
            settling.refuse(posting, step, said, exact)
            return
    if not _is_complete(posting, step, payload):
        return
    renew()  # only now: the look, and making a page, may have taken long
    posting.keep(step["name"], state="started")
    try:
        answer = exact.post(step["resource"], payload)
    except (Temporary, Unauthorised) as error:
        posting.keep(step["name"], state="unsent")  # nothing was written, so nothing is to be looked for
        _forbid(posting, step, error)
        return
    except Rejected as refusal:
        settling.refuse(posting, step, refusal.words, exact)
        return
    exact_id = str(answer[step["key"]])
    posting.keep(step["name"], state="done", id=exact_id, number=str(answer.get("HID") or ""))
    if step["name"] in (DOCUMENT, MESSAGE):
        posting.forget(*(one["name"] for one in posting.plan["steps"] if one.get("resource") in ATTACHMENTS))
    elif kind := KINDS.get(step["name"]):
        settling.finish(posting, kind, exact_id, str(answer.get(kind.number) or ""), adopted=False)


def _forbid(posting: Posting, step: dict[str, Any], error: Temporary | Unauthorised) -> None:
    if packages.is_of_one(step["resource"]):
        packages.forbid(posting, step["name"], error)
    else:
        closing.forbid(posting, step["resource"], error)


def _is_complete(posting: Posting, step: dict[str, Any], payload: dict[str, Any]) -> bool:
    """Put the file, if any, into `payload`; False when nothing is to be sent: no page, or the mailbox changed."""
    if step["name"] == MESSAGE:
        return not mailboxes.is_given_back(posting, step)
    if "original" in step:
        content = _content(posting, step)
        if content is None:
            return False
        payload["Attachment"] = b64encode(content).decode()
    return True


def _content(posting: Posting, step: dict[str, Any]) -> bytes | None:
    """Return what is attached; None when a page for people cannot be made: the booking goes on without it."""
    original = Original.objects.get(pk=step["original"]).content()
    try:
        return content_of(original, step.get("enclosed"))
    except Exception:
        if step.get("enclosed") != PAGE:
            raise
        log.exception("No page could be made for %s", posting.reference)
        posting.keep(step["name"], state="left")
        return None


def _found_again(posting: Posting, step: dict[str, Any], payload: dict[str, Any], exact: Exact) -> bool:
    """Look for a step that was sent without an answer. True: it is there and kept. False: it may be sent again.

    A look that Exact refuses says nothing about what was sent.
    """
    try:
        if _is_there(posting, step, payload, exact):
            return True
    except Rejected as refusal:
        raise Unsettled(refusal.words) from refusal
    except Unauthorised as error:
        if lookup.is_forbidden(error) and step["resource"] in MAILBOX:
            raise Unsettled(str(error)) from error
        raise
    lookup.demand_settled(posting)
    return False


def _is_there(posting: Posting, step: dict[str, Any], payload: dict[str, Any], exact: Exact) -> bool:
    if kind := KINDS.get(step["name"]):
        return settling.is_settled(posting, kind, exact)
    if step["name"] == DOCUMENT:
        exact_id = lookup.document(posting, exact)
    elif step["name"] == MESSAGE:
        exact_id = lookup.message(posting, exact)
    else:
        exact_id = lookup.attachment(step["resource"], payload, exact)
    if exact_id:
        posting.keep(step["name"], state="done", id=exact_id)
        posting.family().filter(left_behind=exact_id).update(left_behind=None)  # it is in use again
    return bool(exact_id)


def _hand_over(posting: Posting) -> None:
    """Finish a posting of a document alone: what it is called in Exact is the document's own number (Exact 4.6)."""
    division, document = posting.division, posting.steps[DOCUMENT]
    url = settings.EXACT_DOCUMENT_URL.format(
        base=division.app.base_url, id=document["id"], division=division.code
    )
    posting.finish(exact_id=document["id"], number=document.get("number", ""), url=url, adopted=False)
