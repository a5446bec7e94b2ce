"""Orders that a person fills in, beside a file or without one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.clients.models import Administration, Package
from apps.core import clock
from apps.core.causes import Cause
from apps.core.transitions import Changed
from apps.intake import order_reading
from apps.intake.detection import Format
from apps.intake.document import Party
from apps.intake.models import Channel, Part, PartKind, PartOutcome, Receipt
from apps.intake.order import OrderDocument, OrderKind, OrderLine
from apps.orders import receiving
from apps.orders.models import Kind, PurchaseOrder, State
from apps.orders.refused import Refused
from apps.orders.typing import KnownAlready, fill_in, type_in
from apps.people.models import User
from apps.posting.models import PostingState
from tests.bells import calls, rung
from tests.exact.factories import RelationFactory
from tests.intake import scanners
from tests.intake.pdf.test_examining import page, written
from tests.orders.conftest import read_in, received
from tests.orders.documents import ORDER, THEIR_KVK
from tests.orders.test_pairing import posted
from tests.people.factories import UserFactory
from tests.posting.factories import PostingFactory

pytestmark = pytest.mark.django_db
PDF = written(page("Inkooporder 4711"))
LINE = OrderLine(1, "1", "Touw", seller_item="T-1", quantity=Decimal(8), price=Decimal("12.50"), unit="C62")
TYPED = OrderDocument(
    kind=OrderKind.ORDER,
    format=Format.ORDER_SHEET,
    number="4711",
    issue_date=date(2026, 9, 15),
    currency="EUR",
    seller=Party(name="Anker en Touw"),
    lines=(LINE,),
)


@pytest.fixture
def anna(db: None) -> User:
    made: User = UserFactory()
    return made


def again(order: PurchaseOrder) -> PurchaseOrder:
    return PurchaseOrder.objects.select_related("administration").get(pk=order.pk)


@pytest.fixture
def unread(buyer: Administration) -> PurchaseOrder:
    """An order as a PDF, for `buyer`."""
    return again(received(PDF, name="order.pdf", form="", administration=buyer))


def test_an_order_without_a_file_has_the_written_template_as_its_original(
    buyer: Administration, anna: User
) -> None:
    order = type_in(buyer, TYPED, by=anna)
    assert (order.typed, order.touched, order.administration) == (True, True, buyer)
    assert order.cause == Cause.VENDOR_UNKNOWN  # it was coded at once: no division is linked
    part = Part.objects.get()
    assert (part.outcome, part.kind, part.receipt.channel) == (
        PartOutcome.DOCUMENT,
        PartKind.ORDER,
        Channel.UPLOAD,
    )
    assert part.filename.endswith("4711.csv")
    assert order_reading.read(part.original.content()).lines[0].quantity == Decimal(8)
    assert order.events.order_by("pk").values_list("who", flat=True)[0] == str(anna)


def test_a_file_beside_it_is_its_original(buyer: Administration, anna: User) -> None:
    order = type_in(buyer, TYPED, by=anna, original=PDF, filename="scan.pdf")
    assert order.part.original.content() == PDF
    assert order.part.filename == "scan.pdf"
    assert read_in(PDF, name="weer.pdf", form="", administration=buyer).order == order


def test_a_supplier_that_was_chosen_gives_its_numbers(buyer: Administration, anna: User) -> None:
    relation = RelationFactory(code="10023", name="Anker B.V.", chamber_of_commerce=THEIR_KVK)
    order = type_in(buyer, TYPED, by=anna, supplier=relation)
    assert (order.vendor_name, order.vendor["code"]) == ("Anker B.V.", "10023")
    assert f"kvk {THEIR_KVK}" in order.vendor["keys"]


def test_a_second_press_is_the_same_order(buyer: Administration, anna: User) -> None:
    one, other = (type_in(buyer, TYPED, by=anna, mark="m") for _press in range(2))
    assert one == other
    assert PurchaseOrder.objects.count() == Receipt.objects.count() == 1


def test_what_is_here_already_is_refused_and_nothing_is_kept(buyer: Administration, anna: User) -> None:
    first = type_in(buyer, TYPED, by=anna)
    with pytest.raises(KnownAlready) as refusal:
        type_in(buyer, TYPED, by=anna)
    assert refusal.value.order == first
    assert Receipt.objects.count() == 1
    other = replace(TYPED, lines=(replace(LINE, quantity=Decimal(9)),))
    assert type_in(buyer, other, by=anna).double_of == first


def test_where_no_orders_are_taken_none_is_typed_in(buyer: Administration, anna: User) -> None:
    Administration.objects.filter(pk=buyer.pk).update(package=Package.ACCEPT)
    buyer.refresh_from_db()
    with pytest.raises(Refused):
        type_in(buyer, TYPED, by=anna)


def test_a_file_beside_it_waits_for_the_scanner(buyer: Administration, anna: User, settings: Any) -> None:
    with scanners.answering(None) as address:
        settings.CLAMAV_ADDRESS = address
        order = type_in(buyer, TYPED, by=anna, original=PDF, filename="scan.pdf")
        alone = type_in(buyer, replace(TYPED, number="2"), by=anna)
    assert (order.state, alone.state) == (State.RECEIVED, State.ATTENTION)
    beside, made = (calls("parts_kept", one.part.receipt_id) for one in (order, alone))
    assert rung() == [*beside, *calls("orders_found"), *made]


def test_a_worker_that_is_as_fast_does_not_make_two(
    buyer: Administration, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "store", lambda *_args, **_how: None)
    with pytest.raises(Changed):
        type_in(buyer, TYPED, by=anna)
    assert not Receipt.objects.exists()


def test_a_person_says_what_a_file_orders(unread: PurchaseOrder, anna: User) -> None:
    fill_in(unread, TYPED, by=anna, version=unread.version)
    order = again(unread)
    assert (order.typed, order.number, order.line_count, order.format) == (True, "4711", 1, "pdf")
    assert (order.state, order.cause) == (State.ATTENTION, Cause.VENDOR_UNKNOWN)
    assert order.vendor_name == "Anker en Touw"
    assert str(anna) in order.events.values_list("who", flat=True)
    fill_in(order, replace(TYPED, lines=(LINE, replace(LINE, number="2"))), by=anna, version=order.version)
    assert again(order).lines.count() == 2


def test_a_double_of_what_was_filled_in_shows_as_a_possible_one(unread: PurchaseOrder, anna: User) -> None:
    assert unread.administration
    first = type_in(unread.administration, TYPED, by=anna)
    fill_in(unread, TYPED, by=anna, version=unread.version)
    assert again(unread).double_of == first


def test_another_version_of_what_is_in_exact_becomes_a_change(unread: PurchaseOrder, anna: User) -> None:
    assert unread.administration
    first = posted(type_in(unread.administration, TYPED, by=anna))
    other = replace(TYPED, lines=(replace(LINE, quantity=Decimal(9)),))
    fill_in(unread, other, by=anna, version=unread.version)
    order = again(unread)
    assert (order.kind, order.about) == (Kind.CHANGE, first)


def test_only_what_waits_and_was_not_read_is_filled_in(
    unread: PurchaseOrder, buyer: Administration, anna: User
) -> None:
    with pytest.raises(Changed):
        fill_in(unread, TYPED, by=anna, version=unread.version + 1)
    read = again(received(ORDER))
    with pytest.raises(Refused):
        fill_in(read, TYPED, by=anna, version=read.version)
    sent = posted(unread)
    with pytest.raises(Refused):
        fill_in(again(sent), TYPED, by=anna, version=sent.version)


def test_what_exact_may_have_is_not_filled_in_anew(unread: PurchaseOrder, anna: User) -> None:
    unread.posting = PostingFactory(
        state=PostingState.REFUSED, cause=Cause.OUTCOME_UNCERTAIN, finished_at=clock.now()
    )
    unread.save(update_fields=["posting"])
    with pytest.raises(Refused):
        fill_in(unread, TYPED, by=anna, version=unread.version)
