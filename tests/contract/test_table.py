"""The sandbox's one table says what the facts say, and every row of it is enforced."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from apps.sandbox import switches
from apps.sandbox.exact import payload, references, store, table
from apps.sandbox.exact.table import Property, Resource
from tests.contract import compacting
from tests.sandbox.driver import Exact, invoice_body, message, order_body
from tests.sandbox.listener import listening
from tests.sandbox.small_firm import HERE, THERE, key
from tests.shared import FACTS, needs_facts

SAMPLES: dict[str, dict[str, Any]] = {
    "crm/Accounts": {"Name": "Nieuw"},
    "crm/BankAccounts": {"Account": key("Jansen Techniek"), "BankAccount": "NL02ABNA0123456789"},
    "logistics/Items": {"Code": "TAFEL", "Description": "Tafel"},
    "financial/GLAccounts": {"Code": "4900", "Description": "Divers"},
    "vat/VATCodes": {"Code": "21", "Description": "Hoog"},
    "hrm/Costcenters": {"Code": "K2", "Description": "Werkplaats"},
    "hrm/Costunits": {"Code": "D2", "Description": "Project"},
    "financial/Journals": {"Code": "62", "Description": "Inkoop 2", "Type": 22},
    "cashflow/PaymentConditions": {"Code": "30", "Description": "30 dagen", "PaymentDays": 30},
    "logistics/SupplierItem": {
        "Item": key("STOEL"),
        "ItemUnit": key("stuk"),
        "Supplier": key("Jansen Techniek"),
        "PurchasePrice": 12.5,
        "PurchaseUnit": "stuk",
    },
    "mailbox/Mailboxes": {"Mailbox": "34567892@facturen.econnect.eu"},
    "webhooks/WebhookSubscriptions": {"CallbackURL": "https://127.0.0.1/hook/", "Topic": "Accounts"},
    "purchaseentry/PurchaseEntries": {
        "Journal": "60",
        "Supplier": key("Jansen Techniek"),
        "YourRef": "F-7",
        "EntryDate": "2026-10-05",
        "PurchaseEntryLines": [{"GLAccount": key("4000"), "AmountFC": 10.0}],
    },
    "purchaseentry/PurchaseEntryLines": {
        "EntryID": key("filled in"),
        "GLAccount": key("4000"),
        "AmountFC": 10.0,
    },
    "purchaseorder/PurchaseOrders": order_body(OrderNumber=4711),
    "purchaseorder/PurchaseOrderLines": {
        "PurchaseOrderID": key("filled in"),
        "Item": key("STOEL"),
        "QuantityInPurchaseUnits": 2.0,
    },
    "purchase/PurchaseInvoices": invoice_body(),
    "documents/Documents": {"Subject": "Factuur", "Type": 20},
    "documents/DocumentAttachments": {
        "Document": key("filled in"),
        "FileName": "a.pdf",
        "Attachment": "eA==",
    },
    "mailbox/MailMessagesSent": {
        "SenderMailboxID": key("mailbox"),
        "RecipientMailboxID": key("mailbox"),
        "Subject": "Factuur",
    },
    "mailbox/MailMessageAttachments": {
        "MailMessageID": key("filled in"),
        "AttachmentFileName": "a.pdf",
        "Attachment": "eA==",
    },
}
WRITE_ONLY = {"mailbox/MailMessageAttachments": "Attachment"}  # read through its Url (Exact facts 4.7)
NEVER_ALONE = {"purchase/PurchaseInvoiceLines"}  # POST is listed, but the page says no (Exact facts 4.4)
WRONG: dict[str, Any] = {
    "Guid": "no guid",
    "String": 5,
    "DateTime": "31-01-2026",
    "Boolean": "true",
    "Double": "ten",
    "Byte": 256,
    "Int16": 1.5,
    "Int32": "many",
    "Int64": True,
    "Binary": "not base64!",
}


def writable() -> list[Resource]:
    listed = [resource for resource in table.resources().values() if "POST" in resource.methods]
    return [resource for resource in listed if resource.path not in NEVER_ALONE]


def fields(wanted: str) -> list[Any]:
    return [
        pytest.param(resource, prop, id=f"{resource.path}-{prop.name}")
        for resource in writable()
        for prop in resource.properties.values()
        if _is(wanted, resource, prop)
    ]


def _is(wanted: str, resource: Resource, prop: Property) -> bool:
    if wanted == "mandatory":
        return prop.name in resource.mandatory
    if wanted == "read-only":
        return not prop.post
    if wanted == "typed":
        return prop.post and not prop.is_list
    return prop.post and references.is_reference(resource, prop)


@pytest.fixture(scope="module")
def callback() -> Iterator[str]:
    """An address that takes webhooks."""
    with listening() as listener:
        yield listener.url


@pytest.fixture
def body(exact: Exact, callback: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A body that would be accepted for the resource at hand."""
    path = request.getfixturevalue("resource").path
    sample = dict(SAMPLES[path])
    if path == "webhooks/WebhookSubscriptions":
        sample["CallbackURL"] = callback
    if path == "purchaseentry/PurchaseEntryLines":
        sample["EntryID"] = exact.entry(YourRef="owner").json()["d"]["EntryID"]
    if path == "purchaseorder/PurchaseOrderLines":
        switches.change(order_lines_alone=True)
        sample["PurchaseOrderID"] = exact.order(YourRef="owner").json()["d"]["PurchaseOrderID"]
    if path.startswith("mailbox/MailMessage"):
        fields = {"ID": key("mailbox"), "Mailbox": "1@facturen.example", "ForDivision": HERE}
        store.put("mailbox/Mailboxes", HERE, fields)
    if path == "mailbox/MailMessageAttachments":
        message_sent = exact.post("mailbox/MailMessagesSent", SAMPLES["mailbox/MailMessagesSent"])
        sample["MailMessageID"] = message_sent.json()["d"]["ID"]
    if path == "documents/DocumentAttachments":
        sample["Document"] = exact.post("documents/Documents", {"Subject": "x", "Type": 20}).json()["d"]["ID"]
    return sample


