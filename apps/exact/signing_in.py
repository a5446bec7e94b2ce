"""Connecting: the way to Exact's consent page and back, ending in one stored token chain per Exact user."""

import hmac
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core import clock, queue
from apps.core.http import RemoteError, Unauthorised
from apps.exact import chain, cursors
from apps.exact import connection as oauth
from apps.exact.client import Exact
from apps.exact.models import Connection, ConnectionStatus, Division, ExactApp, SignIn
from apps.exact.values import guid_of, integer_of, moment_of, text_of
from apps.people.models import User

STATE_LIFE = timedelta(minutes=10)
_MOVES = ("DivisionMoveDate", "DivisionHRLinkUnlinkDate")
_OUT = (ConnectionStatus.LOST, ConnectionStatus.BLOCKED)
_PAIR = ("access_token", "refresh_token", "issued_at", "expires_at")


class SignInRefused(Exception):
    """The way back from Exact led nowhere. The message is a sentence for people."""


class CutOff(SignInRefused):
    """The pair is there and kept; with `state` alone the same person goes on within ten minutes."""

    def __init__(self, words: str, state: str) -> None:
        super().__init__(words)
        self.state = state


def begin(app: ExactApp, user: User | None = None) -> str:
    """Return the address of Exact's consent page for `user` (None: whoever runs a command on this machine).

    Keeps a random state of that person for ten minutes.
    """
    forget_old()
    begun = SignIn.objects.create(app=app, user=user, state=secrets.token_urlsafe(32), begun_at=clock.now())
    return oauth.authorise_url(app, begun.state)


def forget_old() -> None:
    """Delete the sign-ins that are too old to be completed, with the pairs that were kept for them."""
    SignIn.objects.filter(begun_at__lt=clock.now() - STATE_LIFE).delete()


def complete(redirect_url: str, user: User | None = None) -> Connection:
    """Finish what `begin` began, with the address that Exact sent the browser back to.

    Exchanges the code, asks who signed in, keeps the chain (the same Exact user keeps one record) and the
    divisions that it reaches. Whoever was cut off after the exchange opens the same address again within ten
    minutes. Raises SignInRefused with a sentence, whatever went wrong.
    """
    answer = {name: values[0] for name, values in parse_qs(urlsplit(redirect_url).query).items()}
    begun = _begun(answer.get("state", ""), user)
    try:
        draft = _kept_pair(begun) or _exchanged(begun, answer)
    except RemoteError as error:
        raise SignInRefused(_failed_words(error)) from error
    try:
        kept = _keep(draft, Exact(draft).me(), begun)
    except RemoteError as error:
        raise CutOff(_cut_off_words(error), begun.state) from error
    chain.wake(kept)
    try:
        refresh_divisions(kept)
    except RemoteError as error:
        queue.ring("apps.exact.tasks.list_divisions", kept.pk)
        raise SignInRefused(_no_list_words(error)) from error
    return kept


def refresh_divisions(connection: Connection) -> int:
    """Ask which divisions `connection` reaches and keep them; return how many. Raises what Exact answers."""
    exact = Exact(connection)
    rows, complete_list = exact.divisions()
    codes = {integer_of(row.get("Code")): row for row in rows if integer_of(row.get("Code")) > 0}
    taken_over = [code for code, row in codes.items() if _keep_division(connection, code, row)]
    if complete_list:
        connection.divisions.exclude(code__in=codes).update(connection=None)
    if taken_over:
        chain.go_on(connection)
    return len(codes)


def _begun(state: str, user: User | None) -> SignIn:
    """Return the sign-in that `state` belongs to; compared in constant time."""
    mine = SignIn.objects.select_related("app").filter(user=user, begun_at__gte=clock.now() - STATE_LIFE)
    for begun in mine:
        if hmac.compare_digest(begun.state.encode(), state.encode()):
            return begun
    raise _foreign()


def _foreign() -> SignInRefused:
    return SignInRefused(
        _("This answer does not belong to a sign-in that you began in the last ten minutes. Begin again.")
    )


def _kept_pair(begun: SignIn) -> Connection | None:
    """Return the pair that an earlier try got for this sign-in, as an unsaved connection."""
    if not (begun.access_token and begun.issued_at and begun.expires_at):
        return None
    return Connection(app=begun.app, **{name: getattr(begun, name) for name in _PAIR})


def _exchanged(begun: SignIn, answer: dict[str, str]) -> Connection:
    """Use the sign-in up, exchange the code, and keep the pair before anything is asked with it."""
    unused = SignIn.objects.filter(pk=begun.pk, redeemed_at=None)
    if unused.update(redeemed_at=clock.now()) != 1:
        raise SignInRefused(_("This sign-in was cut off before Exact Online answered. Begin again."))
    if "error" in answer or not answer.get("code"):
        SignIn.objects.filter(pk=begun.pk).delete()
        raise SignInRefused(_refused_words(answer.get("error", "")))
    draft = oauth.exchange(begun.app, answer["code"])
    SignIn.objects.filter(pk=begun.pk).update(**{name: getattr(draft, name) for name in _PAIR})
    return draft


