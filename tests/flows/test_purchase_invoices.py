"""Invoices and credit notes delivered as purchase invoices of items: once, against their orders, and told why not."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from apps.clients.models import Administration, Mode
from apps.core import clock
from apps.core.causes import Cause
from apps.exact import mirror
from apps.exact.client import Exact
from apps.exact.models import Division, Item, Relation, SupplierItem
from apps.intake.keeping import keep
from apps.invoices import following, going_live
from apps.invoices.delivering import deliver, plan_of
from apps.invoices.models import ActiveMethod, InExact, Invoice, InvoiceItem, Kind, Outcome, State, WaitsFor
from apps.invoices.processing import process
from apps.invoices.reviewing import accept, undo
from apps.invoices.switching import SwitchRefused, switch
from apps.items import answering
from apps.people.models import User
from apps.posting.models import Method
from apps.sandbox import faults, switches, time
from apps.sandbox.exact import store
from tests.intake.samples import replaced, ubl
from tests.people.factories import UserFactory

pytestmark = pytest.mark.django_db
INVOICES, LINES = "purchase/PurchaseInvoices", "purchase/PurchaseInvoiceLines"
ORDERS, ORDER_LINES = "purchaseorder/PurchaseOrders", "purchaseorder/PurchaseOrderLines"


@pytest.fixture
def person() -> User:
    made: User = UserFactory()
    return made


@pytest.fixture
def buying(bakery: Division, person: User) -> Division:
    """The bakery, which takes its invoices and credit notes as purchase invoices."""
    switches.change(minute_limit=10_000)
    for kind in Kind:
        switch(books(bakery), kind, Method.INVOICE, by=person)
    return bakery


def books(division: Division) -> Administration:
    assert division.administration
    return division.administration


def offer(division: Division) -> SupplierItem:
    """Return what a supplier sells to the division in the item's own units."""
    rows = SupplierItem.objects.filter(division=division, factor=1).exclude(supplier_code="")
    for row in rows.order_by("pk"):
        card = Relation.objects.filter(division=division, exact_id=row.supplier).first()
        if card and card.chamber_of_commerce and card.vat_number and not card.blocked:
            return row
    raise AssertionError("No supplier sells anything.")


def document(division: Division, sold: SupplierItem, **more: Any) -> bytes:
    """Return an invoice of ten of what is sold, at 10.00 each; `code`, `order` and `kind` change it."""
    card = Relation.objects.get(division=division, exact_id=sold.supplier)
    kind = more.pop("kind", "Invoice")
    text = ubl(kind=kind)
    own = books(division).identifiers.get(kind="kvk").value
    for old, new in (
        ("T-1", more.pop("code", sold.supplier_code)),
        ("PO-7", more.pop("order", "none")),
        ("2026-0042", more.pop("number", "F-1")),
        ("2026-09-15", clock.today().isoformat()),
        ("34567892", card.chamber_of_commerce),
        ("NL8976.20.458.B.01", card.vat_number),
        ("17131139", own),
        ('unitCode="C62"', f'unitCode="{sold.unit}"'),
        ("Anker en Touw", card.name),
    ):
        text = replaced(text, old, new)
    text = text.replace("NL47 BUNQ 0649621411", "").replace("NL809561074B01", "")
    return text.encode()


def take_in(content: bytes) -> Invoice:
    receipt = keep([("factuur.xml", content)], channel="upload")
    process(receipt.pk)
    return Invoice.objects.get(part__receipt=receipt)


def again(invoice: Invoice) -> Invoice:
    rows = Invoice.objects.select_related("posting", "removal", "administration", "part")
    return rows.get(pk=invoice.pk)


def in_exact(resource: str, division: Division) -> list[dict[str, Any]]:
    return [row.data for row in store.rows(resource, division.code)]


def delivered(invoice: Invoice, division: Division, person: User) -> Invoice:
    """Agree with a document, where a person must, and deliver it."""
    invoice = again(invoice)
    if invoice.state == State.PROPOSED:
        accept(invoice, by=person, version=invoice.version)
    deliver(division, at_once=True)
    return again(invoice)


def order(division: Division, sold: SupplierItem, number: str, *, quantity: float = 10) -> dict[str, Any]:
    """Order of the supplier as people do in Exact, at 10.00 each, and read that; return the order's line."""
    line = {"Item": str(sold.item), "QuantityInPurchaseUnits": quantity, "NetPrice": 10.0, "VATCode": "2"}
    made = Exact(division).post(
        ORDERS,
        {
            "Supplier": str(sold.supplier),
            "YourRef": number,
            "OrderDate": clock.today().isoformat(),
            "PurchaseOrderLines": [line],
        },
    )
    mirror.sync(division, ["purchase_orders"])
    (found,) = store.children(ORDER_LINES, division.code, str(made["PurchaseOrderID"]))
    return dict(found.data)


