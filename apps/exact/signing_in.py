"""Connecting: the way to Exact's consent page and back, ending in one stored token chain per Exact user."""

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core import clock, queue
from apps.core.http import RemoteError, Unauthorised
from apps.exact import (
    chain,
    cursors,
    linking,
    losses,
    new_pair,
    reconnecting,
    rescuing,
    sign_in_words,
    visitors,
)
from apps.exact import connection as oauth
from apps.exact.client import Exact
from apps.exact.models import Connection, ConnectionStatus, Division, DivisionStatus, ExactApp, SignIn
from apps.exact.new_pair import PAIR
from apps.exact.values import integer_of, moment_of, text_of
from apps.exact.visitors import Visitor
from apps.people.models import User

STATE_LIFE = timedelta(minutes=10)
_MOVES = ("DivisionMoveDate", "DivisionHRLinkUnlinkDate")
_OUT = (ConnectionStatus.LOST, ConnectionStatus.BLOCKED)
_STATUSES = {0: DivisionStatus.INACTIVE, 1: DivisionStatus.REGULAR, 2: DivisionStatus.ARCHIVED}
_HRM_STATUSES = {0: DivisionStatus.REGULAR, 1: DivisionStatus.ARCHIVED}  # the other list counts otherwise
_MOST_BLOCKING = 32_767
Words = Callable[[], str]


class SignInRefused(Exception):
    """The way back from Exact led nowhere. The message is a sentence for people, in the language of the moment."""

    def __init__(self, words: str | Words) -> None:
        super().__init__(words)
        self._words = words

    def __str__(self) -> str:
        return self._words() if callable(self._words) else self._words


class CutOff(SignInRefused):
    """The pair is there and kept; with `state` alone the same person goes on within ten minutes."""

    def __init__(self, words: str | Words, state: str) -> None:
        super().__init__(words)
        self.state = state


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came back from Exact and what that login opens, by code; nothing of it is kept yet.

    `is_whole`: these are all its divisions. `trouble`: why their list did not come (then there are none).
    """

    begun: SignIn
    draft: Connection
    who: Visitor
    rows: dict[int, dict[str, Any]]
    is_whole: bool = False
    trouble: RemoteError | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What came of a sign-in: the chain, and what to mind of it in sentences."""

    connection: Connection
    warnings: tuple[str, ...] = ()


def begin(
    app: ExactApp,
    user: User | None = None,
    *,
    division: Division | None = None,
    connection: Connection | None = None,
) -> str:
    """Return the address of Exact's consent page for `user` (None: whoever runs a command on this machine).

    Keeps a random state of that person for ten minutes. With a `division` or a `connection` it reconnects these and
    nothing else.
    """
    begun = start(app, user=user, division=division, connection=connection)
    return oauth.authorise_url(app, begun.state)


def start(app: ExactApp, **bound: Any) -> SignIn:
    """Keep that somebody goes to Exact: `bound` holds fields of SignIn."""
    forget_old()
    begun: SignIn = SignIn.objects.create(
        app=app, state=secrets.token_urlsafe(32), begun_at=clock.now(), **bound
    )
    return begun


def forget_old() -> None:
    """Forget the sign-ins that are too old to be completed, with the pairs that no chain may depend on."""
    old = Q(begun_at__lt=clock.now() - STATE_LIFE) | Q(is_over=True)
    rescuing.forget(SignIn.objects.filter(old))


def complete(redirect_url: str, user: User | None = None) -> Connection:
    """Finish what `begin` began and return the chain; as `come_back`."""
    return come_back(redirect_url, user).connection


def come_back(redirect_url: str, user: User | None = None) -> SignedIn:
    """Finish what `begin` began, with the address that Exact sent the browser back to.

    Exchanges the code, asks who signed in and what that login opens, and only when that is what the sign-in was for
    keeps the chain (the same Exact user keeps one record) and its divisions. Whoever was cut off after the exchange
    opens the same address again within ten minutes. Raises SignInRefused with a sentence, whatever went wrong.
    """
    answer = answer_of(redirect_url)
    visit = visited(_begun(answer.get("state", ""), user), answer)
    warnings = [visit.who.warning]
    if reconnecting.is_bound(visit.begun):
        judged = reconnecting.judge(visit.begun, visit.rows, visit.who.user, is_whole=visit.is_whole)
        if judged.refusal:
            raise refused(visit.begun, judged.refusal)
        kept = accept(visit, user, codes=judged.codes)
        if visit.begun.connection_id:
            _keep_rows(kept, visit.rows, is_whole=visit.is_whole, lets_go=False)
        warnings += [judged.warning()] if judged.warning else []
    else:
        kept = _accept_all(visit, user)
    return SignedIn(kept, tuple(filter(None, warnings)))


