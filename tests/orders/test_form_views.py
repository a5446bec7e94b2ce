"""An order that a person fills in: alone, and beside a file that nobody can read."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from apps.core.causes import Cause
from apps.orders.line_form import ROWS, LineForm
from apps.orders.models import PurchaseOrder, State
from apps.people.models import Role
from tests import office
from tests.exact.factories import RelationFactory
from tests.orders.buying import Buying, make_buying
from tests.orders.factories import PurchaseOrderFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEW, CHANGE = "/orders/purchaseorder/new/", "admin:orders_purchaseorder_change"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def buying() -> Buying:
    return make_buying()


@pytest.fixture
def browser(buying: Buying) -> Browser:
    return office.browser(office.person(Role.BOOKKEEPER, buying.administration.client))


def filled_in(buying: Buying, *lines: dict[str, str], **values: Any) -> dict[str, Any]:
    """Return what the form sends: a head, and one row for each of `lines`; the others stay empty."""
    sent = {
        "administration": buying.administration.pk,
        "supplier": buying.supplier.code,
        "number": "PO-77",
        "order_date": "2026-10-01",
        "receipt_date": "15-10-2026",
        "currency": "eur",
        "rate": "21",
        "lines-TOTAL_FORMS": str(ROWS),
        "lines-INITIAL_FORMS": "0",
        **values,
    }
    for number, line in enumerate(
        lines or ({"seller_item": "T-12", "quantity": "2", "unit": "BX", "price": "150"},)
    ):
        sent |= {f"lines-{number}-{name}": text for name, text in line.items()}
    return sent


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_order_by_hand_is_matched_and_coded_at_once(buying: Buying, browser: Browser) -> None:
    answer = browser.post(NEW, filled_in(buying))
    order = PurchaseOrder.objects.get()
    assert answer.headers["Location"] == reverse("admin:orders_purchaseorder_change", args=(order.pk,))
    assert (order.typed, order.number, order.order_date) == (True, "PO-77", date(2026, 10, 1))
    assert (order.receipt_date, order.currency) == (date(2026, 10, 15), "EUR")
    assert order.supplier == buying.supplier.exact_id
    line = order.lines.get()
    assert (line.item, line.quantity, line.price) == (buying.item.exact_id, Decimal(2), Decimal(150))
    assert order.state == State.PROPOSED


def test_our_own_item_code_is_taken_with_its_name(buying: Buying, browser: Browser) -> None:
    item = f"{buying.item.code} - {buying.item.description}"
    browser.post(NEW, filled_in(buying, {"item": item, "quantity": "2", "unit": "BX", "price": "150,00"}))
    line = PurchaseOrder.objects.get().lines.get()
    assert (line.buyer_item, line.description) == (buying.item.code, buying.item.description)
    assert line.item == buying.item.exact_id


def test_the_vat_of_the_order_holds_for_lines_that_say_none(buying: Buying, browser: Browser) -> None:
    line = {"seller_item": "T-12", "quantity": "1", "unit": "BX", "price": "150"}
    browser.post(NEW, filled_in(buying, line, {**line, "rate": "9 %"}))
    rates = PurchaseOrder.objects.get().lines.order_by("position").values_list("rate", flat=True)
    assert [f"{rate:.0f}" for rate in rates] == ["21", "9"]
    assert "not a percentage" in text_of(browser.post(NEW, filled_in(buying, number="PO-78", rate="210")))


def test_a_second_press_of_the_button_is_the_same_order(buying: Buying, browser: Browser) -> None:
    sent = filled_in(buying, mark="0" * 32)
    browser.post(NEW, sent)
    browser.post(NEW, sent)
    assert PurchaseOrder.objects.count() == 1


def test_a_form_that_was_gone_back_to_and_filled_in_anew_is_another_order(
    buying: Buying, browser: Browser
) -> None:
    for number in ("PO-77", "PO-78"):
        browser.post(NEW, filled_in(buying, mark="0" * 32, number=number))
    assert set(PurchaseOrder.objects.values_list("number", flat=True)) == {"PO-77", "PO-78"}


def test_hundreds_of_lines_are_taken_at_once(buying: Buying, browser: Browser) -> None:
    line = dict.fromkeys(LineForm.base_fields, "") | {"quantity": "2", "unit": "BX", "price": "150"}
    lines = [line | {"seller_item": "T-12", "description": f"rope {number}"} for number in range(200)]
    answer = browser.post(NEW, filled_in(buying, *lines, **{"lines-TOTAL_FORMS": "200"}))
    assert (answer.status_code, PurchaseOrder.objects.get().line_count) == (302, 200)


def test_figures_that_no_column_holds_are_told_and_harm_nothing(buying: Buying, browser: Browser) -> None:
    line = {"seller_item": "T-12", "quantity": "999999999999", "unit": "PCE", "price": "99999999999"}
    assert browser.post(NEW, filled_in(buying, line)).status_code == 302
    order = PurchaseOrder.objects.get()
    assert (order.state, order.cause, order.net) == (State.ATTENTION, Cause.NEEDS_APPROVAL, None)
    assert "larger than can be ordered" in order.detail
    assert "99999999998900000000001" in text_of(browser.get(reverse(CHANGE, args=(order.pk,))))


def test_the_same_order_once_more_is_refused_in_words(buying: Buying, browser: Browser) -> None:
    browser.post(NEW, filled_in(buying))
    assert "This order is here already" in text_of(browser.post(NEW, filled_in(buying)))


def test_a_file_that_shows_the_order_is_its_original(buying: Buying, browser: Browser) -> None:
    browser.post(NEW, filled_in(buying, original=SimpleUploadedFile("bon.pdf", PDF)))
    assert PurchaseOrder.objects.get().part.original.content() == PDF
    wrong = filled_in(buying, original=SimpleUploadedFile("bon.txt", b"two boxes"))
    assert "This is no PDF and no picture." in text_of(browser.post(NEW, wrong))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"quantity": "two", "seller_item": "T-12"}, "“two” is not a number."),
        ({"quantity": "1.234", "seller_item": "T-12"}, "can be read in two ways"),
        ({"quantity": "0", "seller_item": "T-12"}, "more than nothing"),
        ({"seller_item": "T-12"}, "Fill in how many."),
        ({"quantity": "2"}, "Say which item"),
        ({"quantity": "2", "item": "no such"}, "Exact has no item “no such” here"),
        ({"quantity": "2", "seller_item": "T", "discount": "120"}, "not a percentage from 0 to 100"),
        ({"quantity": "2", "seller_item": "T", "receipt_date": "soon"}, "“soon” is not a date."),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_its_number(
    line: dict[str, str], words: str, buying: Buying, browser: Browser
) -> None:
    right = {"seller_item": "T-12", "quantity": "2"}
    text = text_of(browser.post(NEW, filled_in(buying, right, line)))
    assert 'href="#row-2"' in text
    assert 'href="#row-1"' not in text
    assert words in text
    assert not PurchaseOrder.objects.exists()


def test_an_order_of_nothing_and_of_nobody_is_refused(buying: Buying, browser: Browser) -> None:
    RelationFactory(division=buying.division, code="9001", name="Twin")
    RelationFactory(division=buying.division, code="9002", name="Twin")
    text = text_of(browser.post(NEW, filled_in(buying, {}, supplier="Twin", number="")))
    assert "Fill in at least one line." in text
    assert "Which one? Type the code: 9001 Twin; 9002 Twin." in text
    nobody = filled_in(buying, supplier="Nobody at all")
    assert "No supplier of this administration fits" in text_of(browser.post(NEW, nobody))


def test_without_scripts_more_rows_come_at_a_press_and_nothing_is_lost(
    buying: Buying, browser: Browser
) -> None:
    answer = browser.post(NEW, filled_in(buying, more="1"))
    assert len(answer.context["lines"].forms) == 2 * ROWS
    assert 'value="T-12"' in text_of(answer)
    assert "Not stored yet" not in text_of(answer)
    assert not PurchaseOrder.objects.exists()


def test_suggestions_are_of_the_chosen_administration_alone(buying: Buying, browser: Browser) -> None:
    RelationFactory(name="Anker elsewhere")
    query = {"administration": str(buying.administration.pk)}
    found = text_of(
        browser.get("/orders/purchaseorder/suppliers/", {**query, "supplier": buying.supplier.name[:4]})
    )
    assert f"{buying.supplier.code} - {buying.supplier.name}" in found
    assert "elsewhere" not in found
    items = text_of(
        browser.get("/orders/purchaseorder/items/", {**query, "lines-0-item": buying.item.code[:2]})
    )
    assert f"{buying.item.code} - {buying.item.description}" in items
    assert not text_of(
        browser.get("/orders/purchaseorder/items/", {"administration": "", "item-3": "T"})
    ).strip()
    foreign = {"administration": str(RelationFactory().division.administration_id), "item-3": "T"}
    assert browser.get("/orders/purchaseorder/items/", foreign).status_code == 404
    assert not text_of(browser.get("/orders/purchaseorder/items/", {**query, "item-3": ""})).strip()


def test_what_nobody_can_read_is_filled_in_beside_it(buying: Buying, browser: Browser) -> None:
    order = PurchaseOrderFactory(
        administration=buying.administration,
        state=State.ATTENTION,
        cause=Cause.UNREADABLE,
        number="",
        number_key="",
        double_key=None,
        net=None,
    )
    page = reverse("admin:orders_purchaseorder_change", args=(order.pk,))
    address = reverse("admin:orders_purchaseorder_fill_in", args=(order.pk,))
    assert address in text_of(browser.get(page))
    assert browser.get(address).status_code == 200
    stale = browser.post(address, filled_in(buying, version=order.version + 1))
    assert "changed since you opened it" in text_of(stale)
    assert browser.post(address, filled_in(buying, version=order.version)).headers["Location"] == page
    order.refresh_from_db()
    assert (order.typed, order.number, order.lines.count()) == (True, "PO-77", 1)
    assert order.state == State.PROPOSED
    again = browser.get(address)
    assert 'value="T-12"' in text_of(again)
    assert again.context["form"]["supplier"].value() == buying.supplier.code


def test_what_was_filled_in_stands_there_when_it_is_filled_in_again(buying: Buying, browser: Browser) -> None:
    line = {"seller_item": "T-12", "quantity": "2", "unit": "BX", "price": "150", "project": "Dak 4"}
    browser.post(NEW, filled_in(buying, line, rate="", note="Bel voor het lossen"))
    order = PurchaseOrder.objects.get()
    assert (order.note, order.lines.get().project_text) == ("Bel voor het lossen", "Dak 4")
    form = browser.get(reverse("admin:orders_purchaseorder_fill_in", args=(order.pk,)))
    assert form.context["form"]["note"].value() == "Bel voor het lossen"
    assert form.context["form"]["rate"].value() == ""  # the lines said no VAT on purpose
    assert form.context["lines"].forms[0]["project"].value() == "Dak 4"


def test_without_an_administration_that_is_chosen_first(buying: Buying) -> None:
    reviewer = office.browser(office.person(Role.REVIEWER, buying.administration.client))
    order = PurchaseOrderFactory(administration=None, state=State.ATTENTION, cause=Cause.NOT_OURS)
    address = reverse("admin:orders_purchaseorder_fill_in", args=(order.pk,))
    assert "Choose the administration of this document first." in text_of(reviewer.get(address, follow=True))


def test_a_partner_fills_in_nothing(buying: Buying) -> None:
    partner = office.browser(office.person(Role.PARTNER, buying.administration.client))
    assert partner.get(NEW).status_code == 403
    assert NEW not in text_of(partner.get("/orders/purchaseorder/"))


def test_a_barcode_says_which_item_and_is_checked(buying: Buying, browser: Browser) -> None:
    line = {"gtin": "8711 2530 01202", "quantity": "2", "unit": "BX", "price": "150"}
    wrong = text_of(browser.post(NEW, filled_in(buying, {**line, "gtin": "87-11"})))
    assert "A barcode has 8 to 14 figures" in wrong
    browser.post(NEW, filled_in(buying, line))
    assert PurchaseOrder.objects.get().lines.get().gtin == "8711253001202"
