"""Postings for a division of the simulated firm, and a look at what Exact then has."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connections

from apps.core import clock
from apps.exact.client import Exact
from apps.exact.models import Division
from apps.posting.models import Posting
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from apps.sandbox.models import Call, Row
from tests.intake.factories import OriginalFactory
from tests.posting.factories import PostingFactory

NOON = datetime(2026, 10, 5, 12, 0, 10, tzinfo=UTC)
DAY = date(2026, 9, 15)
DOCUMENTS, ATTACHMENTS = "documents/Documents", "documents/DocumentAttachments"
ENTRIES = "purchaseentry/PurchaseEntries"
WRITES = (DOCUMENTS, ATTACHMENTS, ENTRIES)
CONTENT = b"<Invoice>as it came in</Invoice>"


@dataclass
class Desk:
    """The division with what an entry needs of it, in Exact's own ids and codes."""

    division: Division
    supplier: str
    account: str
    journal: str = "60"
    vat_code: str = "2"

    def entry(self, number: str = "2026-0042", amount: float = 100.0, **values: Any) -> dict[str, Any]:
        """Return the payload of an entry of `amount` without VAT, at 21 %."""
        line = {
            "GLAccount": self.account,
            "AmountFC": amount,
            "VATCode": self.vat_code,
            "Description": "Touw",
        }
        known = {
            "Journal": self.journal,
            "Supplier": self.supplier,
            "EntryDate": DAY.isoformat(),
            "YourRef": number,
            "PurchaseEntryLines": [line],
        }
        return {**known, **values}

    def posting(self, number: str = "2026-0042", amount: float = 100.0, **values: Any) -> Posting:
        """Return a due posting of document, attachment and entry; `entry=` changes the entry's payload."""
        changes: dict[str, Any] = values.pop("entry", {})
        posting: Posting = PostingFactory(division=self.division, **values)
        reference = posting.reference
        posting.plan = {
            "steps": [
                {
                    "name": "document",
                    "resource": DOCUMENTS,
                    "key": "ID",
                    "payload": {
                        "Subject": f"Anker {number} [{reference}]",
                        "Type": 20,
                        "Account": self.supplier,
                    },
                },
                {
                    "name": "attachment",
                    "resource": ATTACHMENTS,
                    "key": "ID",
                    "payload": {"FileName": "factuur.xml"},
                    "original": OriginalFactory(data=CONTENT).pk,
                    "needs": {"Document": "document"},
                },
                {
                    "name": "entry",
                    "resource": ENTRIES,
                    "key": "EntryID",
                    "payload": {
                        **self.entry(number, amount),
                        "ExternalLinkReference": reference,
                        **changes,
                    },
                    "needs": {"Document": "document"},
                },
            ],
            "look": {
                "supplier": self.supplier,
                "your_ref": number,
                "date": DAY.isoformat(),
                "amount": f"{amount * 1.21:.2f}",
            },
        }
        posting.save(update_fields=["plan"])
        return posting

    def by_hand(self, number: str = "2026-0042", amount: float = 100.0, **values: Any) -> dict[str, Any]:
        """Book an entry as a bookkeeper would in Exact itself: without our reference. Return what Exact made."""
        return Exact(self.division).post(ENTRIES, self.entry(number, amount, **values))

    def of(self, posting: Posting) -> dict[str, list[Row]]:
        """Return what Exact has of `posting`: its documents, their attachments, its entries."""
        rows = {resource: list(store.rows(resource, self.division.code)) for resource in WRITES}
        documents = [row for row in rows[DOCUMENTS] if posting.reference in (row.data.get("Subject") or "")]
        keys = {row.key for row in documents}
        return {
            DOCUMENTS: documents,
            ATTACHMENTS: [row for row in rows[ATTACHMENTS] if row.data.get("Document") in keys],
            ENTRIES: [
                row for row in rows[ENTRIES] if row.data.get("ExternalLinkReference") == posting.reference
            ],
        }


def make_desk(division: Division) -> Desk:
    """Return a desk at a division that is connected already."""
    suppliers = store.rows("crm/Accounts", division.code)
    supplier = next(row for row in suppliers if row.data.get("IsSupplier") and not row.data.get("Blocked"))
    accounts = store.rows("financial/GLAccounts", division.code).order_by("mark")
    account = next(
        row
        for row in accounts
        if row.data.get("Type") in (120, 121)
        and not (row.data.get("UseCostcenter") or row.data.get("UseCostunit"))
        and not row.data.get("IsBlocked")
    )
    switches.change(minute_limit=10_000, error_limit=1_000)
    return Desk(division, supplier.key, account.key)


@pytest.fixture
def noon(db: None) -> Iterator[None]:
    """The clock of product and sandbox stands at noon of 5 October 2026 and runs on from there."""
    time.move_to(NOON)
    yield
    faults.clear()


@pytest.fixture
def desk(noon: None, request: pytest.FixtureRequest) -> Desk:
    """A desk at the first division of the firm, connected at noon."""
    return make_desk(request.getfixturevalue("division"))


def posted(resource: str = "") -> int:
    """Return how many POSTs the sandbox's log holds, of one resource or of all but tokens."""
    calls = Call.objects.filter(method="POST", path__in=[resource] if resource else WRITES)
    return calls.count()


def again(posting: Posting) -> Posting:
    """Return `posting` as it is stored now."""
    return Posting.objects.select_related("division__app").get(pk=posting.pk)


def close_connections() -> None:
    """Give back what a thread opened."""
    connections.close_all()


def seconds_from_now(moment: datetime) -> float:
    """Return how far ahead of the clock a moment lies."""
    return (moment - clock.now()).total_seconds()
