"""Switches for training, demonstrations and tests: limits, closed periods, grants, users and scopes."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from apps.sandbox.exact import (
    documents,
    entries,
    ledger,
    oauth,
    order_acts,
    order_keeping,
    orders,
    purchase_invoices,
    removal,
    store,
)
from apps.sandbox.models import ExactUser, Grant, Package, RegisteredApp, Row, Switches

STATUS_LIST = "read/financial/JournalStatusList"
# What goes with a row that somebody removes.
_INNER = {
    entries.ENTRIES: (entries.LINES, ledger.TRANSACTIONS),
    order_keeping.ORDERS: (order_keeping.LINES,),
    purchase_invoices.INVOICES: (purchase_invoices.LINES, ledger.TRANSACTIONS),
}


def current() -> Switches:
    """Return the one row of settings."""
    return Switches.objects.get_or_create(pk=1)[0]


def change(**fields: Any) -> None:
    """Change settings by field name, e.g. `minute_limit=5`."""
    Switches.objects.update_or_create(pk=1, defaults=fields)


def set_period(division: int, journal: str, year: int, period: int, *, closed: bool) -> None:
    """Close or open one period of one journal (Exact facts 4.0: JournalStatusList is where it shows)."""
    journal_row = store.by_mark("financial/Journals", division, journal)
    fields = {
        "Journal": journal,
        "Year": year,
        "Period": period,
        "Status": int(closed),
        "StatusDescription": "Afgesloten" if closed else "Open",
        "JournalDescription": journal_row.data.get("Description") if journal_row else None,
        "JournalType": journal_row.data.get("Type") if journal_row else None,
    }
    store.put(STATUS_LIST, division, fields)


def turn_periods(rows: Iterable[Row], *, closed: bool) -> None:
    """Close or open the journal periods behind these rows."""
    for row in rows:
        set_period(row.division, row.data["Journal"], row.data["Year"], row.data["Period"], closed=closed)


def grant(divisions: Iterable[int]) -> None:
    """Let every connected app reach exactly these divisions."""
    Grant.objects.update(divisions=sorted(divisions))


def block_user(reason: str = "BlockedUser", user: ExactUser | None = None) -> None:
    """Answer 403 with this Reason to a user, or to every one; an empty reason lifts it (Exact facts 1.7).

    Reasons: BlockedUser, InactiveUser, BlockedCustomer, LicenseExpired.
    """
    _users(user).update(blocked=reason)


def block_division(code: int, reason: str = "DivisionBlocked") -> None:
    """Answer 403 with this Reason to every call in a division; an empty reason lifts it (Exact facts 1.7)."""
    blocked = {**(current().blocked_divisions or {}), str(code): reason}
    change(blocked_divisions={division: words for division, words in blocked.items() if words})


def change_password(user: ExactUser | None = None) -> None:
    """End all tokens of a user, or of every one, as a new password does (Exact facts 1.3)."""
    oauth.end(Grant.objects.filter(user__in=_users(user)), "password")


def withdraw_consent(user: ExactUser | None = None) -> None:
    """End all tokens of a user, or of every one, as withdrawing the app in "My Exact Online" does."""
    oauth.end(Grant.objects.filter(user__in=_users(user)), "consent")


def lack_rights(*rights: str, user: ExactUser | None = None) -> None:
    """Take rights, named by scope or by resource, from a user or from every one; none: give all."""
    _users(user).update(missing_scopes=list(rights))


def set_package(division: int, **fields: Any) -> None:
    """Change the package of a division by field name, e.g. `day_limit=100` or `unlimited_days=True`."""
    Package.objects.update_or_create(division=division, defaults=fields)


def delete(resource: str, division: int, key: str) -> None:
    """Remove a row as somebody in Exact would, with its trace in sync/Deleted; nothing happens without one.

    With an entry or order go its lines, and ledger lines; of an entry that is in the ledger only, these alone.
    """
    with transaction.atomic(using=store.DATABASE):
        row = store.find(resource, division, key)
        for inner in _INNER.get(resource, ()):
            removal.remove(store.children(inner, division, key))
        if resource == documents.DOCUMENTS and row:
            documents.delete(row)
        elif row:
            removal.remove([row])


def receive_order(division: int, key: str, share: Decimal = Decimal(1)) -> None:
    """Receive this share (0 to 1) of what an order still has to come, as somebody in Exact would."""
    with transaction.atomic(using=store.DATABASE):
        order_acts.receive(_order(division, key), share)


def complete_order(division: int, key: str) -> None:
    """Close an order as complete, as somebody in Exact would. Raises Objection when it is closed."""
    with transaction.atomic(using=store.DATABASE):
        order_acts.complete(_order(division, key))


def cancel_order(division: int, key: str) -> None:
    """Cancel an order, as somebody in Exact would. Raises Objection when it is closed."""
    with transaction.atomic(using=store.DATABASE):
        order_acts.cancel(_order(division, key))


def change_order_line(division: int, key: str, **values: Any) -> None:
    """Change fields of an order line, by its key, as somebody in Exact would. Raises Objection."""
    with transaction.atomic(using=store.DATABASE):
        orders.change_line(store.rows(order_keeping.LINES, division).get(key=key), values, "")


def _order(division: int, key: str) -> Row:
    return store.rows(order_keeping.ORDERS, division).get(key=key)


def move_division(code: int) -> None:
    """Move a division to another database of Exact: all its row versions are new (Exact facts 3.6)."""
    row = store.find("system/Divisions", code, str(code))
    if row is None:
        return
    with transaction.atomic(using=store.DATABASE):
        store.renumber(code)
        store.put("system/Divisions", 0, {**row.data, "DivisionMoveDate": store.now_text()})


def _users(user: ExactUser | None) -> QuerySet[ExactUser]:
    users = ExactUser.objects.all()
    return users.filter(pk=user.pk) if user else users


def speak(language: str) -> None:
    """Let Exact answer every user in "nl" or "en"."""
    ExactUser.objects.update(language=language)


def lack_scopes(*scopes: str) -> None:
    """Take scopes such as "Financial accounting" from every app; none: give all."""
    RegisteredApp.objects.update(missing_scopes=list(scopes))
