"""Rows of the simulated Exact: finding them, and writing them with a row version that only rises."""

import itertools
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connections, transaction
from django.db.models import F, QuerySet

from apps.core import clock
from apps.sandbox.exact import literals, outbox, table
from apps.sandbox.models import Row, Sequence

DATABASE = "sandbox"
FIRM_WIDE = frozenset({"system/Divisions", "hrm/Divisions"})
PARENTS = {
    "crm/BankAccounts": "Account",
    "documents/DocumentAttachments": "Document",
    "financialtransaction/TransactionLines": "EntryID",
    "mailbox/MailMessageAttachments": "MailMessageID",
    "purchase/PurchaseInvoiceLines": "InvoiceID",
    "purchase/PurchaseInvoices": "Supplier",
    "purchaseentry/PurchaseEntries": "Supplier",
    "purchaseentry/PurchaseEntryLines": "EntryID",
    "purchaseorder/PurchaseOrderLines": "PurchaseOrderID",
    "purchaseorder/PurchaseOrders": "Supplier",
    "vat/VatPercentages": "VATCodeID",
}
_VERSION, _FIRST_VERSION = "version", 1000  # a first sync asks for `Timestamp gt 1` and may miss nothing
_LONG_SINCE = timedelta(days=7)
_NEXT = (
    "INSERT INTO sandbox_sequence (name, division, value) VALUES (%s, %s, %s) "
    "ON CONFLICT (name, division) DO UPDATE SET value = value + %s RETURNING value"
)

_RENUMBER = (
    "UPDATE sandbox_row SET timestamp = %s + fresh.place FROM "
    "(SELECT id, row_number() OVER (ORDER BY key, resource) AS place FROM sandbox_row WHERE division = %s) "
    "AS fresh WHERE sandbox_row.id = fresh.id"
)


def now_text(ago: timedelta = timedelta()) -> str:
    """Return the Dutch wall-clock time, or that of some time `ago`, as canonical text."""
    return literals.canonical_moment((clock.now() - ago).astimezone(clock.DUTCH).replace(tzinfo=None))


def key_of(resource: str, data: dict[str, Any]) -> str:
    """Return the key of a row as text; the parts of a composite key are joined by `|`.

    What is read by row version only has an ID of its own.
    """
    if resource.startswith("sync/"):
        return str(data["ID"])
    return "|".join(str(data[name]) for name in table.get(resource).key)


def entry_mark(journal: str, year: int, number: int) -> str:
    """Return the mark under which a booking number is unique (Exact facts 5)."""
    return f"{journal}:{year}:{number}"


def mark_of(resource: str, data: dict[str, Any]) -> str:
    """Return what a row is found by besides its key: its code, or its booking number."""
    if resource == "purchaseentry/PurchaseEntries":
        return entry_mark(data["Journal"], data["ReportingYear"], data["EntryNumber"])
    if resource == "purchase/PurchaseInvoices":
        return entry_mark(data["Journal"], data["FinancialYear"], data["EntryNumber"])
    if resource == "purchaseorder/PurchaseOrders":
        return str(data["OrderNumber"])
    if resource == "financialtransaction/TransactionLines":
        heads = data.get("LineNumber") == 0 and data.get("EntryNumber") is not None
        return entry_mark(data["JournalCode"], data["FinancialYear"], data["EntryNumber"]) if heads else ""
    return str(data.get("Code", "")).strip()


def rows(resource: str, division: int) -> QuerySet[Row]:
    """Return the rows of one resource in one division."""
    return Row.objects.filter(resource=resource, division=0 if resource in FIRM_WIDE else division)


def find(resource: str, division: int, key: str) -> Row | None:
    """Return the row with this key, or None."""
    return rows(resource, division).filter(key=key).first() if key else None


def by_mark(resource: str, division: int, mark: str) -> Row | None:
    """Return the row with this code (blanks around it do not count), or None."""
    return rows(resource, division).filter(mark=mark.strip()).order_by("pk").first() if mark.strip() else None


def children(resource: str, division: int, parent: str) -> QuerySet[Row]:
    """Return the rows that belong to `parent`, oldest version first."""
    return rows(resource, division).filter(parent=parent).order_by("timestamp")


def fields(row: Row) -> dict[str, Any]:
    """Return the fields of a row under Exact's names."""
    kept: dict[str, Any] = row.data
    return kept


def next_number(name: str, division: int, start: int = 1, by: int = 1) -> int:
    """Return the first of `by` fresh numbers of a sequence; a new sequence begins at `start`."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(_NEXT, [name, division, start - 1 + by, by])
        last: int = cursor.fetchone()[0]
    return last - by + 1


def _row(resource: str, division: int, data: dict[str, Any], timestamp: int) -> Row:
    parent = PARENTS.get(resource)
    return Row(
        resource=resource,
        division=division,
        key=key_of(resource, data),
        parent=str(data.get(parent) or "") if parent else "",
        mark=mark_of(resource, data),
        timestamp=timestamp,
        data=data,
    )


def put(resource: str, division: int, data: dict[str, Any]) -> Row:
    """Insert or replace one row by its key, with a new version; return it. Created stays, Modified moves."""
    return put_all(resource, division, [data])[0]


def put_all(resource: str, division: int, many: list[dict[str, Any]]) -> list[Row]:
    """Insert or replace several rows of one resource; return them in the same order.

    When a row was created stands in its fields, so what replaces it must start from these.
    """
    at = now_text()
    first = next_number(_VERSION, division, _FIRST_VERSION, by=len(many))
    rows = [
        _row(resource, division, _stamped(division, at, {**data, "Modified": at}), first + position)
        for position, data in enumerate(many)
    ]
    news = outbox.changes(rows)
    written = Row.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["resource", "division", "key"],
        update_fields=["parent", "mark", "timestamp", "data"],
    )
    outbox.queue(news)
    return written


def fill(many: Iterable[tuple[str, int, dict[str, Any]]]) -> None:
    """Insert many new rows of (resource, division, fields) at once, in their order, as if kept for some time."""
    entries, at = list(many), now_text(ago=_LONG_SINCE)
    counts = Counter(division for _resource, division, _data in entries)
    stamps = {
        division: itertools.count(next_number(_VERSION, division, _FIRST_VERSION, by=count))
        for division, count in counts.items()
    }
    Row.objects.bulk_create(
        [
            _row(resource, division, _stamped(division, at, data), next(stamps[division]))
            for resource, division, data in entries
        ],
        batch_size=500,
    )


def renumber(division: int) -> None:
    """Give every row of a division a new version, as if it had come from elsewhere (Exact facts 3.6).

    The new versions begin low again, in another order: whoever goes on from an old one misses everything.
    """
    with transaction.atomic(using=DATABASE), connections[DATABASE].cursor() as cursor:
        rows = Row.objects.filter(division=division)
        rows.update(timestamp=-F("timestamp"))  # no new version may meet an old one on the way
        cursor.execute(_RENUMBER, [_FIRST_VERSION - 1, division])
        Sequence.objects.update_or_create(
            name=_VERSION, division=division, defaults={"value": _FIRST_VERSION - 1 + rows.count()}
        )


def _stamped(division: int, at: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"Created": at, "Modified": at, **data, "Division": division}
