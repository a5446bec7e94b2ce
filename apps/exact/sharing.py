"""Share links: somebody without an account here connects one administration, once.

A link is found by the hash of its token. It may be tried until it is done, revoked or past its day; what it brings is
one chain that serves one division (`Connection.is_shared`), and the link of that division with its administration.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock, queue
from apps.exact import connection as oauth
from apps.exact import linking, new_pair, reconnecting, share_words, signing_in
from apps.exact.models import Division, ExactApp, ShareLink, ShareState, SignIn
from apps.exact.registration import default_app
from apps.exact.signing_in import SignInRefused, Visit
from apps.exact.values import guid_of
from apps.exact.visitors import Visitor
from apps.people.models import User

LONGEST = 90  # days
MAIL = "apps.exact.share_tasks.mail_share_link"
TELL = "apps.exact.share_tasks.tell_of_share_link"
SYNC = "apps.exact.tasks.sync_division"


class Ended(SignInRefused):
    """The link opens nothing any more: it is used, revoked or past its day."""


class Chooses(Exception):
    """Several divisions may be meant: the person with the link has to say which."""


def make(
    administration: Administration,
    by: User,
    *,
    email: str = "",
    for_whom: str = "",
    language: str = "nl",
    days: int | None = None,
    by_mail: bool = False,
    app: ExactApp | None = None,
) -> tuple[ShareLink, str]:
    """Make a link for an administration and return it with its token, which is told this once.

    Linked already: the link reconnects its division and no other; else it is for the Exact of `app` (None: the default
    one). `by_mail`: a worker sends it to `email`; until then
    the token is kept, encrypted. Raises registration.NotConfigured.
    """
    division = Division.objects.select_related("app").filter(administration=administration).first()
    token, now = secrets.token_urlsafe(32), clock.now()
    is_mailed = bool(by_mail and email)
    link = ShareLink.objects.create(
        administration=administration,
        division=division,
        app=division.app if division else app or default_app(),
        token_hash=hash_of(token),
        for_whom=for_whom,
        email=email,
        language=language,
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=min(max(days or settings.SHARE_LINK_DAYS, 1), LONGEST)),
        unsent=token if is_mailed else "",
        mail_at=now if is_mailed else None,
    )
    if is_mailed:
        queue.ring(MAIL, link.pk)
    return link, token


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> ShareLink | None:
    """Return the link of `token`, in whatever state; None when there is none."""
    digest = hash_of(token)
    rows = ShareLink.objects.select_related("administration__client", "division", "app", "made_by")
    link: ShareLink | None = rows.filter(token_hash=digest).first()
    return link if link and hmac.compare_digest(link.token_hash, digest) else None


def opened(link: ShareLink) -> None:
    """Keep that somebody looked at the link; nothing is used up by that. So it came, whatever became of its mail."""
    if link.state == ShareState.MADE and link.is_open:
        link.move(state=ShareState.OPENED, opened_at=clock.now(), trouble="", said={})


def begin(link: ShareLink) -> tuple[SignIn, str]:
    """Return a sign-in of this link with the address of the consent page. Raises Ended."""
    refuse_ended(link)
    begun = signing_in.start(link.app, share=link, division=link.division)
    return begun, oauth.authorise_url(link.app, begun.state)


def complete(begun: SignIn, answer: dict[str, str]) -> None:
    """Finish the sign-in of a link with what Exact sent back: the link is done, or says what is wrong.

    Raises SignInRefused with the sentence that is kept on the link too, Ended, and Chooses when the person must choose
    a division (`choices`); a CutOff can be asked again.
    """
    link = _link_of(begun)
    try:
        refuse_ended(link)
    except Ended:
        signing_in.refused(begun, "")
        raise
    visit = _visited(link, begun, answer)
    link.move(
        state=ShareState.SIGNED_IN, signed_in_at=clock.now(), user_name=visit.who.name, trouble="", said={}
    )
    _settle(link, visit)


def choices(begun: SignIn) -> list[Division]:
    """Return the divisions of the login that a person may choose from, unsaved; none while there is no choice."""
    found = begun.found or {}
    rows = [(int(code), row) for code, row in found.get("rows", {}).items()]
    return [
        _division(begun, code, row)
        for code, row in sorted(rows, key=lambda one: str(one[1].get("Description")))
    ]


def choose(begun: SignIn, code: int) -> None:
    """Connect the division of this code, of the login that signed in. Raises SignInRefused with a sentence."""
    link, visit = _link_of(begun), _kept_visit(begun)
    refuse_ended(link)
    if code not in visit.rows:
        raise SignInRefused(lambda: _("Choose one of the administrations that your login opens."))
    against = linking.contradictions(_division(begun, code, visit.rows[code]), link.administration)
    if against:
        raise _refuse(link, None, lambda: share_words.contradicts(link, visit.rows, code, against))
    _connect(link, visit, code)


def refuse_ended(link: ShareLink) -> None:
    """Raise Ended, with the sentence for it, when the link opens nothing any more."""
    if not link.is_open:
        raise Ended(lambda: share_words.ended(link))


def _link_of(begun: SignIn) -> ShareLink:
    rows = ShareLink.objects.select_related("administration__client", "division", "app", "made_by")
    found: ShareLink = rows.get(sign_ins=begun.pk)
    return found


def _visited(link: ShareLink, begun: SignIn, answer: dict[str, str]) -> Visit:
    """Return who came and what they open; a refusal is kept on the link, what can be asked again is not."""
    try:
        return signing_in.visited(begun, answer)
    except signing_in.CutOff:
        raise
    except SignInRefused as refusal:
        link.move(**share_words.in_both(refusal.__str__))
        raise


def _settle(link: ShareLink, visit: Visit) -> None:
    """Connect the division that is meant, refuse what is not, or let the person choose."""
    if link.division:
        judged = reconnecting.judge(visit.begun, visit.rows, is_whole=visit.is_whole)
        if judged.refusal:
            raise _refuse(link, visit.begun, judged.refusal, is_sure=visit.is_whole)
        _connect(link, visit, link.division.code)
        return
    known = linking.numbers_of(link.administration)
    offered = {code: _division(visit.begun, code, row) for code, row in visit.rows.items()}
    agreeing = [code for code, division in offered.items() if linking.agrees(division, known)]
    against = {code: linking.against(division, known) for code, division in offered.items()}
    if len(agreeing) == 1:
        _connect(link, visit, agreeing[0])
    elif not visit.is_whole and all(against.values()):
        ours = [str(link.administration)]
        raise _refuse(
            link,
            visit.begun,
            lambda: reconnecting.refusal(visit.rows, ours, is_whole=False),
            is_sure=False,
        )
    elif not offered or all(against.values()):
        first = next(iter(sorted(offered)), 0)
        raise _refuse(
            link,
            visit.begun,
            lambda: share_words.contradicts(link, visit.rows, first, against.get(first, [])),
        )
    else:
        _keep_choice(visit, agreeing or list(offered))
        raise Chooses


def _connect(link: ShareLink, visit: Visit, code: int) -> None:
    """Use the link up, keep the chain, and link its one division: all of it or nothing."""
    try:
        with transaction.atomic():
            done: dict[str, Any] = {
                "state": ShareState.DONE,
                "ended_at": clock.now(),
                "trouble": "",
                "said": {},
                **ShareLink.NEWS,
            }
            if not link.move(**done):
                raise Ended(lambda: share_words.ended(link))
            kept = signing_in.accept(visit, link.made_by, codes=[code], is_shared=True)
            division = Division.objects.select_for_update().get(app=kept.app, code=code)
            if link.division is None:
                _link(link, division)
            elif division.administration_id != link.administration_id:
                raise linking.LinkRefused
    except linking.LinkRefused:
        link.refresh_from_db()
        raise _refuse(link, visit.begun, lambda: share_words.taken(visit.rows, code)) from None
    except Ended:
        link.refresh_from_db()
        signing_in.refused(visit.begun, "")
        raise
    queue.ring(TELL, link.pk)


def _link(link: ShareLink, division: Division) -> None:
    linking.link(division, link.administration, by=link.made_by)
    queue.ring(SYNC, division.pk)


def _refuse(
    link: ShareLink, begun: SignIn | None, words: Callable[[], str], *, is_sure: bool = True
) -> SignInRefused:
    """Say on the link that it is the wrong administration, or not `is_sure`, that this could not be seen.

    Ends the sign-in if `begun`. Returns what to raise.
    """
    refused = signing_in.refused(begun, words) if begun else SignInRefused(words)
    said = share_words.in_both(refused.__str__)
    if not is_sure:
        link.move(**said)
    elif link.move(state=ShareState.WRONG, **ShareLink.NEWS, **said):
        queue.ring(TELL, link.pk)
    return refused


def _division(begun: SignIn, code: int, row: dict[str, Any]) -> Division:
    return Division(app=begun.app, code=code, **signing_in.values_of(row, code))


def _keep_choice(visit: Visit, codes: list[int]) -> None:
    found = {
        "user": str(visit.who.user),
        "name": visit.who.name,
        "rows": {str(code): visit.rows[code] for code in codes},
    }
    SignIn.objects.filter(pk=visit.begun.pk).update(found=found)


def _kept_visit(begun: SignIn) -> Visit:
    """Return the visit of somebody who chooses, as it was kept."""
    found = begun.found or {}
    who = Visitor(guid_of(found.get("user")), found.get("name", ""), 0, is_portal=False, is_trial=False)
    return Visit(
        begun, new_pair.of(begun), who, {int(code): row for code, row in found.get("rows", {}).items()}
    )
