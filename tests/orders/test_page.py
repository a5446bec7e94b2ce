"""The page of an order, as people use it."""

from base64 import b64encode
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core import clock
from apps.core.causes import Cause
from apps.intake.detection import Format
from apps.intake.models import Original, PartKind, PartOutcome, RoutingRule
from apps.orders import acts, processing
from apps.orders.models import PurchaseOrder, State, WaitsFor
from apps.orders.views import VERBS
from apps.people.models import Role
from tests import office
from tests.clients.factories import AdministrationFactory
from tests.exact.factories import ItemFactory, SyncStateFactory
from tests.intake.factories import OriginalFactory, PartFactory
from tests.items.factories import ItemQuestionFactory
from tests.office import Books
from tests.orders.factories import PurchaseOrderFactory, PurchaseOrderLineFactory

pytestmark = pytest.mark.django_db

MOST_QUERIES = 20
SAMPLE = Path(__file__).resolve().parents[2] / "fixtures/orders/zwaluw-order.xml"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def books() -> Books:
    return office.books("Ooievaar")


@pytest.fixture
def browser(books: Books) -> Any:
    return office.browser(office.person(Role.BOOKKEEPER, books.client))


def act(order: PurchaseOrder, verb: str) -> str:
    return reverse("admin:orders_purchaseorder_act", args=(order.pk, verb))


def page(order: PurchaseOrder) -> str:
    return reverse("admin:orders_purchaseorder_change", args=(order.pk,))


def seen(order: PurchaseOrder, **values: Any) -> dict[str, Any]:
    """Return what the page of `order` sends: the values, and the version that it showed."""
    return {"version": order.version, **values}


def text_of(browser: Any, order: PurchaseOrder) -> str:
    return str(browser.get(page(order)).content.decode())


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", office.ROLES)
def test_every_role_opens_every_order_in_both_languages(role: str, language: str, books: Books) -> None:
    browser = office.browser(office.person(role, books.client, language=language))
    for name, order in books.orders.items():
        answer = browser.get(page(order))
        assert answer.status_code == 200, name
        assert "Ooievaar event" in answer.content.decode(), name


def test_a_page_of_many_lines_costs_no_more_than_one_of_few(books: Books, browser: Any) -> None:
    order = books.orders["proposed"]
    for resource in ("gl_accounts", "vat_codes", "cost_centers", "cost_units"):
        SyncStateFactory(division=books.division, resource=resource, synced_at=clock.now())
    browser.get(page(order))
    for _ in range(60):
        PurchaseOrderLineFactory(order=order, item=uuid4(), item_code="A1", vat_code="4")
    with CaptureQueriesContext(database) as queries:
        assert browser.get(page(order)).status_code == 200
    assert len(queries) <= MOST_QUERIES


def test_what_does_not_exist_is_not_found(browser: Any) -> None:
    assert browser.get("/orders/purchaseorder/0/change/").status_code == 404
    assert browser.get("/orders/purchaseorder/abc/change/").status_code == 404


def test_a_partner_looks_and_has_no_buttons(books: Books) -> None:
    browser = office.browser(office.person(Role.PARTNER, books.client))
    assert act(books.orders["proposed"], "accept") not in text_of(browser, books.orders["proposed"])
    assert browser.post(act(books.orders["proposed"], "accept"), {"version": 1}).status_code == 403


def test_accepting_opens_the_next_of_the_list_and_can_be_undone(books: Books, browser: Any) -> None:
    first = books.orders["proposed"]
    second = books.orders["answer"]
    query = "?_changelist_filters=stage%3Dproposed"
    answer = browser.post(act(first, "accept") + query, seen(first))
    assert answer.headers["Location"].startswith(page(second))
    first.refresh_from_db()
    assert (first.state, first.waits_for) == (State.READY, WaitsFor.HOLD_BACK)
    assert act(first, "undo") in browser.get(answer.headers["Location"]).content.decode()
    browser.post(act(first, "undo"))
    first.refresh_from_db()
    assert first.state == State.PROPOSED


