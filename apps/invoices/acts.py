"""What a person can do with a document where it now is, with the key that does it. Pure."""

from dataclasses import dataclass, replace

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.clients.policy import WAIVABLE
from apps.core.causes import Cause
from apps.invoices.four_eyes import waits_for_second
from apps.invoices.models import NOTICEABLE, InExact, Invoice, State, WaitsFor
from apps.invoices.withdrawing import hindrance

WAITS = {State.ATTENTION, State.PROPOSED}
NEEDS_ROUTE = {Cause.NOT_OURS, Cause.SEVERAL_ADMINISTRATIONS}
ON_THE_LINES = {Cause.NO_GL_ACCOUNT, Cause.NO_VAT_CODE, Cause.COST_CENTRE_MISSING, Cause.ITEM_UNKNOWN}
IN_EXACT = {
    Cause.REJECTED_BY_EXACT,
    Cause.PERIOD_CLOSED,
    Cause.SUPPLIER_BLOCKED,
}  # mended there, tried again here
CAN_BE_UNDONE = set(WaitsFor) - {WaitsFor.PILOT}


@dataclass(frozen=True)
class Act:
    """One button. `opens`: the part of the page that it opens; `leads`: the page that it leads to; else it acts."""

    name: str
    label: Promise | str
    icon: str
    key: str = ""
    opens: str = ""
    leads: str = ""
    is_main: bool = False


ACCEPT = Act("accept", _("Accept"), "check", "a", is_main=True)
MAP = Act("map", _("Map vendor"), "person_search", "m", opens="map", is_main=True)
ROUTE = Act("route", _("Choose administration"), "move_to_inbox", "m", opens="route", is_main=True)
MOVE = Act("route", _("Other administration"), "move_to_inbox", opens="route")
ANYWAY = Act("book_anyway", _("Book anyway"), "gavel", "b", is_main=True)
MEND = Act("edit", _("Edit lines"), "edit", "e", opens="edit", is_main=True)
EDIT = Act("edit", _("Edit lines"), "edit", "e", opens="edit")
RETRY = Act("retry", _("Try again"), "refresh", "r")
AFTER_MENDING = Act("retry", _("Try again"), "refresh", "r", is_main=True)
LOOK = Act("retry", _("Look in Exact now"), "travel_explore", "r", is_main=True)
IGNORE = Act("ignore", _("Ignore"), "block", "i", opens="ignore")
UNDO = Act("undo", _("Undo"), "undo", "u", is_main=True)
UNDO_IN_EXACT = Act("undo", _("Undo in Exact"), "undo", "u", opens="undo")
CASE = Act(
    "case",
    _("Look into the account"),
    "account_balance",
    "c",
    leads="admin:invoices_invoice_case",
    is_main=True,
)
SEEN = Act("note", _("Seen"), "visibility", "n", is_main=True)
APPROVE = Act("approve", _("Approve"), "check", "a", is_main=True)
ON_OPEN_DAY = Act("open_day", _("Book on the first open day"), "event_upcoming", "o", is_main=True)
ASK = Act("ask", _("Ask the client"), "contact_support", "q", opens="ask")
ARRIVED = Act("arrived", _("It arrived"), "mark_email_read", "h")
SEND_AGAIN = Act("send_again", _("It is not there: send it again"), "forward_to_inbox")
REOPEN = Act("reopen", _("Take up again"), "unarchive", "u", is_main=True)


def acts_for(invoice: Invoice) -> list[Act]:
    """Return the acts that fit, the one that solves it first."""
    if invoice.state == State.IGNORED:
        return [REOPEN]
    if invoice.state == State.UNCERTAIN:
        is_mail = invoice.posting is not None and invoice.posting.is_mail_unclear
        return [LOOK, ARRIVED, SEND_AGAIN] if is_mail else [LOOK]
    if invoice.state == State.READY:
        return [UNDO] if invoice.waits_for in CAN_BE_UNDONE else []
    if invoice.state == State.DONE:
        return _done(invoice)
    return _waiting(invoice) if invoice.state in WAITS else []


def _done(invoice: Invoice) -> list[Act]:
    is_new = invoice.to_correct or (invoice.in_exact in NOTICEABLE and not invoice.in_exact_seen)
    acts = [SEEN] if is_new else []
    if invoice.in_exact == InExact.DELETED:
        return [REOPEN, *acts]
    return acts if hindrance(invoice) else [*acts, UNDO_IN_EXACT]


def _waiting(invoice: Invoice) -> list[Act]:
    if invoice.administration_id is None or invoice.cause in NEEDS_ROUTE:
        return [ROUTE, RETRY, IGNORE]
    if waits_for_second(invoice):
        return [APPROVE, EDIT, RETRY, IGNORE]
    acts = [ACCEPT] if invoice.state == State.PROPOSED else []
    if invoice.question_id is not None:
        acts.append(MAP)
    if invoice.cause == Cause.PERIOD_CLOSED and invoice.entry_date:
        day = date_format(invoice.entry_date, "j-n-Y")
        acts.append(replace(ON_OPEN_DAY, label=gettext("Book on %(date)s") % {"date": day}))
    if invoice.cause in WAIVABLE and not _is_closed(invoice):
        acts.append(replace(ANYWAY, is_main=not acts))
    if invoice.cause == Cause.IBAN_CHANGED:
        acts.append(CASE)
    if invoice.supplier is not None and (invoice.state == State.PROPOSED or invoice.cause in ON_THE_LINES):
        acts.append(ASK)
    if invoice.cause in ON_THE_LINES:
        return [*_mending(acts), RETRY, MOVE, IGNORE]
    if invoice.cause in IN_EXACT and not any(act.is_main for act in acts):
        return [AFTER_MENDING, *acts, EDIT, MOVE, IGNORE]
    return [*acts, EDIT, RETRY, MOVE, IGNORE]


def _mending(acts: list[Act]) -> list[Act]:
    """Return `acts` with that of the lines where it solves the matter: before the question to the client."""
    return [*(act for act in acts if act is not ASK), MEND, *(act for act in acts if act is ASK)]


def _is_closed(invoice: Invoice) -> bool:
    """Tell whether Exact itself refuses the day: no decision of a person replaces an open period."""
    return any(one["code"] == "day_closed" for one in invoice.findings)
