"""The page on which a client answers a question, without an account: who has the secret of the link may answer once."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.core import clock
from apps.core.addresses import typed_in
from apps.invoices import client_questions, question_mails
from apps.invoices.models import ClientQuestion

_LENGTH = 64  # characters of a secret


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the question of a link, and keep what is answered; 404 for a link that is none, 429 for too many tries."""
    if not ratelimit.consume(request, action="client_question"):
        return _page(request, {"words": _("Too many tries. Wait a minute and open the link again.")}, 429)
    asked = _asked(secret)
    if asked is None:
        return _page(request, {"words": _("This link is not known. Ask your accountant for a new one.")}, 404)
    typed = typed_in(request.POST.get("answer", ""))
    is_old = _is_old(asked, secret)
    if request.method == "POST" and typed and not _words(asked, is_old=is_old):
        client_questions.answer(asked, typed, who=asked.to or _("the client"))
        asked.refresh_from_db()
    is_shown = not asked.closed_at and not _is_taken_back(asked)  # else it may be another client's by now
    facts = question_mails.facts_of(asked.invoice) if is_shown else {}
    context = {"asked": asked, "facts": facts, "words": _words(asked, is_old=is_old)}
    empty = request.method == "POST" and not typed
    return _page(request, {**context, "longest": client_questions.LONGEST, "is_empty": empty}, 200)


def _asked(secret: str) -> ClientQuestion | None:
    if len(secret) != _LENGTH:
        return None
    rows = ClientQuestion.objects.select_related("invoice__administration")
    digest = question_mails.digest_of(secret)
    return rows.filter(digest=digest).first() or rows.filter(old_digests__contains=digest).first()


def _is_taken_back(asked: ClientQuestion) -> bool:
    """Tell whether its booking is being removed from Exact: nobody waits for an answer."""
    return asked.invoice.removal_id is not None


def _is_old(asked: ClientQuestion, secret: str) -> bool:
    """Tell whether a newer mail replaced the link with this secret."""
    return asked.digest != question_mails.digest_of(secret)


def _is_over(asked: ClientQuestion) -> bool:
    return asked.expires_at is None or asked.expires_at <= clock.now()


def _words(asked: ClientQuestion, *, is_old: bool) -> str:
    """Return why nothing can be answered any more, "" while it can."""
    if asked.answered_at:
        return _("Thank you. The answer is with your accountant; this page can be closed.")
    if asked.closed_at or _is_taken_back(asked):
        return _("This question is not asked any more. Nothing needs to be done.")
    if is_old:
        return _("This link does not work any more: a newer mail was sent to you. Use the link in that one.")
    return _("This link has ended. Ask your accountant for a new one.") if _is_over(asked) else ""


def _page(request: HttpRequest, context: dict[str, object], status: int) -> HttpResponse:
    page = TemplateResponse(request, "questions/answer.html", context, status=status)
    # The address is the secret and goes to no other site; with "no-referrer" a browser posts forms as from nowhere.
    page["Referrer-Policy"] = "same-origin"
    page["X-Robots-Tag"] = "noindex"
    return page
