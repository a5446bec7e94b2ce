"""What every resource answers has the fields of the facts, all of them and in their types."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from apps.sandbox import firm, switches
from apps.sandbox.exact import table
from tests.sandbox.driver import Exact
from tests.shared import FACTS, needs_facts

CODES = tuple(division.code for division in firm.DIVISIONS)
EMPTY = frozenset(
    {
        "documents/Documents",
        "documents/DocumentAttachments",
        "mailbox/MailMessagesSent",
        "mailbox/MailMessageAttachments",
        "purchaseentry/PurchaseEntries",
        "purchaseentry/PurchaseEntryLines",
        "sync/Deleted",
        "webhooks/WebhookSubscriptions",
    }
)  # what a firm begins without
QUERIES = {
    "crm/Accounts": {"$filter": "IsSupplier eq true"},
    "logistics/Items": {"$filter": "IsSalesItem eq true"},
    "financialtransaction/TransactionLines": {"$filter": "FinancialYear eq 2026"},
    "read/sync/Sync/SyncTimestamp": {"modified": "datetime'2026-01-01'", "endPoint": "'GLAccounts'"},
}

NO_LISTS = {"current/Me", "users/UserHasRights"}  # the latter is a function that answers one boolean


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


FITS: dict[str, Callable[[Any], bool]] = {
    "Guid": lambda value: bool(re.fullmatch(r"[0-9a-f-]{36}", value)),
    "String": lambda value: isinstance(value, str),
    "DateTime": lambda value: bool(re.fullmatch(r"/Date\(-?\d+\)/", value)),
    "Boolean": lambda value: isinstance(value, bool),
    "Double": lambda value: isinstance(value, float),
    "Byte": _is_whole,
    "Int16": _is_whole,
    "Int32": _is_whole,
    "Int64": lambda value: isinstance(value, str) and bool(re.fullmatch(r"-?\d+", value)),
    "Binary": lambda value: isinstance(value, str),
}


def query_of(resource: table.Resource) -> dict[str, str]:
    """Return the least that a list GET of the resource needs."""
    if resource.service == "sync":
        return {"$filter": "Timestamp gt 1"}
    if resource.service == "bulk":
        return {"$select": ",".join(resource.properties)}
    return QUERIES.get(resource.path, {})


@pytest.fixture
def office(small: None) -> Exact:
    """A client of the believable firm's first administration, with a digital mailbox and a purchase invoice."""
    made = Exact(CODES[0], CODES)
    assert made.post("mailbox/Mailboxes", {"Mailbox": "64134164@facturen.econnect.eu"}).status_code == 201
    (sold,) = made.get("logistics/SupplierItem", top=1).json()["d"]
    lines = [{"Item": sold["Item"], "Quantity": 2.0, "Amount": 10.0}]
    assert made.invoice(Supplier=sold["Supplier"], lines=lines).status_code == 201
    return made


@needs_facts
@pytest.mark.parametrize("path", sorted(table.resources().keys() - NO_LISTS))
def test_a_row_has_every_field_of_the_facts_in_its_type(office: Exact, path: str) -> None:
    resource = table.get(path)
    rows = office.session.get(office.url(path), params=query_of(resource)).json()["d"]["results"]
    assert bool(rows) == (resource.base not in EMPTY)
    described = json.loads((FACTS / "exact-metadata.json").read_text())["resources"][path]
    types = {each["name"]: each["type"].removeprefix("Edm.").rstrip("?") for each in described["properties"]}
    for row in rows:
        assert row.keys() == types.keys() | {"__metadata"}
        wrong = [
            name
            for name, type_ in types.items()
            if row[name] is not None and type_ in FITS and not FITS[type_](row[name])
        ]
        assert wrong == []


@pytest.mark.parametrize("path", sorted(table.resources().keys() - NO_LISTS))
def test_every_resource_can_be_read_by_the_addresses_it_gives(office: Exact, path: str) -> None:
    resource = table.get(path)
    rows = office.session.get(office.url(path), params=query_of(resource)).json()["d"]["results"]
    for row in rows[:3] if resource.key else []:
        again = office.session.get(row["__metadata"]["uri"])
        assert again.status_code == 200
        assert again.json()["d"]["__metadata"] == row["__metadata"]


@pytest.mark.parametrize("path", sorted(table.resources().keys() - NO_LISTS))
def test_every_resource_is_behind_its_scope(office: Exact, path: str) -> None:
    resource = table.get(path)
    free = resource.scope == "-"
    switches.lack_scopes(*{each.scope for each in table.resources().values() if each.scope != "-"})
    refused = office.session.get(office.url(path), params=query_of(resource))
    assert refused.status_code == (200 if free else 403)