@needs_facts
def test_the_table_is_what_the_facts_say() -> None:
    metadata = json.loads((FACTS / "exact-metadata.json").read_text())
    assert json.loads(compacting.TABLE.read_text()) == compacting.compact(metadata)
    assert compacting.TABLE.read_text() == compacting.text(compacting.compact(metadata))


def test_there_is_a_sample_for_every_writable_resource() -> None:
    assert {resource.path for resource in writable()} == SAMPLES.keys()


@pytest.mark.parametrize("resource", [pytest.param(each, id=each.path) for each in writable()])
def test_a_right_body_is_accepted_and_read_back(
    exact: Exact, resource: Resource, body: dict[str, Any]
) -> None:
    made = exact.post(resource.path, body)
    assert made.status_code == 201, made.text
    again = exact.session.get(made.headers["Location"])
    assert again.status_code == 200
    entity = again.json()["d"]
    kept = {
        name: value for name, value in body.items() if isinstance(value, str | int) and "Date" not in name
    }
    if resource.path in WRITE_ONLY:
        unread = WRITE_ONLY[resource.path]
        assert entity[unread] is None
        del kept[unread]
    assert {name: _trimmed(entity[name]) for name in kept} == kept


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


@pytest.mark.parametrize(("resource", "prop"), fields("mandatory"))
def test_a_missing_mandatory_field_is_named(
    exact: Exact, resource: Resource, prop: Property, body: dict[str, Any]
) -> None:
    del body[prop.name]
    refused = exact.post(resource.path, body)
    assert refused.status_code == 500
    assert message(refused).startswith("Verplicht: ")


@pytest.mark.parametrize(("resource", "prop"), fields("read-only"))
def test_a_read_only_field_is_refused(
    exact: Exact, resource: Resource, prop: Property, body: dict[str, Any]
) -> None:
    refused = exact.post(resource.path, {**body, prop.name: None})
    assert refused.status_code == 400
    assert message(refused).startswith("Error processing request stream.")


@pytest.mark.parametrize("resource", [pytest.param(each, id=each.path) for each in writable()])
def test_an_unknown_field_is_refused(exact: Exact, resource: Resource, body: dict[str, Any]) -> None:
    refused = exact.post(resource.path, {**body, "Nonsense": 1})
    assert refused.status_code == 400
    assert "'Nonsense'" in message(refused)


