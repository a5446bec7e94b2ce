"""How the audit trail names a move of a document, a call to Exact, and the codes of a line. Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.invoices.models import InvoiceEvent, InvoiceLine, State
from apps.posting.models import PostingCall

CODES = ("gl_code", "vat_code", "cost_center", "cost_unit")
MOVES: dict[tuple[str, str], Promise] = {
    (State.RECEIVED, State.RECEIVED): gettext_lazy("Read and routed"),
    (State.RECEIVED, State.ATTENTION): gettext_lazy("Waits for a person"),
    (State.RECEIVED, State.PROPOSED): gettext_lazy("Matched, coded and proposed"),
    (State.RECEIVED, State.READY): gettext_lazy("Matched and coded"),
    (State.PROPOSED, State.READY): gettext_lazy("Accepted"),
    (State.READY, State.PROPOSED): gettext_lazy("Taken back"),
    (State.READY, State.POSTING): gettext_lazy("On its way to Exact"),
    (State.POSTING, State.ATTENTION): gettext_lazy("Refused by Exact"),
    (State.POSTING, State.UNCERTAIN): gettext_lazy("No answer came"),
    (State.DONE, State.DONE): gettext_lazy("Since then"),
    (State.DONE, State.POSTING): gettext_lazy("Taken back"),
    (State.DONE, State.PROPOSED): gettext_lazy("Taken up again"),
    (State.POSTING, State.PROPOSED): gettext_lazy("Removed from Exact"),
    (State.UNCERTAIN, State.PROPOSED): gettext_lazy("Removed from Exact"),
}
ENDS: dict[str, Promise] = {
    State.DONE: gettext_lazy("Done"),  # booked or handed over: the reason says which
    State.IGNORED: gettext_lazy("Put aside"),
    State.ATTENTION: gettext_lazy("Waits for a person"),
    State.PROPOSED: gettext_lazy("Coded again and proposed"),
    State.READY: gettext_lazy("Ready"),
    State.RECEIVED: gettext_lazy("Starts again"),
}
STEPS: dict[str, Promise] = {
    "document": gettext_lazy("the document"),
    "attachment": gettext_lazy("an attachment"),
    "file": gettext_lazy("a file that came with it"),
    "page": gettext_lazy("a page for people"),
    "entry": gettext_lazy("the entry"),
    "purchase invoice": gettext_lazy("the purchase invoice"),
    "earlier document": gettext_lazy("an earlier document"),
    "message": gettext_lazy("the message to the digital mailbox"),
    "mailbox file": gettext_lazy("a file of that message"),
    "mail": gettext_lazy("the mail to the digital mailbox"),
}


def move_words(event: InvoiceEvent, *, first: bool) -> str:
    """Return what a move is called; the first one is the reading of the document."""
    if first:
        return str(MOVES[State.RECEIVED, State.RECEIVED])
    title = MOVES.get((event.from_state, event.to_state)) or ENDS.get(event.to_state)
    return str(title or event.get_to_state_display())


def call_words(call: PostingCall) -> str:
    """Return what a call did and what Exact answered."""
    what = STEPS.get(call.step) or STEPS.get(call.step.rstrip(" -_0123456789")) or call.step or call.resource
    if call.verb == "MAIL":
        return _mail_words(call, str(what))
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
    number = call.answer.get("EntryNumber") or call.answer.get("HID") or ""
    return (_("%(what)s: made, number %(number)s") if number else _("%(what)s: made")) % {
        "what": what,
        "number": number,
    }


def _mail_words(call: PostingCall, what: str) -> str:
    if not call.status:
        return _("%(what)s: no answer came. %(words)s") % {"what": what, "words": call.words}
    if call.status >= 400:
        return _("%(what)s: the mail server said no. %(words)s") % {"what": what, "words": call.words}
    return _("%(what)s: taken by the mail server") % {"what": what}


def codes_of(line: InvoiceLine) -> list[tuple[str, str, str]]:
    """Return (what it is, code, why) for each code that `line` has."""
    return [
        (str(getattr(InvoiceLine._meta.get_field(name), "verbose_name", name)), code, why)
        for name in CODES
        if (code := getattr(line, name))
        for why in [getattr(line, f"{name.removesuffix('_code')}_why")]
    ]