@pytest.mark.parametrize(
    ("verb", "name"),
    [("accept", "proposed"), ("ignore", "price"), ("order_anyway", "price"), ("edit", "price")],
)
def test_what_was_not_seen_is_not_decided_about(verb: str, name: str, books: Books, browser: Any) -> None:
    order = books.orders[name]
    stale = {"version": order.version + 1, "reason": "double"}
    answer = browser.post(act(order, verb), stale, follow=True)
    assert "changed since you opened it" in answer.content.decode()
    before = order.state
    order.refresh_from_db()
    assert (order.state, order.waived) == (before, [])


def test_putting_aside_says_why_and_can_be_taken_back(books: Books, browser: Any) -> None:
    order = books.orders["price"]
    assert "Say why" in browser.post(act(order, "ignore"), seen(order), follow=True).content.decode()
    browser.post(act(order, "ignore"), seen(order, reason="no_order", words="an offer"))
    order.refresh_from_db()
    assert order.state == State.IGNORED
    assert order.events.latest("at").why == "not an order: an offer"
    browser.post(act(order, "reopen"))
    order.refresh_from_db()
    assert order.state != State.IGNORED


def test_an_act_that_does_not_fit_is_refused_in_words(books: Books, browser: Any) -> None:
    done = books.orders["done"]
    answer = browser.post(act(done, "ignore"), seen(done, reason="not_ours"), follow=True)
    assert "cannot be ignored" in answer.content.decode()
    assert browser.post(act(done, "delete")).status_code == 403
    assert browser.get(act(done, "retry")).status_code == 405


def test_an_order_in_spite_of_a_price(books: Books, browser: Any) -> None:
    order = books.orders["price"]
    browser.post(act(order, "order_anyway"), seen(order))
    order.refresh_from_db()
    assert Cause.NEEDS_APPROVAL in order.waived


def test_an_order_of_unknown_receiver_is_routed_by_a_reviewer(books: Books) -> None:
    order = PurchaseOrderFactory(administration=None, state=State.ATTENTION, cause=Cause.NOT_OURS)
    reviewer = office.browser(office.person(Role.REVIEWER, books.client))
    assert "For which administration" in text_of(reviewer, order)
    foreign = AdministrationFactory()
    refused = reviewer.post(act(order, "route"), seen(order, administration=foreign.pk), follow=True)
    assert "Choose one of your administrations." in refused.content.decode()
    reviewer.post(act(order, "route"), seen(order, administration=books.administration.pk))
    order.refresh_from_db()
    assert order.administration == books.administration
    bookkeeper = office.browser(office.person(Role.BOOKKEEPER))
    assert bookkeeper.get(page(order)).status_code == 404


@pytest.mark.usefixtures("english")
def test_where_an_order_goes_is_remembered_with_a_click(books: Books) -> None:
    values = {"administration": None, "state": State.ATTENTION, "cause": Cause.NOT_OURS}
    order, like = (
        PurchaseOrderFactory(**values, number=f"PO-{key}", buyer_reference="Bakkerij 7") for key in (1, 2)
    )
    reviewer = office.browser(office.person(Role.REVIEWER, books.client))
    assert 'value="buyer_reference"' in text_of(reviewer, order)
    asked = {"administration": books.administration.pk, "remember": "text"}
    refused = reviewer.post(act(order, "route"), seen(order, **asked), follow=True)
    assert "Choose what is to be remembered." in refused.content.decode()
    asked["remember"] = "buyer_reference"
    said = reviewer.post(act(order, "route"), seen(order, **asked), follow=True).content.decode()
    assert "From now on" in said
    assert RoutingRule.objects.get(made_from=order.part_id).administration == books.administration
    processing.follow_rules()
    like.refresh_from_db()
    assert like.administration == books.administration


def test_what_nobody_can_decide_is_filled_in(books: Books, browser: Any) -> None:
    order = books.orders["price"]
    assert acts.APPROVE in acts.acts_for(order)
    order.lines.update(item=uuid4(), ordered=None)
    offered = browser.get(page(order)).context["acts"]
    assert (offered[0].name, offered[0].is_main) == ("edit", True)
    assert "order_anyway" not in [one.name for one in offered]