@pytest.mark.parametrize(("resource", "prop"), fields("typed"))
def test_a_value_of_the_wrong_type_is_refused(
    exact: Exact, resource: Resource, prop: Property, body: dict[str, Any]
) -> None:
    refused = exact.post(resource.path, {**body, prop.name: WRONG[prop.type]})
    assert refused.status_code == 400
    assert f"'{prop.name}' to type 'Edm.{prop.type}'" in message(refused)


@pytest.mark.parametrize(("resource", "prop"), fields("reference"))
def test_a_reference_into_another_division_is_refused(
    exact: Exact, resource: Resource, prop: Property, body: dict[str, Any]
) -> None:
    foreign = _foreign(exact, prop)
    refused = exact.post(resource.path, {**body, prop.name: foreign})
    assert refused.status_code == 500
    assert message(refused).startswith("Ongeldige referentie: ")


def _foreign(exact: Exact, prop: Property) -> str:
    """Return the key or code of a row that is in the other division only."""
    if prop.type == "String":
        path = references.CODES[prop.name]
        store.put(path, THERE, {**SAMPLES.get(path, {}), "ID": key("XX"), "Code": "XX", "Description": "x"})
        return "XX"
    target = references.target(prop)
    names = {
        "crm/Accounts": "Jansen Techniek",
        "financial/GLAccounts": "4000",
        "logistics/ItemGroups": "MEUBEL",
        "logistics/Items": "STOEL",
        "logistics/Units": "stuk",
    }
    if target == "documents/Documents":
        return str(exact.post(target, SAMPLES[target], THERE).json()["d"]["ID"])
    if target == "purchaseentry/PurchaseEntries":
        return str(_foreign_entry(exact))
    if target == "purchaseorder/PurchaseOrders":
        return str(_foreign_order(exact))
    return key(names.get(target or "", "nothing"), THERE)


def _foreign_entry(exact: Exact) -> str:
    lines = [{"GLAccount": key("4000", THERE), "AmountFC": 10.0}]
    made = exact.entry(THERE, lines=lines, Supplier=key("Jansen Techniek", THERE))
    return str(made.json()["d"]["EntryID"])


def _foreign_order(exact: Exact) -> str:
    lines = [{"Item": key("STOEL", THERE), "QuantityInPurchaseUnits": 1.0}]
    made = exact.order(THERE, lines=lines, Supplier=key("Jansen Techniek", THERE))
    return str(made.json()["d"]["PurchaseOrderID"])


@pytest.mark.parametrize("path", sorted(NEVER_ALONE))
def test_lines_that_stand_alone_are_refused(exact: Exact, path: str) -> None:
    assert "POST" in table.get(path).methods
    refused = exact.post(path, {"Item": key("STOEL"), "Amount": 10.0})
    assert refused.status_code == 400
    assert message(refused).startswith("Error processing request stream.")


@pytest.mark.parametrize("path", sorted(table.resources().keys() - {"current/Me"}))
@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_verbs_that_are_not_offered_are_refused(exact: Exact, path: str, verb: str) -> None:
    resource = table.get(path)
    if verb in resource.methods:
        assert exact.session.options(exact.url(path)).status_code == 405
        return
    keyed = path if verb == "POST" else f"{path}(guid'{key('x')}')"
    assert exact.session.request(verb, exact.url(keyed), json={}).status_code == 405


def test_bodies_that_are_no_entities_are_refused(exact: Exact) -> None:
    url = exact.url("hrm/Costcenters")
    for raw in ("[]", "{", '"x"', "[" * 100_000):
        assert (
            exact.session.post(url, data=raw, headers={"Content-Type": "application/json"}).status_code == 400
        )
    assert exact.session.post(url, data="{}", headers={"Content-Type": "text/plain"}).status_code == 415
    lists = {"Name": "x", "PurchaseEntryLines": "x"}
    assert exact.post("purchaseentry/PurchaseEntries", lists).status_code == 400
    assert exact.post("purchaseentry/PurchaseEntries", {"PurchaseEntryLines": [1]}).status_code == 400
    assert exact.post("vat/VATCodes", {**SAMPLES["vat/VATCodes"], "VATPercentages": [{}]}).status_code == 400


def test_every_nested_list_is_a_served_resource() -> None:
    assert all(table.LISTS[name] in table.resources() for name in payload.NESTED)
    assert HERE != THERE
