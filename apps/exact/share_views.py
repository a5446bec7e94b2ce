"""The pages of a share link, for people without an account: what is asked, the way to Exact and back, how it ended.

The address is the secret: nothing here is kept by browsers, found by search engines, or told to other sites. Who comes
back from Exact must be the browser that began, which holds a signed cookie with the state and the token.
"""

import hmac
from typing import Any

from allauth.core.internal import ratelimit  # the public door lets every GET pass
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.core.addresses import key_in
from apps.exact import share_return, share_words, sharing, signing_in
from apps.exact.models import ShareLink, ShareState, SignIn


@never_cache
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link asks for; POST goes to Exact, or chooses a division. 404 for a link that is none."""
    if not ratelimit.consume(request, app="allauth.account", action="share_link", limit_get=True):
        return _page(request, {"words": _("Too many tries. Wait a minute and open the link again.")}, 429)
    link = sharing.find(token)
    if link is None:
        return _page(request, {"words": _("This link is not known. Ask your accountant for a new one.")}, 404)
    if request.method == "POST" and "division" in request.POST:
        return _chosen(request, link, token)
    if request.method == "POST":
        return _to_exact(request, link, token)
    sharing.opened(link)
    return _shown(request, link)


def came_back(request: HttpRequest, begun: SignIn) -> HttpResponse:
    """Take the browser back from Exact: only the one that began, and without asking who it is here."""
    state, token = share_return.of(request, begun.share_id)
    if not state or not hmac.compare_digest(state.encode(), begun.state.encode()):
        words = _("This sign-in was begun in another browser. Open the link in this one and begin again.")
        return _page(request, {"words": words}, 403)
    try:
        sharing.complete(begun, signing_in.answer_of(request.get_full_path()))
    except signing_in.CutOff as cut_off:
        return _page(request, {"words": str(cut_off), "again": f"{request.path}?state={cut_off.state}"}, 200)
    except (signing_in.SignInRefused, sharing.Chooses):
        pass  # the page of the link says it, in either language
    return _private(redirect("exact:share", token))


def came_late(token: str) -> HttpResponse:
    """Send on who comes back to a sign-in that is over: the page of the link says what came of it."""
    return _private(redirect(f"{reverse('exact:share', args=(token,))}?late"))


def lost(request: HttpRequest) -> HttpResponse:
    """Tell somebody without an account who comes back to a sign-in that nobody knows any more."""
    words = _("This sign-in is over. Open the link that you were sent once more, or begin again.")
    return _page(request, {"words": words}, 410)


def _to_exact(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """Begin, by a page that goes on by itself: a redirect after a form may not lead to another host."""
    try:
        begun, address = sharing.begin(link)
    except sharing.Ended:
        return _shown(request, link)
    page = _page(request, {"link": link, "address": address}, 200)
    share_return.remember(page, link.pk, begun.state, token)
    return page


def _chosen(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    begun = _choosing(request, link)
    if begun is None:
        return _shown(request, link)
    try:
        sharing.choose(begun, key_in(request.POST.get("division", "")) or 0)
    except signing_in.SignInRefused as refused:
        return _shown(request, link, str(refused))
    return _private(redirect("exact:share", token))


def _choosing(request: HttpRequest, link: ShareLink) -> SignIn | None:
    """Return the sign-in of this browser in which a division is still to be chosen."""
    state, _token = share_return.of(request, link.pk)
    begun = signing_in.shared_sign_in(state) if state else None
    return begun if begun and begun.share_id == link.pk and begun.found else None


def _shown(request: HttpRequest, link: ShareLink, wrong: str = "") -> HttpResponse:
    link.refresh_from_db()
    words = share_words.ended(link)
    begun = None if words else _choosing(request, link)
    said = "" if begun else link.said.get((get_language() or "")[:2], link.trouble)
    if "late" in request.GET and not begun:
        said = said or _(
            "It took too long to come back from Exact Online. Nothing was changed. Sign in again."
        )
    context = {
        "link": link,
        "words": words,
        "is_done": link.state == ShareState.DONE,
        "wrong": wrong or ("" if words else said),
        "choices": sharing.choices(begun) if begun else [],
        "firm": settings.FIRM_NAME,
    }
    return _page(request, context, 410 if words and link.state != ShareState.DONE else 200)


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return _private(TemplateResponse(request, "shares/share.html", context, status=status))


def _private(page: HttpResponse) -> HttpResponse:
    # The address is the secret and goes to no other site; with "no-referrer" a browser posts forms as from nowhere.
    page["Referrer-Policy"] = "same-origin"
    page["X-Robots-Tag"] = "noindex"
    return page