def test_an_invoice_of_items_becomes_one_purchase_invoice(buying: Division, person: User) -> None:
    sold = offer(buying)
    invoice = delivered(take_in(document(buying, sold)), buying, person)
    assert (invoice.state, invoice.outcome, invoice.detail) == (State.DONE, Outcome.BOOKED, "")
    (made,) = in_exact(INVOICES, buying)
    assert (made["Type"], made["YourRef"], made["Amount"]) == (8033, "F-1", 121.0)
    assert invoice.posting
    assert (str(made["EntryNumber"]), made["Document"]) == (
        invoice.exact_number,
        invoice.posting.steps["document"]["id"],
    )
    (line,) = in_exact(LINES, buying)
    assert (line["Item"], line["Quantity"], line["Amount"], line["VATAmount"]) == (
        str(sold.item),
        10.0,
        100.0,
        21.0,
    )
    mirror.sync(buying, ["ledger", "deleted"])
    following.notice(buying)
    assert again(invoice).in_exact == InExact.NOTHING
    deliver(buying, at_once=True)
    assert len(in_exact(INVOICES, buying)) == 1


@pytest.mark.parametrize(
    "kind", ["error_before_commit", "error_after_commit", "dropped_before", "dropped_answer"]
)
def test_a_lost_answer_makes_no_second_one(buying: Division, person: User, kind: str) -> None:
    invoice = take_in(document(buying, offer(buying)))
    faults.arm(kind, method="POST", path="PurchaseInvoices")
    invoice = delivered(invoice, buying, person)
    time.advance(timedelta(minutes=30))
    deliver(buying, at_once=True)
    assert again(invoice).state == State.DONE
    assert len(in_exact(INVOICES, buying)) == 1


def test_a_credit_note_is_one_of_type_8034(buying: Division, person: User) -> None:
    invoice = delivered(take_in(document(buying, offer(buying), kind="CreditNote")), buying, person)
    assert (invoice.state, invoice.detail) == (State.DONE, "")
    (made,) = in_exact(INVOICES, buying)
    assert (made["Type"], made["Amount"]) == (8034, -121.0)
    mirror.sync(buying, ["ledger", "deleted"])
    following.notice(buying)
    assert again(invoice).in_exact == InExact.NOTHING


def test_what_was_ordered_and_agrees_invoices_the_line_of_the_order(buying: Division, person: User) -> None:
    sold = offer(buying)
    ordered = order(buying, sold, "PO-7")
    invoice = delivered(take_in(document(buying, sold, order="PO-7")), buying, person)
    assert (invoice.state, invoice.detail) == (State.DONE, "")
    (line,) = in_exact(LINES, buying)
    assert (line["PurchaseOrderLine"], line["Amount"]) == (ordered["ID"], 100.0)
    row = store.find(ORDER_LINES, buying.code, ordered["ID"])
    assert row is not None and row.data["InvoicedQuantity"] == 10.0


def test_what_differs_from_its_order_is_proposed_as_an_item_and_told(
    buying: Division, person: User, english: None
) -> None:
    sold = offer(buying)
    order(buying, sold, "PO-7", quantity=12)
    invoice = take_in(document(buying, sold, order="PO-7"))
    assert invoice.state == State.PROPOSED
    said = {one["code"]: one["values"] for one in invoice.findings if one["code"].startswith("order_")}
    assert (said["order_quantity"]["value"], said["order_quantity"]["text"]) == ("10", "12")
    assert (said["order_amount"]["found"], said["order_amount"]["expected"]) == ("100.00", "120.00")
    assert "ordered 12: the item is invoiced beside order" in invoice.proposed_because
    assert delivered(invoice, buying, person).state == State.DONE
    (line,) = in_exact(LINES, buying)
    assert (line["Item"], line.get("PurchaseOrderLine")) == (str(sold.item), None)


def test_two_invoices_do_not_take_the_same_line_of_an_order(buying: Division, person: User) -> None:
    sold = offer(buying)
    order(buying, sold, "PO-7")
    first = take_in(document(buying, sold, order="PO-7"))
    take_in(document(buying, sold, order="PO-7", number="F-2"))
    named = InvoiceItem.objects.filter(order_line__isnull=False)
    assert [row.line.invoice_id for row in named] == [first.pk]