def test_the_vendor_is_mapped_from_the_order_and_one_returns_to_it(books: Books, browser: Any) -> None:
    order = books.orders["vendor"]
    text = text_of(browser, order)
    address = reverse("admin:vendors_question_map", args=(books.question.pk,))
    assert f"{address}?back={page(order)}" in text
    assert "This document only" not in text
    answer = browser.post(f"{address}?back={page(order)}", {"supplier": str(books.relation.exact_id)})
    assert answer.headers["Location"] == page(order)
    elsewhere = browser.post(f"{address}?back=//evil.example/", {"supplier": str(books.relation.exact_id)})
    assert elsewhere.headers["Location"] == reverse("admin:vendors_question_changelist")
    books.question.refresh_from_db()
    assert books.question.supplier == books.relation.exact_id


def test_an_unknown_item_is_chosen_from_the_order(books: Books, browser: Any) -> None:
    order = books.orders["item"]
    item = ItemFactory(division=books.division, code="0815", description="Ooievaar rope")
    candidate = {
        "item": str(item.exact_id),
        "code": "0815",
        "name": "Ooievaar rope",
        "usable": True,
        "score": 80,
    }
    books.item_question.candidates = [candidate]
    books.item_question.save(update_fields=["candidates"])
    assert "description 80 % alike" in text_of(browser, order)
    wrong = seen(order, question=books.item_question.pk, named="nothing of ours")
    assert "Choose an item" in browser.post(act(order, "item"), wrong, follow=True).content.decode()
    right = seen(order, question=books.item_question.pk, item=str(item.exact_id))
    assert "From now on it is 0815" in browser.post(act(order, "item"), right, follow=True).content.decode()
    books.item_question.refresh_from_db()
    assert books.item_question.item == item.exact_id
    again = browser.post(act(order, "item"), right, follow=True).content.decode()
    assert "A colleague answered this question" in again


def test_an_item_of_another_administration_is_none(books: Books, browser: Any) -> None:
    order, foreign = books.orders["item"], ItemFactory()
    values = seen(order, question=books.item_question.pk, item=str(foreign.exact_id))
    assert "Choose an item" in browser.post(act(order, "item"), values, follow=True).content.decode()


def test_lines_are_edited_by_code_and_name_with_figures_as_people_write_them(
    books: Books, browser: Any
) -> None:
    order = books.orders["price"]
    line = order.lines.get()
    ItemFactory(division=books.division, code="0815", description="Rope - thick", is_purchase_item=True)
    for typed in ("0815 - Rope - thick", "0815", "Rope - thick"):
        values = {
            f"item-{line.pk}": typed,
            f"ordered-{line.pk}": "2,5",
            f"ordered_price-{line.pk}": "1.234,50",
            f"vat_code-{line.pk}": "4 - BTW hoog",
            f"receipt_date-{line.pk}": "2026-10-20",
        }
        order.refresh_from_db()
        browser.post(act(order, "edit"), seen(order, **values))
        line.refresh_from_db()
        assert (line.item_code, line.ordered, line.ordered_price) == (
            "0815",
            Decimal("2.5"),
            Decimal("1234.5"),
        )
        assert (line.vat_code, f"{line.receipt_date}") == ("4", "2026-10-20")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("item", "9999", "9999"),
        ("ordered", "many", "“many” is not a number."),
        ("ordered_price", "1.234", "can be read in two ways"),
        ("receipt_date", "soon", "“soon” is not a date."),
        ("vat_code", "99", "Exact has no code 99 here."),
    ],
)
def test_what_means_nothing_on_a_line_is_refused_in_words(
    field: str, typed: str, words: str, books: Books, browser: Any
) -> None:
    order = books.orders["price"]
    values = seen(order, **{f"{field}-{order.lines.get().pk}": typed})
    assert words in browser.post(act(order, "edit"), values, follow=True).content.decode()


def test_a_key_that_one_unknown_item_answers_stands_on_one(books: Books, browser: Any) -> None:
    order = books.orders["item"]
    for _ in range(2):
        question = ItemQuestionFactory(administration=books.administration)
        PurchaseOrderLineFactory(order=order, item_question=question)
    text = text_of(browser, order)
    assert text.count("New item in Exact") >= 2
    assert text.count('data-key="c"') == 1
    assert text.count('name="named" data-key="/"') == 1


