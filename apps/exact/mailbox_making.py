"""Finding, making and watching the digital mailboxes of administrations in Exact Online (Exact facts 4.7).

At most one creation of a mailbox is under way: who may send it is decided by a guarded update before the call. A
creation without an answer is looked for before anything is repeated.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from apps.core import clock, queue
from apps.core.http import OutcomeUnknown, RemoteError, Temporary, Unauthorised
from apps.exact import losses, mailbox_states, mailbox_words
from apps.exact.client import Exact
from apps.exact.mailbox_naming import division_of, numbers_of
from apps.exact.mailbox_states import Before, Seen
from apps.exact.mailbox_words import Refusal
from apps.exact.models import ConnectionStatus, DigitalMailbox, Division, MailboxState
from apps.exact.turns import Turn, TurnLost, turn
from apps.exact.values import guid_of, integer_of

LOOK = "apps.exact.mailbox_tasks.look_at_mailbox"
RESOURCE, DEFAULT = "mailbox/Mailboxes", "read/mailbox/DefaultMailbox"
AGAIN, SOON = timedelta(minutes=5), timedelta(minutes=1)
_FIELDS = ("ID", "Mailbox", "ForDivision")
_ASKED_ELSEWHERE = 5  # divisions of the same company that are asked whose a mailbox is
_NAME = 60  # characters of Description


def other_division(mailbox: DigitalMailbox) -> str:
    """Return what is known of the other division that a mailbox is bound to: name and number; "" for none."""
    ours = division_of(mailbox.administration)
    if not mailbox.for_division or (ours and ours.code == mailbox.for_division):
        return ""
    known = Division.objects.filter(code=mailbox.for_division, app=ours.app if ours else None).first()
    return str(known or mailbox.for_division)


def due() -> list[int]:
    """Return the mailboxes to look at now, by primary key; each is put off a little, in case its bell is lost."""
    now, found = clock.now(), []
    for mailbox in DigitalMailbox.objects.filter(check_at__lte=now).order_by("check_at"):
        same = DigitalMailbox.objects.filter(pk=mailbox.pk, check_at=mailbox.check_at)
        if same.update(check_at=now + AGAIN) == 1:
            found.append(mailbox.pk)
    return found


def of_the_night() -> list[int]:
    """Return the mailboxes that may have vanished or moved, by primary key: those that can be looked at."""
    alive = DigitalMailbox.objects.filter(administration__division__connection__status=ConnectionStatus.ALIVE)
    return list(alive.exclude(state=MailboxState.NONE).order_by("pk").values_list("pk", flat=True))


def look(mailbox: DigitalMailbox) -> None:
    """Ask Exact how a mailbox stands, and make it when somebody wants that and it is not there.

    Never raises what Exact answers: the row says it. Does nothing while no division is linked.
    """
    division = division_of(mailbox.administration)
    if division is None:
        mailbox.settle(check_at=None)
        return
    with turn(division) as held:
        if held is None:
            mailbox.settle(check_at=clock.now() + SOON)
            return
        try:
            _look(mailbox, division, held)
        except TurnLost:  # `check_at` brings somebody else here
            return


def _look(mailbox: DigitalMailbox, division: Division, held: Turn) -> None:
    exact = Exact(division)
    try:
        seen = _found(exact, mailbox, division.code)
    except RemoteError as error:
        _keep_trouble(mailbox, error)
        return
    if seen and seen.address != mailbox.address:
        if _offer(mailbox, seen.address):
            return
        seen = None
    if seen is None and mailbox.is_wanted:
        _make(mailbox, division, exact, held)
    else:
        _keep_seen(mailbox, division, seen)


def _found(exact: Exact, mailbox: DigitalMailbox, division: int) -> Seen | None:
    """Return the mailbox of this address, or the division's default one, which may have another address."""
    quoted = mailbox.address.replace("'", "''")
    rows = exact.find(RESOURCE, f"Mailbox eq '{quoted}'", _FIELDS)
    seen = mailbox_states.chosen(rows, mailbox.address, division)
    return seen or mailbox_states.own(exact.find(DEFAULT, ""), division)


def _offer(mailbox: DigitalMailbox, address: str) -> bool:
    """Ask a person whether a default mailbox of another name is to be used; False when that is no question: it was
    answered, another administration has it, or our own may only not show yet.
    """
    now, wait = clock.now(), timedelta(minutes=settings.EXACT_MAILBOX_MINUTES)
    is_young = mailbox.asked_at is not None and now < mailbox.asked_at + wait
    is_answered = mailbox.offered == address and mailbox.state != MailboxState.OFFERED
    if is_young or is_answered or DigitalMailbox.objects.filter(address=address).exists():
        return False
    found: dict[str, Any] = {"state": MailboxState.OFFERED, "offered": address, "words": ""}
    mailbox.settle(asked_at=None, checked_at=now, check_at=None, **found)
    return True


