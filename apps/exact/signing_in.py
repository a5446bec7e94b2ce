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

from apps.core import clock
from apps.core.http import RemoteError, Unauthorised
from apps.exact import connection as oauth
from apps.exact.client import Exact
from apps.exact.models import Connection, ConnectionStatus, Division, ExactApp, SignIn
from apps.exact.values import guid_of, integer_of, text_of
from apps.people.models import User

STATE_LIFE = timedelta(minutes=10)


class SignInRefused(Exception):
    """The way back from Exact led nowhere. The message is a sentence for people."""


def begin(app: ExactApp, user: User | None = None) -> str:
    """Return the address of Exact's consent page for `user` (None: whoever runs a command on this machine).

    Keeps a random state of that person for ten minutes.
    """
    now = clock.now()
    SignIn.objects.filter(begun_at__lt=now - STATE_LIFE).delete()
    begun = SignIn.objects.create(app=app, user=user, state=secrets.token_urlsafe(32), begun_at=now)
    return oauth.authorise_url(app, begun.state)


def complete(redirect_url: str, user: User | None = None) -> Connection:
    """Finish what `begin` began, with the address that Exact sent the browser back to.

    Exchanges the code, asks who signed in, keeps the chain (the same Exact user keeps one record) and the
    divisions that it reaches. Raises SignInRefused with a sentence, whatever went wrong.
    """
    answer = {name: values[0] for name, values in parse_qs(urlsplit(redirect_url).query).items()}
    begun = _redeemed(answer.get("state", ""), user)
    if "error" in answer:
        raise SignInRefused(_refused_words(answer["error"]))
    if not answer.get("code"):
        raise SignInRefused(_("The address holds no code from Exact Online. Begin again."))
    try:
        draft = oauth.exchange(begun.app, answer["code"])
        kept = _keep(draft, Exact(draft).me(), user)
        refresh_divisions(kept)
    except RemoteError as error:
        raise SignInRefused(_failed_words(error)) from error
    return kept


def refresh_divisions(connection: Connection) -> int:
    """Ask which divisions `connection` reaches and keep them; return how many. Raises what Exact answers."""
    exact = Exact(connection)
    rows, complete_list = exact.divisions()
    codes = [_keep_division(connection, row) for row in rows if integer_of(row.get("Code")) > 0]
    if complete_list:
        connection.divisions.exclude(code__in=codes).update(connection=None)
    return len(codes)


def _redeemed(state: str, user: User | None) -> SignIn:
    """Return the sign-in that `state` belongs to, and use it up; compared in constant time."""
    mine = SignIn.objects.select_related("app").filter(user=user, begun_at__gte=clock.now() - STATE_LIFE)
    for begun in mine:
        if hmac.compare_digest(begun.state.encode(), state.encode()):
            used, _counts = SignIn.objects.filter(pk=begun.pk).delete()
            if used:
                return begun
    raise SignInRefused(
        _("This answer does not belong to a sign-in that you began in the last ten minutes. Begin again.")
    )


def _keep(draft: Connection, me: dict[str, Any], user: User | None) -> Connection:
    exact_user = guid_of(me.get("UserID"))
    if exact_user is None:
        raise Unauthorised(_("Exact Online did not say who signed in."))
    with transaction.atomic():
        kept = Connection.objects.select_for_update().filter(app=draft.app, exact_user=exact_user).first()
        return _refreshed(kept, draft, me, user) if kept else _created(draft, exact_user, me, user)


def _created(draft: Connection, exact_user: UUID, me: dict[str, Any], user: User | None) -> Connection:
    draft.exact_user, draft.user_name, draft.owner = exact_user, _name(me), user
    draft.connected_at = clock.now()
    draft.save()
    return draft


def _refreshed(kept: Connection, draft: Connection, me: dict[str, Any], user: User | None) -> Connection:
    """Give the stored chain of the same Exact user the new pair, for Exact has ended the old one (1.3)."""
    kept.access_token, kept.refresh_token = draft.access_token, draft.refresh_token
    kept.issued_at, kept.expires_at = draft.issued_at, draft.expires_at
    kept.status, kept.trouble, kept.connected_at = ConnectionStatus.ALIVE, "", clock.now()
    kept.user_name, kept.owner = _name(me), user or kept.owner
    kept.version += 1
    kept.save(
        update_fields=[
            "access_token",
            "refresh_token",
            "issued_at",
            "expires_at",
            "status",
            "trouble",
            "connected_at",
            "user_name",
            "owner",
            "version",
        ]
    )
    return kept


def _name(me: dict[str, Any]) -> str:
    return (text_of(me.get("FullName")) or text_of(me.get("UserName")) or "Exact")[:200]


def _keep_division(connection: Connection, row: dict[str, Any]) -> int:
    """Store one division; one that another living connection serves stays with that one."""
    code = integer_of(row["Code"])
    values = {
        "hid": integer_of(row.get("Hid") or row.get("HID")) or None,
        "name": text_of(row.get("Description"))[:200] or str(code),
        "customer_name": text_of(row.get("CustomerName"))[:200],
        "vat_number": text_of(row.get("VATNumber"))[:40],
        "country": text_of(row.get("Country"))[:2] or "NL",
        "currency": text_of(row.get("Currency"))[:3] or "EUR",
        "seen_at": clock.now(),
    }
    if "ChamberOfCommerceNumber" in row:
        values["chamber_of_commerce"] = text_of(row["ChamberOfCommerceNumber"])[:40]
    Division.objects.update_or_create(app=connection.app, code=code, defaults=values)
    free = Q(connection=None) | Q(connection__status=ConnectionStatus.LOST)
    Division.objects.filter(free, app=connection.app, code=code).update(connection=connection)
    return code


def _refused_words(error: str) -> str:
    if error == "access_denied":
        return _("You did not give access in Exact Online. Nothing was connected.")
    return _("Exact Online refused the sign-in (%(error)s). Begin again.") % {"error": error[:60]}


def _failed_words(error: RemoteError) -> str:
    if isinstance(error, oauth.ChainEnded):
        return _(
            "Exact Online no longer accepts this code; it lives three minutes and works once. Begin again."
        )
    return _("The sign-in did not come to its end: %(words)s Begin again.") % {"words": error.words or error}
