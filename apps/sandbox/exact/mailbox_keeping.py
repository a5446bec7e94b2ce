"""Keeping digital mailboxes: what a new or changed one may be, and whose an address is (Exact facts 4.7)."""

from typing import Any
from uuid import uuid4

from apps.sandbox.exact import store
from apps.sandbox.exact.errors import Problem, objection
from apps.sandbox.exact.mailboxes import MAILBOXES, of_account
from apps.sandbox.models import Package, Row

Data = dict[str, Any]

_MANUAL = 3


def create(division: int, sent: Data) -> Row:
    """Keep a new mailbox; raises Objection for a trial licence and for an address that is taken."""
    if Package.objects.filter(division=division, is_trial=True).exists():
        raise objection(Problem("trial"))
    data = {"Type": _MANUAL, "Publish": 0, "ForDivision": division, **sent}
    data["ID"] = sent.get("ID") or str(uuid4())
    _refuse(division, data)
    return store.put(MAILBOXES, division, _told(data))


def change(row: Row, sent: Data) -> Row:
    """Change a mailbox; raises Objection when its new address is taken."""
    data = {**row.data, **sent}
    _refuse(row.division, data)
    return store.put(MAILBOXES, row.division, _told(data))


def _refuse(division: int, data: Data) -> None:
    """Raise Objection for an address that exists anywhere, and for a division of another account."""
    others = Row.objects.filter(resource=MAILBOXES, data__Mailbox__iexact=data["Mailbox"].strip())
    taken = others.exclude(key=data["ID"]).first()
    problems = [Problem("exists", "Mailbox")] if taken else []
    elsewhere = taken is not None and taken.data.get("ForDivision") != data["ForDivision"]
    if elsewhere or data["ForDivision"] not in {*of_account(division), None}:
        problems.append(Problem("invalid", "ForDivision"))
    if problems:
        raise objection(*problems)


def _told(data: Data) -> Data:
    there = store.find("system/Divisions", 0, str(data["ForDivision"]))
    account = store.find("crm/Accounts", data["ForDivision"] or 0, str(data.get("Account") or ""))
    return {
        **data,
        "Mailbox": data["Mailbox"].strip(),
        "ForDivisionDescription": there.data.get("Description") if there else None,
        "AccountName": account.data.get("Name") if account else None,
    }