def test_an_answer_shows_its_differences_and_its_order(books: Books, browser: Any) -> None:
    answer, order = books.orders["answer"], books.orders["done"]
    text = text_of(browser, answer)
    assert "Differences from the order" in text
    assert "is changed in Exact" in text
    assert page(order) in text
    assert page(answer) in text_of(browser, order)
    answer.differences[0] |= {"why": "unit", "by_hand": True}
    answer.save(update_fields=["differences"])
    assert "its unit cannot be converted" in text_of(browser, answer)


def test_the_page_says_how_an_order_ended(books: Books, browser: Any) -> None:
    text = text_of(browser, books.orders["done"])
    assert "4500001" in text
    assert "https://start.exactonline.nl/docs/PurPurchaseOrder.aspx" in text
    assert "The order as it was sent to Exact" in text


def test_files_that_came_with_an_order_stand_beside_it(books: Books, browser: Any) -> None:
    order = books.orders["price"]
    paper = PartFactory(
        receipt=order.part.receipt,
        administration=books.administration,
        outcome=PartOutcome.ATTACHMENT,
        attached_to=order.part,
        filename="drawing.pdf",
        position=2,
    )
    text = text_of(browser, order)
    assert "drawing.pdf" in text
    assert reverse("admin:intake_part_original", args=(paper.pk,)) in text


def test_a_file_inside_an_order_is_shown_too(books: Books, browser: Any) -> None:
    inside = (
        "<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="drawing.pdf">'
        f"{b64encode(PDF).decode()}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
        "</cac:AdditionalDocumentReference><cac:BuyerCustomerParty>"
    )
    content = SAMPLE.read_bytes().replace(b"<cac:BuyerCustomerParty>", inside.encode(), 1)
    part = PartFactory(
        administration=books.administration,
        original=OriginalFactory(data=content),
        outcome=PartOutcome.DOCUMENT,
        kind=PartKind.ORDER,
        format=Format.ORDER,
        filename="order.xml",
    )
    order = PurchaseOrderFactory(administration=books.administration, part=part, state=State.PROPOSED)
    address = reverse("admin:intake_part_attachment", args=(part.pk, 1))
    assert address in text_of(browser, order)
    assert browser.get(address).content == PDF
    part.original = OriginalFactory(data=b"<Order>")
    part.save(update_fields=["original"])
    assert address not in text_of(browser, order)
    assert browser.get(address).status_code == 404


def test_an_original_that_the_storage_lost_hides_nothing_else(books: Books, browser: Any) -> None:
    order = books.orders["proposed"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Original, "content", lost)
        assert "Ooievaar line" in text_of(browser, order)


def lost(_original: Original) -> bytes:
    raise FileNotFoundError


def test_what_was_changed_in_exact_is_told_with_what_it_was(books: Books, browser: Any) -> None:
    order = books.orders["done"]
    PurchaseOrder.objects.filter(pk=order.pk).update(
        noticed=[{"field": "quantity", "line": "1", "ordered": "8", "confirmed": "5"}],
        noticed_at="2026-10-01T12:00Z",
    )
    text = text_of(browser, order)
    assert "Changed in Exact since" in text
    assert "line 1: quantity 8 → 5" in text


def test_every_button_of_the_page_does_something() -> None:
    buttons = [one for one in vars(acts).values() if isinstance(one, acts.Act)]
    assert buttons
    for one in buttons:
        assert (
            one.leads or one.opens in {"edit", "map", "items", "route", "ignore", "undo"} or one.name in VERBS
        )


def test_a_wrong_order_on_pilot_is_put_aside_and_moved(books: Books, browser: Any) -> None:
    order = books.orders["proposed"]
    there = AdministrationFactory(client=books.client)
    for verb, values in (("route", {"administration": there.pk}), ("ignore", {"reason": "no_order"})):
        PurchaseOrder.objects.filter(pk=order.pk).update(
            state=State.READY, waits_for=WaitsFor.PILOT, cause=""
        )
        order.refresh_from_db()
        assert act(order, verb) in text_of(browser, order)
        browser.post(act(order, verb), seen(order, **values))
        order.refresh_from_db()
        assert not (order.state == State.READY and order.waits_for == WaitsFor.PILOT)
    assert (order.state, order.administration) == (State.IGNORED, there)