def visited(begun: SignIn, answer: dict[str, str]) -> Visit:
    """Exchange the code of `answer` (or go on with the pair that was kept), and ask who came and what they open.

    A chain of that Exact user that lives has the new pair from here on, for Exact has ended the old one (1.3);
    otherwise nothing is kept. Raises SignInRefused; after a CutOff the same can be asked again.
    """
    draft = _paired(begun, answer)
    who = _who(begun, draft)
    stored = rescuing.rescue(begun, draft, who)
    if who.is_portal:
        raise refused(begun, lambda: who.refusal)
    try:
        rows, is_whole = Exact(stored or draft).divisions(who.present, reconnecting.codes_of(begun))
    except RemoteError as error:
        return _without_list(begun, draft, who, error)
    return Visit(begun, draft, who, reconnecting.by_code(rows), is_whole)


def accept(
    visit: Visit, owner: User | None, *, codes: Iterable[int], is_shared: bool | None = None
) -> Connection:
    """Keep the chain, and let it serve the divisions of `codes`, whoever served them before, and no others.

    Once, for the kept pair goes with it. Raises SignInRefused when somebody else was faster.
    """
    with transaction.atomic():
        kept = _claimed(visit, owner, is_shared)
        taken = [code for code in sorted(codes) if _keep_division(kept, code, visit.rows[code], asked=True)]
    if taken:
        chain.go_on(kept)
    _announce(kept)
    return kept


def refused(begun: SignIn, words: str | Words) -> SignInRefused:
    """End a sign-in without a result, with the pair that was kept for it; return what to raise."""
    rescuing.forget(SignIn.objects.filter(pk=begun.pk))
    return SignInRefused(words)


def answer_of(redirect_url: str) -> dict[str, str]:
    """Return what Exact gave along with the browser that it sent back."""
    return {name: values[0] for name, values in parse_qs(urlsplit(redirect_url).query).items()}


def shared_sign_in(state: str) -> SignIn | None:
    """Return the sign-in of a share link that `state` belongs to, None when it is no such state."""
    return _of_state(state, share__isnull=False)


def is_of_the_office(state: str) -> bool:
    """Tell whether `state` is of a sign-in of an administrator that can still be completed."""
    return _of_state(state, share=None) is not None


def refresh_divisions(connection: Connection) -> int:
    """Ask which divisions `connection` reaches and keep them; return how many. Raises what Exact answers."""
    rows, is_whole = Exact(connection).divisions()
    return _keep_rows(connection, reconnecting.by_code(rows), is_whole=is_whole)


def _keep_rows(
    connection: Connection, rows: dict[int, dict[str, Any]], *, is_whole: bool, lets_go: bool = True
) -> int:
    """Keep what a list of divisions says; a chain of somebody outside takes none that it was not asked for.

    `lets_go`: what a whole list does not name is served no more.
    """
    if connection.is_shared:
        own = set(connection.divisions.values_list("code", flat=True))
        rows = {code: row for code, row in rows.items() if code in own}
    taken_over = [code for code, row in rows.items() if _keep_division(connection, code, row)]
    connection.list_is_partial = not is_whole
    Connection.objects.filter(pk=connection.pk).update(list_is_partial=not is_whole)
    if is_whole and lets_go:
        connection.divisions.exclude(code__in=list(rows)).update(connection=None)
    if taken_over:
        chain.go_on(connection)
    return len(rows)


def _accept_all(visit: Visit, owner: User | None) -> Connection:
    """Keep the chain and all that the login opens."""
    with transaction.atomic():
        kept = _claimed(visit, owner, is_shared=False)
    if visit.trouble:
        queue.ring("apps.exact.connection_tasks.list_divisions", kept.pk)
        raise SignInRefused(sign_in_words.no_list(_words_of(visit.trouble)))
    _keep_rows(kept, visit.rows, is_whole=visit.is_whole)
    _announce(kept)
    return kept


def _announce(connection: Connection) -> None:
    """Let whoever listens hear that linked divisions are reached by a chain that was given anew."""
    for pk in connection.divisions.exclude(administration=None).values_list("pk", flat=True):
        queue.ring(linking.LINKED, pk)


def _claimed(visit: Visit, owner: User | None, is_shared: bool | None) -> Connection:
    """Use up the sign-in and keep its chain, inside the transaction of the caller."""
    if SignIn.objects.filter(pk=visit.begun.pk, is_over=False).delete()[0] != 1:
        raise SignInRefused(sign_in_words.foreign)
    kept = new_pair.keep(visit.draft, visit.who, owner, is_shared=is_shared)
    chain.wake(kept)
    return kept


def _begun(state: str, user: User | None) -> SignIn:
    begun = _of_state(state, user=user, share=None)
    if begun is None:
        raise SignInRefused(sign_in_words.foreign)
    return begun