def test_an_order_that_was_invoiced_meanwhile_is_looked_at_anew(buying: Division, person: User) -> None:
    sold = offer(buying)
    ordered = order(buying, sold, "PO-7")
    invoice = take_in(document(buying, sold, order="PO-7"))
    if invoice.state == State.PROPOSED:
        accept(invoice, by=person, version=invoice.version)
    invoicing = {"PurchaseOrderLine": ordered["ID"]}
    by_hand = {
        "Journal": books(buying).purchase_journal,
        "Supplier": str(sold.supplier),
        "Type": 8033,
        "YourRef": "by hand",
        "PurchaseInvoiceLines": [invoicing],
    }
    Exact(buying).post(INVOICES, by_hand)
    mirror.sync(buying, ["purchase_orders"])
    deliver(buying, at_once=True)
    assert again(invoice).state == State.PROPOSED
    assert not InvoiceItem.objects.filter(order_line__isnull=False).exists()


def test_an_unknown_item_waits_until_it_is_mapped_and_then_goes_on(buying: Division, person: User) -> None:
    sold = offer(buying)
    invoice = take_in(document(buying, sold, code="NIEUW-1"))
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.ITEM_UNKNOWN)
    question = InvoiceItem.objects.get(line__invoice=invoice).question
    assert question
    item = Item.objects.get(division=buying, exact_id=sold.item)
    mapping = answering.answer(question, item, by=person)
    tasks_run("item_answered", question.pk)
    assert mapping and delivered(invoice, buying, person).state == State.DONE
    second = take_in(document(buying, sold, code="NIEUW-1", number="F-2"))
    assert InvoiceItem.objects.get(line__invoice=second).mapping == mapping
    answering.take_back(mapping, by=person)
    tasks_run("item_mapping_taken_back", mapping.pk)
    assert again(second).cause == Cause.ITEM_UNKNOWN
    assert again(invoice).to_correct


def test_what_was_booked_is_taken_back_with_its_document(buying: Division, person: User) -> None:
    invoice = delivered(take_in(document(buying, offer(buying))), buying, person)
    undo(invoice, by=person, version=invoice.version)
    deliver(buying, at_once=True)
    assert again(invoice).state == State.PROPOSED
    assert in_exact(INVOICES, buying) == []
    assert delivered(invoice, buying, person).state == State.DONE
    assert len(in_exact(INVOICES, buying)) == 1


def test_on_pilot_it_is_shown_and_goes_out_when_the_pilot_ends(buying: Division, person: User) -> None:
    administration = books(buying)
    administration.mode = Mode.PILOT
    administration.save(update_fields=["mode"])
    invoice = take_in(document(buying, offer(buying)))
    assert (invoice.state, invoice.waits_for) == (State.READY, WaitsFor.PILOT)
    plan = plan_of(invoice, buying, "PK")
    deliver(buying, at_once=True)
    assert in_exact(INVOICES, buying) == []
    going_live.go_live(administration, by=str(person))
    process()
    invoice = delivered(invoice, buying, person)
    assert (invoice.state, invoice.detail) == (State.DONE, "")
    assert invoice.posting
    sent = invoice.posting.plan["steps"][-1]["payload"]["PurchaseInvoiceLines"]
    assert sent == plan["steps"][-1]["payload"]["PurchaseInvoiceLines"]


def without_logistics(division: Division) -> None:
    switches.set_package(division.code, features=[[1, "General ledger"]])


def test_a_package_without_purchase_invoices_is_refused_when_it_is_chosen(
    bakery: Division, person: User, english: None
) -> None:
    without_logistics(bakery)
    mirror.sync(bakery, ["features"])
    with pytest.raises(SwitchRefused, match="no purchase invoices"):
        switch(Administration.objects.get(), Kind.INVOICE, Method.INVOICE, by=person)
    assert not ActiveMethod.objects.exists()


def test_a_package_that_lost_them_tells_so_and_blocks_nothing_else(
    buying: Division, person: User, english: None
) -> None:
    invoice = take_in(document(buying, offer(buying)))
    without_logistics(buying)
    invoice = delivered(invoice, buying, person)
    assert (invoice.state, invoice.cause) == (State.ATTENTION, Cause.REJECTED_BY_EXACT)
    assert "no purchase invoices" in invoice.detail
    assert in_exact(INVOICES, buying) == []


def tasks_run(bell: str, key: int) -> None:
    """Run what a bell calls, as a worker would."""
    for path in settings.BELLS[bell]:
        import_string(path)(key)
