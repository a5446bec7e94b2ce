"""What is left to do after a trial in a test division: its documents start again in the real one.

In batches that can be cut off anywhere, and called until it is done. What is in the test division stays untouched.
"""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.clients.models import Administration
from apps.core import clock
from apps.exact import progress
from apps.exact.models import Division
from apps.invoices.coding import NOBODY
from apps.invoices.models import InExact, Invoice, InvoiceLine, Leaving, Outcome, State
from apps.items import learning as items
from apps.posting.models import OPEN, Posting, PostingState
from apps.rules import vat_table
from apps.vendors import learning

AT_ONCE = 100
NEEDED = ("relations", "gl_accounts", "vat_codes")  # without these nothing is matched or coded
USEFUL = ("items", "bank_accounts", "journals", "cost_centers", "cost_units", "periods", "ledger")
AFRESH: dict[str, Any] = {
    **NOBODY,
    "posting": None,
    "removal": None,
    "outcome": "",
    "done_at": None,
    "exact_number": "",
    "exact_url": "",
    "in_exact": InExact.NOTHING,
    "in_exact_detail": "",
    "in_exact_differences": [],
    "in_exact_at": None,
    "in_exact_seen": False,
    "to_correct": "",
    "touched": False,
    "waived": [],
}


def go_on(leaving: Leaving) -> bool:
    """Do what is left of `leaving`; True when its documents wait in the real division and can be coded there."""
    while _move_some(leaving):
        pass
    real = Division.objects.filter(administration=leaving.administration_id).first()
    if real is None or not progress.is_read_since(real, leaving.began_at, needed=NEEDED, useful=USEFUL):
        return False
    administration = Administration.objects.get(pk=leaving.administration_id)
    learning.carry_over(administration, before=leaving.test, now=real)
    items.carry_over(administration, real)
    vat_table.propose(administration)
    vat_table.fill_journal(administration)
    return True


@transaction.atomic
def _move_some(leaving: Leaving) -> bool:
    """Let some documents start again; False when none is left. Two workers at once take turns."""
    row = Leaving.objects.select_for_update(of=("self",)).select_related("test").get(pk=leaving.pk)
    invoices = Invoice.objects.filter(administration=row.administration_id, pk__gt=row.after)
    invoices = invoices.select_for_update(of=("self",)).select_related("posting", "removal")
    batch = list(invoices.order_by("pk")[:AT_ONCE])
    moved = [invoice for invoice in batch if _start_again(invoice, row)]
    InvoiceLine.objects.filter(invoice__in=moved).uncode()
    if batch:
        Leaving.objects.filter(pk=row.pk).update(after=batch[-1].pk)
    return bool(batch)


def _start_again(invoice: Invoice, leaving: Leaving) -> bool:
    """Let a document start again; False for one that did not begin yet, or was sent to another division."""
    posting = invoice.posting
    if posting and posting.division_id != leaving.test_id:
        return False
    if invoice.state == State.RECEIVED and posting is None:
        # Whoever is coding it in this very moment does so with the codes of the test division.
        Invoice.objects.filter(pk=invoice.pk).update(version=F("version") + 1)
        return False
    _give_up(invoice)
    invoice.move(
        State.IGNORED if invoice.state == State.IGNORED else State.RECEIVED,
        who=leaving.who,
        why=_words(invoice, leaving),
        at=clock.now(),
        findings=[one for one in invoice.findings if one["code"] != "page_not_made"],  # of that booking
        **AFRESH,
    )
    return True


def _give_up(invoice: Invoice) -> None:
    """Nothing more is sent for what was handed to the test division in the very moment in which it was left."""
    keys = [invoice.posting_id, invoice.removal_id]
    left = Posting.objects.filter(pk__in=[key for key in keys if key], state__in=OPEN)
    left.update(state=PostingState.WITHDRAWN, finished_at=clock.now())


def _words(invoice: Invoice, leaving: Leaving) -> str:
    words = _("the trial in %(division)s ended")
    if invoice.outcome == Outcome.BOOKED:
        words = _("the trial in %(division)s ended; booked there as %(number)s")
    elif invoice.outcome == Outcome.HANDED_OVER:
        words = _("the trial in %(division)s ended; handed over there as %(number)s")
    return words % {"division": leaving.test, "number": invoice.exact_number}
