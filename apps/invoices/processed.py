"""Whether what lies in a digital mailbox was processed in Exact: the proposal of the document that it became."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.http import RemoteError
from apps.exact.budget import Purpose
from apps.exact.client import Exact
from apps.exact.models import Division, LedgerLine
from apps.exact.values import guid_of
from apps.invoices import arriving
from apps.invoices.done import EXACT, keep, unless_moved
from apps.invoices.models import Invoice, Outcome
from apps.posting.models import ARRIVED

log = logging.getLogger(__name__)
LOOKED_FOR = timedelta(days=30)
SLACK = timedelta(days=1)  # Exact's moments are Dutch time without a zone (Exact facts 3.3)
MOST_PAGES = 5  # of 60 documents: what lies longer is told by the ledger, or the next time
PROCESSED = 50  # ProposedEntryStatus (Exact facts 4.6)
FIELDS = ("ID", "Subject", "FinancialTransactionEntryID")
_MARK = re.compile(r"\[(PK-[0-9A-Z-]+)\]\s*$")  # at the end: before it stands what a vendor wrote


def look(division: Division) -> int:
    """Tell which documents in the mailboxes of `division` were processed since; return how many.

    One call, and none when nothing waits there. Trouble with Exact ends it: the next look tells. Exact Globe tells
    nothing of the sort.
    """
    waiting = arriving.in_mailbox(division)
    oldest = waiting.aggregate(at=Min("done_at"))["at"]
    if oldest is None or division.connection is None:
        return 0
    since = max(oldest, clock.now() - LOOKED_FOR) - SLACK
    told = 0
    try:
        for row in _rows(division, f"{since:%Y-%m-%dT%H:%M:%S}"):
            mark = _MARK.search(row.get("Subject") or "")
            invoice = waiting.filter(posting__reference=mark[1]).first() if mark else None
            if invoice is not None:
                told += unless_moved(partial(_end, invoice, row, division))
    except RemoteError as error:
        log.warning("Nobody told what became of the mailbox of %s: %s", division, error)
    return told


def _rows(division: Division, since: str) -> Iterator[dict[str, Any]]:
    wanted = (
        f"Type eq 20 and ProposedEntryStatus eq {PROCESSED} and substringof('[PK-',Subject) eq true "
        f"and Modified ge datetime'{since}'"
    )
    pages = Exact(division, Purpose.SYNC).pages("documents/Documents", select=FIELDS, filter=wanted)
    return (row for page in islice(pages, MOST_PAGES) for row in page)


@transaction.atomic
def _end(invoice: Invoice, row: dict[str, Any], division: Division) -> None:
    posting, entry = invoice.posting, guid_of(row.get("FinancialTransactionEntryID"))
    if posting is None:
        return
    posting.keep(ARRIVED, state="done", id=str(row["ID"]))
    heads = LedgerLine.objects.filter(division=division, line_number=0)
    if entry and (head := heads.filter(entry_id=entry).first()):
        arriving.end(invoice, head)
        return
    url = settings.EXACT_DOCUMENT_URL.format(base=division.app.base_url, id=row["ID"], division=division.code)
    why = _("was processed in Exact: the proposal of its document")
    keep(invoice, who=EXACT, why=why, outcome=Outcome.BOOKED, exact_url=url)
