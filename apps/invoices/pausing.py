"""A case about an account holds the documents of its supplier; decided, it lets them go on.

Each document is moved by itself and only from where it was read, so all of this may run twice, and side by side.
What is under way to Exact already is left alone.
"""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from apps.core.causes import Cause
from apps.invoices import accounts
from apps.invoices.coding_safely import code_safely
from apps.invoices.models import Invoice, Invoices, Leaving, State
from apps.vendors.iban_cases import STANDING
from apps.vendors.models import IBANCase

GOING_ON = (State.PROPOSED, State.READY)


def account_asked(key: int) -> int:
    """Hold the documents of the supplier that case `key` was opened about; return how many moved."""
    case = IBANCase.objects.filter(pk=key).first()
    return _hold(case) if case else 0


def account_decided(key: int) -> int:
    """Let the documents that wait go on, or wait with the present words, after somebody moved case `key`.

    What goes on although it should not (the case was reopened) is held. Returns how many documents moved.
    """
    case = IBANCase.objects.select_related("called_by", "decided_by").filter(pk=key).first()
    if case is None:
        return 0
    waiting = _of(case).filter(state=State.ATTENTION, cause=Cause.IBAN_CHANGED)
    return _code(waiting, why=accounts.stands(case)) + _hold(case)


def sweep() -> int:
    """Make good what a lost bell or a worker that died left behind; return how many documents moved."""
    cases = IBANCase.objects.filter(
        administration=OuterRef("administration"), supplier=OuterRef("supplier"), state__in=STANDING
    )
    # Only what a case may concern, and of that no more than tells whether it does.
    rows = _documents().only("administration", "supplier", "payment", "state")
    going_on = list(rows.filter(Exists(cases), state__in=GOING_ON))
    waiting = list(rows.filter(state=State.ATTENTION, cause=Cause.IBAN_CHANGED))
    held = accounts.held_among([*going_on, *waiting])
    to_hold = [one.pk for one in going_on if one.pk in held]
    to_let_go = [one.pk for one in waiting if one.pk not in held]
    return _code(_documents().filter(pk__in=to_hold), why=_held_words()) + _code(
        _documents().filter(pk__in=to_let_go), why=_("no case about its account is open any more")
    )


def _hold(case: IBANCase) -> int:
    going_on = list(_of(case).filter(state__in=GOING_ON))
    held = accounts.held_among(going_on)
    return _code(_of(case).filter(pk__in=held), why=_held_words())


def _held_words() -> str:
    return _("an account number of this supplier must be looked into first")


def _documents() -> Invoices:
    """Return what cases may move. Where a trial just ended, the documents are matched anew anyway."""
    leaving = Leaving.objects.under_way().values("administration")
    rows: Invoices = Invoice.objects.exclude(administration__in=leaving)
    return rows


def _of(case: IBANCase) -> Invoices:
    return _documents().filter(administration=case.administration_id, supplier=case.supplier)


def _code(rows: Invoices, *, why: str) -> int:
    """Match and code each of `rows` anew, in a transaction of its own."""
    found = rows.select_related("administration", "double_of", "posting", "part").order_by("pk")
    return sum(code_safely(invoice, why=why) for invoice in found)