def _of_state(state: str, **whose: Any) -> SignIn | None:
    """Return the sign-in that `state` belongs to; compared in constant time."""
    young = SignIn.objects.filter(begun_at__gte=clock.now() - STATE_LIFE, is_over=False, **whose)
    begun: SignIn
    for begun in young.select_related("app", "division", "connection", "share"):
        if hmac.compare_digest(begun.state.encode(), state.encode()):
            return begun
    return None


def _paired(begun: SignIn, answer: dict[str, str]) -> Connection:
    """Return the pair of this sign-in as an unsaved connection: that of an earlier try, or a new one."""
    try:
        return _kept_pair(begun) or _exchanged(begun, answer)
    except oauth.Refused as error:
        raise SignInRefused(sign_in_words.code_refused) from error
    except RemoteError as error:
        raise SignInRefused(sign_in_words.failed(_words_of(error))) from error


def _kept_pair(begun: SignIn) -> Connection | None:
    if not (begun.access_token and begun.issued_at and begun.expires_at):
        return None
    draft = new_pair.of(begun)
    if not chain.is_fresh(draft):
        raise SignInRefused(sign_in_words.foreign)
    return draft


def _exchanged(begun: SignIn, answer: dict[str, str]) -> Connection:
    """Use the sign-in up, exchange the code, and keep the pair before anything is asked with it."""
    unused = SignIn.objects.filter(pk=begun.pk, redeemed_at=None)
    if unused.update(redeemed_at=clock.now()) != 1:
        raise SignInRefused(sign_in_words.cut_off_before)
    if "error" in answer or not answer.get("code"):
        raise refused(begun, lambda: sign_in_words.declined(answer.get("error", "")))
    draft = oauth.exchange(begun.app, answer["code"])
    SignIn.objects.filter(pk=begun.pk).update(**{name: getattr(draft, name) for name in PAIR})
    return draft


def _who(begun: SignIn, draft: Connection) -> Visitor:
    try:
        who = visitors.of(Exact(draft).me(), settings.EXACT_TRIAL_USER_FLAGS)
        if who.user is None:
            raise Unauthorised(_("Exact Online did not say who signed in."))
    except RemoteError as error:
        raise CutOff(sign_in_words.cut_off(_words_of(error)), begun.state) from error
    return who


def _without_list(begun: SignIn, draft: Connection, who: Visitor, error: RemoteError) -> Visit:
    """Judge a list of divisions that did not come: a right is missing, or it may come later."""
    is_barred = losses.of_reason(error.reason) not in {None, *losses.OF_DIVISION}
    if error.status == 403 and is_barred:
        raise refused(begun, lambda: sign_in_words.barred(_words_of(error))) from error
    if error.status == 403:
        raise refused(begun, lambda: sign_in_words.no_scope(who.name)) from error
    if begun.share_id or reconnecting.is_bound(begun):
        raise CutOff(sign_in_words.cut_off(_words_of(error)), begun.state) from error
    return Visit(begun, draft, who, {}, trouble=error)


def _words_of(error: RemoteError) -> str:
    return error.words or str(error)


@transaction.atomic
def _keep_division(connection: Connection, code: int, row: dict[str, Any], *, asked: bool = False) -> bool:
    """Store one division; True when it was known and is served by `connection` from now on.

    One that another living connection serves stays with that one, unless the sign-in was for this division
    (`asked`). A move and the restart that it asks for are stored together.
    """
    values = values_of(row, code)
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
    offered = same if asked else same.filter(free)
    taken = offered.exclude(connection=connection).update(connection=connection)
    same.filter(connection=connection).exclude(refused="").update(refused="")
    return bool(taken and not made)


def values_of(row: dict[str, Any], code: int) -> dict[str, Any]:
    """Return what a row of either list of divisions says, as fields of Division (Exact facts 1.6)."""
    values: dict[str, Any] = {
        "hid": integer_of(row.get("Hid") or row.get("HID")) or None,
        "name": text_of(row.get("Description"))[:200] or str(code),
        "customer_name": text_of(row.get("CustomerName"))[:200],
        "vat_number": (text_of(row.get("VATNumber")) or text_of(row.get("OBNumber")))[:40],
        "country": text_of(row.get("Country"))[:2] or "NL",
        "currency": text_of(row.get("Currency"))[:3] or "EUR",
    }
    if row.get("Status") is not None:
        statuses = _HRM_STATUSES if "HID" in row else _STATUSES
        values["status"] = statuses.get(integer_of(row["Status"]), DivisionStatus.REGULAR)
    if row.get("BlockingStatus") is not None:
        values["blocking"] = min(abs(integer_of(row["BlockingStatus"])), _MOST_BLOCKING)
    if "ChamberOfCommerceNumber" in row:
        values["chamber_of_commerce"] = text_of(row["ChamberOfCommerceNumber"])[:40]
    if moved := [moment for name in _MOVES if (moment := moment_of(row.get(name)))]:
        values["moved_at"] = max(moved)
    return values