def _keep(draft: Connection, me: dict[str, Any], begun: SignIn) -> Connection:
    """Make the pair the chain of whoever signed in; once, for the kept pair goes with it.

    Exact keeps the pair of the latest sign-in of a user (1.3). Of two at once the earlier one may come here last.
    """
    exact_user = guid_of(me.get("UserID"))
    if exact_user is None:
        raise Unauthorised(_("Exact Online did not say who signed in."))
    with transaction.atomic():
        if SignIn.objects.filter(pk=begun.pk).delete()[0] != 1:
            raise _foreign()
        kept = Connection.objects.select_for_update().filter(app=draft.app, exact_user=exact_user).first()
        if kept is None:
            return _created(draft, exact_user, me, begun.user)
        overtaken = draft.issued_at < kept.connected_at <= clock.now()
        return kept if overtaken else _refreshed(kept, draft, me, begun.user)


def _created(draft: Connection, exact_user: UUID, me: dict[str, Any], user: User | None) -> Connection:
    draft.exact_user, draft.user_name, draft.owner = exact_user, _name(me), user
    draft.connected_at = draft.issued_at
    draft.save()
    return draft


def _refreshed(kept: Connection, draft: Connection, me: dict[str, Any], user: User | None) -> Connection:
    """Give the stored chain of the same Exact user the new pair, for Exact has ended the old one (1.3)."""
    values = {
        **{name: getattr(draft, name) for name in _PAIR},
        **chain.SOUND,
        "asked_at": None,
        "warned_at": None,
        "connected_at": draft.issued_at,
        "user_name": _name(me),
        "owner": user or kept.owner,
        "version": kept.version + 1,
    }
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save(update_fields=list(values))
    return kept


def _name(me: dict[str, Any]) -> str:
    return (text_of(me.get("FullName")) or text_of(me.get("UserName")) or "Exact")[:200]


@transaction.atomic
def _keep_division(connection: Connection, code: int, row: dict[str, Any]) -> bool:
    """Store one division; True when it was known and is served by `connection` from now on.

    One that another living connection serves stays with that one. A move and the restart that it asks for are
    stored together.
    """
    values = _values_of(row, code)
    known = {"seen_at": clock.now(), **values}
    division, made = Division.objects.get_or_create(app=connection.app, code=code, defaults=known)
    changed = [name for name, value in values.items() if getattr(division, name) != value]
    if changed:  # what stays as it was does not go into the history each night
        for name in changed:
            setattr(division, name, values[name])
        division.save(update_fields=changed)
    if "moved_at" in changed:
        cursors.restart(division)
    same = Division.objects.filter(pk=division.pk)
    same.update(seen_at=known["seen_at"])
    free = Q(connection=None) | Q(connection__status__in=_OUT)
    taken = same.filter(free).exclude(connection=connection).update(connection=connection)
    same.filter(connection=connection).exclude(refused="").update(refused="")
    return bool(taken and not made)


def _values_of(row: dict[str, Any], code: int) -> dict[str, Any]:
    values: dict[str, Any] = {
        "hid": integer_of(row.get("Hid") or row.get("HID")) or None,
        "name": text_of(row.get("Description"))[:200] or str(code),
        "customer_name": text_of(row.get("CustomerName"))[:200],
        "vat_number": text_of(row.get("VATNumber"))[:40],
        "country": text_of(row.get("Country"))[:2] or "NL",
        "currency": text_of(row.get("Currency"))[:3] or "EUR",
    }
    if "ChamberOfCommerceNumber" in row:
        values["chamber_of_commerce"] = text_of(row["ChamberOfCommerceNumber"])[:40]
    if moved := [moment for name in _MOVES if (moment := moment_of(row.get(name)))]:
        values["moved_at"] = max(moved)
    return values


def _refused_words(error: str) -> str:
    if not error:
        return _("The address holds no code from Exact Online. Begin again.")
    if error == "access_denied":
        return _("You did not give access in Exact Online. Nothing was connected.")
    return _("Exact Online refused the sign-in (%(error)s). Begin again.") % {"error": error[:60]}


def _failed_words(error: RemoteError) -> str:
    if isinstance(error, oauth.Refused):
        return _(
            "Exact Online no longer accepts this code; it lives three minutes and works once. Begin again."
        )
    return _("The sign-in did not come to its end: %(words)s Begin again.") % {"words": error.words or error}


def _cut_off_words(error: RemoteError) -> str:
    return _(
        "The sign-in did not come to its end: %(words)s Go on with it within ten minutes, or begin again."
    ) % {"words": error.words or error}


def _no_list_words(error: RemoteError) -> str:
    return _(
        "You are connected, but the list of divisions did not come: %(words)s It is read again by itself."
    ) % {"words": error.words or error}
