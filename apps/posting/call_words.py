"""The calls that were made for a document, in words, for its audit trail."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.states import SYSTEM
from apps.core.trail import Step
from apps.posting.models import Posting, PostingCall

MOST_CALLS = 500
NUMBERS = ("EntryNumber", "OrderNumber", "HID")  # under which Exact tells what it made
COUNTED = " -_0123456789"  # behind the name of a step of which there may be several
STEPS: dict[str, Promise] = {
    "document": gettext_lazy("the document"),
    "attachment": gettext_lazy("an attachment"),
    "file": gettext_lazy("a file that came with it"),
    "page": gettext_lazy("a page for people"),
    "entry": gettext_lazy("the entry"),
    "order": gettext_lazy("the order"),
    "head": gettext_lazy("the order as a whole"),
    "line": gettext_lazy("a line of the order"),
    "purchase invoice": gettext_lazy("the purchase invoice"),
    "earlier document": gettext_lazy("an earlier document"),
    "message": gettext_lazy("the message to the digital mailbox"),
    "mailbox file": gettext_lazy("a file of that message"),
    "mail": gettext_lazy("the mail to the digital mailbox"),
}


def calls_of(posting: Posting | None) -> list[Step]:
    """Return the calls of `posting` and of all further ones about the same document, in the order of time."""
    if posting is None:
        return []
    calls = PostingCall.objects.filter(posting__in=posting.family().values("pk")).order_by("at", "pk")
    return [
        Step(call.at, _("Call to Exact"), SYSTEM, call_words(call), str(call)) for call in calls[:MOST_CALLS]
    ]


def call_words(call: PostingCall) -> str:
    """Return what a call did and what Exact answered."""
    what = _what(call)
    if call.verb == "MAIL":
        return _mail_words(call, what)
    if not call.status:
        return _("%(what)s: no answer came. %(words)s") % {"what": what, "words": call.words}
    if call.status >= 400:
        return _("%(what)s: Exact said no. %(words)s") % {"what": what, "words": call.words}
    if call.verb == "GET":
        count = int(call.answer.get("rows", 0))
        return ngettext(
            "looked whether it is there: %(count)d found",
            "looked whether it is there: %(count)d found",
            count,
        ) % {"count": count}
    if call.verb == "DELETE":
        return _("%(what)s: removed") % {"what": what}
    if call.verb == "PUT":
        return _("%(what)s: changed") % {"what": what}
    number = next((call.answer[name] for name in NUMBERS if call.answer.get(name)), "")
    return (_("%(what)s: made, number %(number)s") if number else _("%(what)s: made")) % {
        "what": what,
        "number": number,
    }


def _what(call: PostingCall) -> str:
    """Return what was written or removed; of a line of an order also which one."""
    step = call.step.rstrip(COUNTED)
    if step == "line" and step != call.step:
        return _("line %(line)s of the order") % {"line": call.step[len(step) :].strip()}
    return str(STEPS.get(call.step) or STEPS.get(step) or call.step or call.resource)


def _mail_words(call: PostingCall, what: str) -> str:
    if not call.status:
        return _("%(what)s: no answer came. %(words)s") % {"what": what, "words": call.words}
    if call.status >= 400:
        return _("%(what)s: the mail server said no. %(words)s") % {"what": what, "words": call.words}
    return _("%(what)s: taken by the mail server") % {"what": what}
