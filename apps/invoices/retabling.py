"""A VAT table that changed: what waited for a code goes on, what was coded with a doubted one waits.

Each document is coded by itself and only from where it was read, so all of this may run twice, and side by side.
What is under way to Exact already is left alone.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from apps.core.causes import Cause
from apps.invoices.coding_safely import code_safely
from apps.invoices.models import Invoice, InvoiceLine, Invoices, Leaving, State, ValueSource
from apps.rules.models import VATTable

GOING_ON = Q(state__in=(State.PROPOSED, State.READY)) | Q(state=State.ATTENTION, cause=Cause.NEEDS_APPROVAL)


def table_changed(administration: int) -> int:
    """Code anew what the VAT table of `administration` concerns; return how many documents that was."""
    return _settle(_documents().filter(administration=administration))


def sweep() -> int:
    """Make good what a lost bell or a worker that died left behind; return how many documents were coded anew."""
    here = VATTable.objects.filter(administration=OuterRef("administration"), doubt="")
    return _settle(
        _documents().filter(~_waiting() | Exists(here.filter(confirmed_at__gt=OuterRef("changed_at"))))
    )


def _waiting() -> Q:
    return Q(state=State.ATTENTION, cause=Cause.NO_VAT_CODE)


def _settle(rows: Invoices) -> int:
    moved = _code(rows.filter(_waiting()), why=_("the VAT table was confirmed"))
    if not VATTable.objects.exclude(doubt="").exists():
        return moved
    doubted = VATTable.objects.filter(
        administration=OuterRef("invoice__administration"), scenario=OuterRef("scenario")
    )
    coded = InvoiceLine.objects.filter(invoice=OuterRef("pk"), vat_source=ValueSource.TABLE)
    going_on = rows.filter(GOING_ON, Exists(coded.filter(Exists(doubted.exclude(doubt="")))))
    return moved + _code(going_on, why=_("a VAT code that it was coded with must be confirmed again"))


def _documents() -> Invoices:
    """Return what the table may move. Where a trial just ended, the documents are coded anew anyway."""
    leaving = Leaving.objects.under_way().values("administration")
    rows: Invoices = Invoice.objects.exclude(administration__in=leaving)
    return rows.filter(_waiting() | GOING_ON)


def _code(rows: Invoices, *, why: str) -> int:
    found = list(rows.select_related("administration", "double_of", "posting", "part").order_by("pk"))
    return sum(code_safely(invoice, why=why) for invoice in found)