def _keep_seen(mailbox: DigitalMailbox, division: Division, seen: Seen | None) -> None:
    now, minutes = clock.now(), settings.EXACT_MAILBOX_MINUTES
    before = Before(mailbox.state, mailbox.exact_id is not None, mailbox.asked_at)
    state = mailbox_states.judged(before, seen, division.code, now, minutes)
    values: dict[str, Any] = {
        "state": state,
        "checked_at": now,
        "check_at": None
        if state == MailboxState.ACTIVE
        else mailbox_states.next_look(mailbox.asked_at, now, minutes),
    }
    if seen:
        values |= {
            "exact_id": seen.key,
            "for_division": seen.division,
            "words": "",
        }
    if mailbox.settle(**values) and state == MailboxState.ACTIVE != before.state:
        queue.ring("mailbox_changed", mailbox.administration_id)


def _make(mailbox: DigitalMailbox, division: Division, exact: Exact, held: Turn) -> None:
    """Send the one creation: whoever loses the claim leaves it to the other."""
    now = clock.now()
    if not mailbox.settle(state=MailboxState.FRESH, asked_at=now, check_at=now + SOON, checked_at=now):
        return
    held.renew()
    wanted = {
        "Mailbox": mailbox.address,
        "ForDivision": division.code,
        "Description": mailbox.administration.name[:_NAME],
    }
    try:
        made = exact.post(RESOURCE, wanted)
    except Temporary as error:
        mailbox.settle(state=MailboxState.NONE, asked_at=None, **_later(error))
    except RemoteError as error:
        _keep_refusal(mailbox, division, error)
    else:
        key, bound = guid_of(made.get("ID")), integer_of(made.get("ForDivision")) or division.code
        _keep_seen(mailbox, division, Seen(key, mailbox.address, bound) if key else None)


def _keep_refusal(mailbox: DigitalMailbox, division: Division, error: RemoteError) -> None:
    is_unknown = isinstance(error, OutcomeUnknown)
    if _is_about_access(error):
        mailbox.settle(state=MailboxState.NONE, asked_at=None, check_at=None, words=error.words)
        return
    meant = mailbox_words.refusal_of(None if is_unknown else error.status, error.words)
    if meant in (None, Refusal.THERE):  # it may be there: the next looks tell
        mailbox.settle(words=error.words or str(error))
        return
    values: dict[str, Any] = {"state": str(meant), "words": error.words, "exact_id": None}
    other = _whose(mailbox, division) if meant == Refusal.ELSEWHERE else None
    mailbox.settle(asked_at=None, check_at=None, for_division=other, **values)


def _whose(mailbox: DigitalMailbox, division: Division) -> int | None:
    """Return which other division of the same company a mailbox is bound to: Exact does not tell who asked."""
    same = Division.objects.filter(app=division.app, connection__status=ConnectionStatus.ALIVE)
    numbers = {*numbers_of(mailbox.administration), division.chamber_of_commerce} - {""}
    others = (
        same.filter(chamber_of_commerce__in=numbers).exclude(pk=division.pk).select_related("connection__app")
    )
    for other in others.order_by("code")[:_ASKED_ELSEWHERE]:
        with turn(other) as held:
            try:
                rows = Exact(other).find(RESOURCE, f"Mailbox eq '{mailbox.address}'", _FIELDS) if held else []
            except RemoteError:
                continue
        seen = mailbox_states.chosen(rows, mailbox.address, other.code)
        if seen:
            return seen.division
    return None


def _keep_trouble(mailbox: DigitalMailbox, error: RemoteError) -> None:
    """Keep why it could not be looked at: no rights to mailboxes, or what the clock or a sign-in solves."""
    if isinstance(error, Temporary):
        mailbox.settle(**_later(error))
    elif isinstance(error, Unauthorised) and not _is_about_access(error):
        values: dict[str, Any] = {"state": MailboxState.FORBIDDEN, "words": error.words}
        mailbox.settle(checked_at=clock.now(), check_at=None, asked_at=None, **values)
    else:
        mailbox.settle(check_at=None, words=error.words or str(error))


def _is_about_access(error: RemoteError) -> bool:
    """Tell whether a refusal is about the connection or the whole division, which others look after."""
    return isinstance(error, Unauthorised) and (
        error.status == 401 or losses.of_reason(error.reason) is not None
    )


def _later(error: Temporary) -> dict[str, Any]:
    at = clock.now() + AGAIN
    if error.retry_at_ms:
        at = max(at, datetime.fromtimestamp(error.retry_at_ms / 1000, UTC))
    return {"words": error.words or str(error), "check_at": at}
